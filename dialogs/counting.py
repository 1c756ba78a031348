"""Counting how requests were solved, from the advices that were kept (PRODUCT §2, §7). Nothing is made up: what an advice
does not say is "niet bekend", and the three money figures are never added to each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from dialogs.advice import Figure
from dialogs.agreed import AGREED
from dialogs.existing import CONTRACT, DEPOT, DEPOT_AND_BUY
from dialogs.need import BUY_NEW
from dialogs.what import DIALOG
from knowledge.knowledge import Knowledge

Solved = Literal[
    "niet-gekocht",
    "uitgesteld",
    "minder",
    "bestaand",
    "geleend",
    "gedeeld",
    "gerepareerd",
    "refurbished",
    "gehuurd",
    "samen",
    "intern",
    "anders",
    "gekocht",
    "niet-bekend",
]
SOLVED: Final[tuple[Solved, ...]] = get_args(Solved)
BY_KIND: Final[Mapping[str, Solved]] = {
    "niet_kopen": "niet-gekocht",
    "minder": "minder",
    "bestaand_gebruiken": "bestaand",
    "lenen": "geleend",
    "delen": "gedeeld",
    "repareren": "gerepareerd",
    "refurbished": "refurbished",
    "huren": "gehuurd",
    "samen_inkopen": "samen",
    "intern": "intern",
    "anders": "anders",
    DEPOT: "bestaand",
    DEPOT_AND_BUY: "minder",
    CONTRACT: "gekocht",
    BUY_NEW: "gekocht",
    # Whoever follows an agreement gets the kind of way that it names; only without one it is a way to buy.
    AGREED: "gekocht",
}
"""What the kind of a way counts as."""
FLOOR: Final = 5
"""People; of fewer than these nothing is shown (PRODUCT §7)."""


@dataclass(frozen=True, slots=True)
class Solution:
    """How one request was solved: of which product group, whose it was (only to count people), and its money figures."""

    group: str
    person: str
    solved: Solved
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """One of the money figures over several requests, in euro excl. btw: lowest and highest, over how many requests, and
    how sure each is. `high` None: of at least one there is no upper bound."""

    low: float
    high: float | None
    requests: int
    statuses: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Count:
    """A product group (or all, or the rest: no name): how many people and requests, how they were solved, and the money
    figures of which any is known, by kind."""

    name: str
    people: int
    requests: int
    solved: Mapping[Solved, int]
    money: Mapping[str, Sum]


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything, by product group in order of name, and together what is of too few people to show by itself.

    `total` is None when everything is of too few people.
    """

    total: Count | None = None
    groups: tuple[Count, ...] = ()
    rest: Count | None = None

    def shown(self) -> frozenset[str]:
        """The names of the product groups that are shown by themselves."""
        return frozenset(group.name for group in self.groups)


def kinds_by_label(knowledge: Knowledge) -> Mapping[str, str]:
    """The kind of a way by what its button says, for advices from before the kind was kept."""
    kinds = {
        option.label: kind for kind, option in knowledge.words.question(DIALOG, "anders").options.items()
    }
    return kinds | {knowledge.words.say(DIALOG, "volgens-voorstel"): AGREED}


def how_solved(kept: Mapping[str, Any], kinds: Mapping[str, str]) -> Solved:
    """How a request was solved, by its advice as it is kept; `kinds` as `kinds_by_label` gives them."""
    if kept.get("outcome") == "niet-gekocht":
        return "uitgesteld" if kept.get("put_off") else "niet-gekocht"
    kind = kept.get("way_kind") or kinds.get(kept.get("way", ""), "")
    number, asked = kept.get("quantity"), kept.get("requested")
    if kind == BUY_NEW and number and asked and number < asked:
        return "minder"
    return BY_KIND.get(kind, "niet-bekend")


def counted(found: Sequence[Solution]) -> Counted:
    """Count by product group. A group of too few people is shown with others, so that together they are enough."""
    if _people(found) < FLOOR:
        return Counted()
    by_group: dict[str, list[Solution]] = defaultdict(list)
    for one in found:
        by_group[one.group].append(one)
    shown = {name: of for name, of in by_group.items() if _people(of) >= FLOOR}
    rest = [one for one in found if one.group not in shown]
    while rest and _people(rest) < FLOOR:
        # Otherwise the difference with the total would tell what is not shown.
        fewest = min(shown, key=lambda name: (_people(shown[name]), name))
        rest += shown.pop(fewest)
    groups = tuple(_count(name, shown[name]) for name in sorted(shown, key=str.casefold))
    return Counted(_count("", found), groups, _count("", rest) if rest else None)


def _count(name: str, found: Sequence[Solution]) -> Count:
    by_kind: dict[str, list[Figure]] = defaultdict(list)
    for one in found:
        for figure in one.figures:
            by_kind[figure.kind].append(figure)
    solved = Counter(one.solved for one in found)
    return Count(
        name,
        _people(found),
        len(found),
        {way: solved[way] for way in SOLVED},
        {kind: _sum(figures) for kind, figures in by_kind.items()},
    )


def _sum(figures: Sequence[Figure]) -> Sum:
    highs = [figure.high for figure in figures if figure.high is not None]
    return Sum(
        round(sum(figure.low for figure in figures), 2),
        round(sum(highs), 2) if len(highs) == len(figures) else None,
        len(figures),
        Counter(figure.status for figure in figures),
    )


def _people(found: Sequence[Solution]) -> int:
    return len({one.person for one in found})
