"""What gets old: reviews that are due, and periods of limits, phases, ambitions and laws that end without a successor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from babel.dates import format_date

from knowledge.agreements import FILE as AGREEMENTS
from knowledge.care.material import Finding, Material, Path
from knowledge.crossing import criteria
from knowledge.laws import Law
from knowledge.model import Dated, WrittenGroup
from knowledge.policy import Ambition

SOON = timedelta(days=60)
ENDS_SOON = timedelta(days=183)

long_date = partial(format_date, format="d MMMM y", locale="nl")


@dataclass(frozen=True, slots=True)
class Review:
    """The day on which something must be gone through again."""

    name: str
    path: Path
    on: date


@dataclass(frozen=True, slots=True)
class End:
    """The last day of something that nothing follows, or that something follows only on a later day."""

    name: str
    path: Path
    what: str
    on: date
    next_from: date | None = None


def reviews(material: Material) -> Iterator[Review]:
    """Give every day of review: of product groups, themes, laws and agreements, and of criteria with a day of their own."""
    values = material.contents.values
    for name, value in values.items():
        if isinstance(value, WrittenGroup):
            yield Review(name, ("herzien_op",), value.review_on)
    for name in ("themas.yaml", "wetten.yaml", AGREEMENTS):
        for row, item in enumerate(values.get(name, ())):
            yield Review(name, (row, "herzien_op"), item.review_on)
    for name, path, criterion in criteria(values):
        if criterion.review_on:
            yield Review(name, (*path, "herzien_op"), criterion.review_on)


def due_reviews(material: Material, within: timedelta = timedelta(0)) -> Iterator[Review]:
    """Give the reviews whose day has passed, or comes within some time."""
    limit = material.today + within
    yield from (review for review in reviews(material) if review.on < limit)


def overdue(material: Material) -> Iterator[Finding]:
    """Say which reviews are late; since when weighs."""
    for review in due_reviews(material):
        late = (material.today - review.on).days
        message = f"nakijken had gemoeten op {long_date(review.on)}. Loop het na en zet een nieuwe datum bij herzien_op."
        yield material.finding("herziening", review.name, review.path, message, 1 + late / 365)


def ends(material: Material) -> Iterator[End]:
    """Give everything that ends, or has ended, without a successor that takes over the next day."""
    values = material.contents.values
    limits, ambitions = values["grenzen.yaml"], values["ambities.yaml"].ambitions
    themes = material.knowledge.themes

    def ambition(item: Ambition) -> str:
        whose = f" van {item.team}" if item.team else ""
        return f"de ambitie voor {themes[item.theme].short.lower()}{whose}"

    kinds: tuple[tuple[str, Path, Sequence[Dated], Callable[[Any], str]], ...] = (
        ("grenzen.yaml", ("grenzen",), limits.limits, lambda limit: f"'{limit.name}'"),
        (
            "grenzen.yaml",
            ("social_return",),
            limits.social_return,
            lambda rule: "de regel voor social return",
        ),
        ("fasen.yaml", (), values["fasen.yaml"], lambda phase: "de fase"),
        ("ambities.yaml", ("ambities",), ambitions, ambition),
    )
    for name, path, items, what in kinds:
        for place, item in enumerate(items):
            after = [other for other in items if what(other) == what(item)]
            yield from _end(name, (*path, place), what(item), item, after)
    laws: Sequence[Law] = values["wetten.yaml"]
    for place, law in enumerate(laws):
        after = [other for other in laws if other.replaces == law.id]
        yield from _end("wetten.yaml", (place,), f"'{law.name}'", law, after)


def _end(name: str, path: Path, what: str, item: Dated, others: Sequence[Dated]) -> Iterator[End]:
    if item.valid_to is None:
        return
    starts = [other.valid_from or date.min for other in others if other is not item]
    later = [start for start in starts if start > item.valid_to]
    gap = min(later, default=None)
    if gap != item.valid_to + timedelta(days=1):
        yield End(name, path, what, item.valid_to, gap)


def ending(material: Material) -> Iterator[Finding]:
    """Say what has ended or ends within half a year, and has no successor."""
    for end in ends(material):
        if end.on > material.today + ENDS_SOON:
            continue
        verb = "gold" if end.on < material.today else "geldt"
        said = f"{end.what} {verb} tot en met {long_date(end.on)}"
        if end.next_from:
            message = f"{said} en de opvolger pas vanaf {long_date(end.next_from)}. Sluit de periodes op elkaar aan."
        else:
            message = f"{said}, en een opvolger is er niet. Zet de nieuwe periode erbij, of haal het weg."
        yield material.finding("einddatum", end.name, (*end.path, "geldig_tot"), message, 2.0)


def starting(material: Material, within: timedelta = ENDS_SOON) -> list[Law]:
    """List the laws that come into force within some time, the first one first."""
    until = material.today + within
    laws = [
        law for law in material.knowledge.laws if law.valid_from and material.today < law.valid_from <= until
    ]
    return sorted(laws, key=lambda law: law.valid_from or until)
