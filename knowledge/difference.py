"""What is different between two versions of the knowledge, in plain Dutch, item by item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from knowledge.edition import Edition
from knowledge.items import LIMIT, QUESTION, Item, items
from knowledge.loading import CPV
from knowledge.showing import called, said

OWN_KEYS = ("id", "soort", "vorm", "thema", "post", "label", "geldig_van", "code", "soorten")
"""By which an inner item is the same one in both versions, the first of these that it has."""
KEPT_IN_ANSWERS = frozenset({"Criterium", "Productgroep", "Categorie", "Contractvorm", "Reden", "Thema"})
MAIN_TEXTS = ("tekst", "label", "vraag", "wanneer", "waarom", "naam")
"""Which of the texts of a block says best what it is, the first of these that it has."""


@dataclass(frozen=True, slots=True)
class Change:
    """One item that is new, gone or changed, where it stands, and what is different about it, line by line."""

    what: Literal["nieuw", "weg", "gewijzigd"]
    item: Item
    lines: tuple[str, ...] = ()


def difference(before: Edition, after: Edition) -> list[Change]:
    """Every item that is not the same in both, in the order of the files; what is gone comes last."""
    pairs = list(_pairs(items(before, after), items(after, before)))
    changes = [
        Change("gewijzigd", new, tuple(_lines(new, old.value, new.value)))
        for old, new in pairs
        if old and new and old.value != new.value
    ]
    changes += [Change("nieuw", new, tuple(_summary(new))) for old, new in pairs if new and not old]
    changes += [Change("weg", old) for old, new in pairs if old and not new]
    changes += _of_cpv(before, after)
    return changes


def broken_promises(changes: Sequence[Change]) -> Iterator[str]:
    """What a change takes away that answers of people may hold: a key is a promise."""
    new = [change.item for change in changes if change.what == "nieuw"]
    for change in changes:
        old = change.item
        if change.what == "weg" and (old.kind in KEPT_IN_ANSWERS or old.kind == QUESTION):
            same = next((item for item in new if item.kind == old.kind and _alike(item, old)), None)
            renamed = (
                f" Het lijkt hernoemd tot {same.id}: een sleutel hernoemen kan niet zomaar." if same else ""
            )
            yield f"{old.title} is weg. Wie dit al antwoordde, krijgt de vraag opnieuw.{renamed}"
        if change.what == "gewijzigd" and old.kind == QUESTION:
            yield from (
                f"{old.title}: {line.removeprefix('opties: ')}. Wie dit al antwoordde, krijgt de vraag opnieuw."
                for line in change.lines
                if line.startswith("opties: weg")
            )


def left_behind(before: Edition, after: Edition) -> Iterator[str]:
    """Texts that still name the old amount of a limit that changed, and so say something that is no longer true."""
    amounts: list[dict[str, set[str]]] = []
    for side in (items(before, after), items(after, before)):
        amounts.append({})
        for item in side:
            if item.kind == LIMIT:
                amounts[-1].setdefault(item.id, set()).add(said(item.value.get("bedrag"), "bedrag"))
    old = {
        amount: limit
        for limit, known in amounts[0].items()
        if amounts[1].get(limit, known) - known
        for amount in known
    }
    found = items(after) if old else []
    for amount, limit in old.items():
        whole = re.compile(rf"{re.escape(amount)}(?![\d.,]*\d)")
        places = [f"{item.file}:{item.first_line}" for item in found if whole.search(repr(item.value))]
        if places:
            yield f"Deze teksten noemen nog {amount} (grens {limit}): {', '.join(places)}."


def _pairs(before: list[Item], after: list[Item]) -> Iterator[tuple[Item | None, Item | None]]:
    """Every item of one version with the same one of the other. A limit has an item for each period: first those that
    begin on the same day belong together, then the rest in order."""
    groups: dict[tuple[str, str], tuple[list[Item], list[Item]]] = {}
    for side, found in enumerate((before, after)):
        for item in found:
            groups.setdefault((item.kind, item.id), ([], []))[side].append(item)
    for old, new in groups.values():
        rest = list(new)
        alone = []
        for item in old:
            same = next((one for one in rest if _begins(one) == _begins(item)), None)
            if same:
                rest.remove(same)
                yield item, same
            else:
                alone.append(item)
        for place in range(max(len(alone), len(rest))):
            yield (
                alone[place] if place < len(alone) else None,
                rest[place] if place < len(rest) else None,
            )


def _begins(item: Item) -> Any:
    return item.value.get("geldig_van") if isinstance(item.value, Mapping) else None


def _alike(one: Item, other: Item) -> bool:
    """Whether two items say the same under another name."""
    if not (isinstance(one.value, Mapping) and isinstance(other.value, Mapping)):
        return False
    own = [{key: value for key, value in item.value.items() if key != "id"} for item in (one, other)]
    return own[0] == own[1] or (bool(one.name) and one.name == other.name)


def _summary(item: Item) -> Iterator[str]:
    """What a new item says: the first things about it."""
    if not isinstance(item.value, Mapping):
        yield said(item.value)
    elif item.kind == LIMIT:
        yield f"{said(item.value.get('bedrag'), 'bedrag')}, {_holds_for(item.value)}"
    else:
        for key in ("thema", "niveau", "tekst", "vraag", "naam"):
            if key in item.value and item.value[key] != item.id:
                yield f"{called(key).lower()}: {said(item.value[key])}"


def _lines(item: Item, before: Any, after: Any) -> Iterator[str]:
    yield from _between(before, after, "")
    if item.kind == LIMIT:
        yield _holds_for(after)


def _holds_for(limit: Mapping[str, Any]) -> str:
    first, last = limit.get("geldig_van"), limit.get("geldig_tot")
    period = "zonder einde" if last is None else f"tot en met {said(last)}"
    since = "" if first is None else f"vanaf {said(first)}, "
    return f"geldt voor {said(limit.get('soorten', ()))}, {since}{period}"


def _between(before: Any, after: Any, where: str) -> Iterator[str]:
    """Say what is different between two values that stand in the same place."""
    prefix = f"{where}: " if where else ""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            inner = f"{where}, {key}" if where else key
            if key in before and key in after:
                yield from _between(before[key], after[key], inner)
            elif key in after:
                yield f"{prefix}erbij {key}: {_brief(after[key], key)}"
            else:
                yield f"{prefix}weg {key}: {_brief(before[key], key)}"
    elif isinstance(before, tuple) and isinstance(after, tuple):
        yield from _between_lists(before, after, where)
    else:
        key = where.rpartition(", ")[2]
        quote = "“{}”" if isinstance(before, str) and isinstance(after, str) else "{}"
        yield f"{prefix}{quote.format(said(before, key))} → {quote.format(said(after, key))}"


def _between_lists(before: tuple[Any, ...], after: tuple[Any, ...], where: str) -> Iterator[str]:
    old, new = ({_own(one): one for one in side} for side in (before, after))
    come = [_named(own, new[own]) for own in new if own not in old]
    gone = [_named(own, old[own]) for own in old if own not in new]
    if come:
        yield f"{where}: erbij {', '.join(come)}"
    if gone:
        yield f"{where}: weg {', '.join(gone)}"
    for own in new:
        if own in old:
            yield from _between(old[own], new[own], f"{where}, {own}")
    if not come and not gone and list(old) != list(new):
        yield f"{where}: andere volgorde, nu {', '.join(map(str, new))}"


def _own(one: Any) -> str:
    if isinstance(one, Mapping):
        return next((said(one[key]) for key in OWN_KEYS if key in one), said(one))
    return said(one)


def _named(own: str, one: Any) -> str:
    """An inner item by what it is called, and what it says."""
    brief = _brief(one)
    return own if brief == own else f"{own} ({brief})"


def _brief(value: Any, key: str = "") -> str:
    """What a value says, of a block only its main text."""
    if not isinstance(value, Mapping):
        return said(value, key)
    return next((f"“{value[name]}”" for name in MAIN_TEXTS if name in value), said(value))


def _of_cpv(before: Edition, after: Edition) -> Iterator[Change]:
    old, new = (set(edition.files.get(CPV, b"").splitlines()) for edition in (before, after))
    if old != new:
        line = f"regels erbij of anders: {len(new - old)}, weg of anders: {len(old - new)}"
        yield Change("gewijzigd", Item("Lijst", CPV, "", CPV, 1, 1, None), (line,))
