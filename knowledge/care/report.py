"""The report to the owners of the content: per role what asks for care, and what begins and ends in the coming months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from knowledge.care.calendar import SOON, ends, long_date, reviews, starting
from knowledge.care.depth import matrix
from knowledge.care.material import Finding, Kind, Material, owner_of
from knowledge.mistakes import Problem

MOST_NAMES = 3  # That end on one day; more are counted.
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class RoleReport:
    """What one role has to do: findings by kind, the heaviest first, and what it must go through again soon."""

    role: str
    findings: Mapping[Kind, Sequence[Finding]]
    soon: Sequence[str]


@dataclass(frozen=True, slots=True)
class CareReport:
    """All roles that have something to do, and what concerns everybody."""

    day: date
    errors: Sequence[Problem]
    roles: Sequence[RoleReport]
    holes: Sequence[str]
    ends: Sequence[str]
    starts: Sequence[str]


def report(material: Material, errors: Sequence[Problem], findings: Sequence[Finding]) -> CareReport:
    """Put what was found with its owners; a role with nothing to do is left out."""
    known = material.knowledge
    names = {word: role.name for role in known.roles.values() for word in (role.id, role.name)}
    by_role: dict[str, dict[Kind, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in sorted(findings, key=lambda one: (-one.weight, one.problem)):
        by_role[names.get(finding.owner, finding.owner)][finding.kind].append(finding)
    soon: dict[str, list[str]] = defaultdict(list)
    for review in sorted(reviews(material), key=lambda review: (review.on, review.name)):
        if material.today <= review.on <= material.today + SOON:
            owner = owner_of(material.contents, review.name, review.path)
            place = material.contents.documents[review.name]
            line = f"{place.file}:{place.line(review.path)}: nakijken voor {long_date(review.on)}"
            soon[names.get(owner, owner)].append(line)
    return CareReport(
        day=material.today,
        errors=tuple(errors),
        roles=tuple(
            RoleReport(role, {kind: by_role[role][kind] for kind in KINDS if by_role[role][kind]}, soon[role])
            for role in sorted({*by_role, *soon})
        ),
        holes=_holes(material),
        ends=_ends(material),
        starts=[
            f"{law.name}, vanaf {long_date(law.valid_from)}: {law.meaning}" for law in starting(material)
        ],
    )


def _holes(material: Material) -> list[str]:
    known = material.knowledge
    return [
        f"{known.categories[cell.category].name}: geen criterium voor {known.themes[cell.theme].short.lower()} op niveau {level}"
        for cell in matrix(known)
        for level in cell.holes
    ]


def _ends(material: Material) -> list[str]:
    """The days after today on which something ends that nothing follows, the first one first."""
    coming: dict[date, list[str]] = defaultdict(list)
    for end in ends(material):
        if end.on >= material.today:
            coming[end.on].append(end.what)
    return [f"{long_date(on)}: {_some(list(dict.fromkeys(what)))}" for on, what in sorted(coming.items())]


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" en nog {more}" if more > 0 else "")


def first_working_day(day: date) -> date:
    """The first working day of the month of a day. Of the holidays only New Year's Day always falls there; when another
    one does, the report waits in the channel until people are back."""
    first = day.replace(day=2 if day.month == 1 else 1)
    return first + timedelta(days=max(0, 7 - first.weekday()) if first.weekday() > 4 else 0)
