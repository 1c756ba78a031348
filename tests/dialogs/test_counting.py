"""How requests were solved is counted from what was kept: nothing made up, nothing added up that is not the same, no small groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dialogs.advice import Figure, dump
from dialogs.agreed import AGREED
from dialogs.counting import BY_KIND, SOLVED, Solution, Solved, counted, how_solved, kinds_by_label
from dialogs.need import BUY_NEW
from knowledge.knowledge import Knowledge
from tests.dialogs.test_agreed import DESK, advice

BUY: Mapping[str, Any] = {"outcome": "koop-met-mvoi", "way_kind": BUY_NEW, "quantity": 50}


def of(group: str, people: int, solved: Solved = "gekocht", *figures: Figure) -> list[Solution]:
    return [Solution(group, f"{group}{number}", solved, figures) for number in range(people)]


def figure(
    low: float, high: float | None, kind: Any = "niet uitgegeven", status: Any = "schatting"
) -> Figure:
    return Figure(kind, low, high, "aanname", status)


@pytest.mark.parametrize(
    ("kept", "solved"),
    [
        ({"outcome": "niet-gekocht", "way": "iets"}, "niet-gekocht"),
        ({"outcome": "niet-gekocht", "put_off": True}, "uitgesteld"),
        ({"outcome": "anders-opgelost", "way_kind": "lenen", "way": "Huren"}, "geleend"),
        ({"outcome": "anders-opgelost", "way": "Huren"}, "gehuurd"),
        ({"outcome": "anders-opgelost", "way": "Een knop van vroeger"}, "niet-bekend"),
        ({"outcome": "anders-opgelost"}, "niet-bekend"),
        (BUY, "gekocht"),
        ({**BUY, "requested": 50}, "gekocht"),
        ({**BUY, "requested": 60}, "minder"),
        ({**BUY, "requested": None, "quantity": None}, "gekocht"),
        ({"outcome": "koop-met-mvoi", "way": "Volgens de werkafspraak"}, "gekocht"),
    ],
)
def test_solved(knowledge: Knowledge, kept: dict[str, Any], solved: Solved) -> None:
    """By the kind of the way, of an older one by what its button says; what neither tells is not known."""
    assert how_solved(kept, kinds_by_label(knowledge)) == solved


def test_every_way_counts(knowledge: Knowledge) -> None:
    """Every way that can be chosen counts as something, and everything that is asked about can be counted."""
    ways = set(knowledge.words.question("koop", "anders").options)

    assert ways <= set(BY_KIND)
    assert set(SOLVED) - set(BY_KIND.values()) - {"uitgesteld"} == {"niet-bekend"}


@pytest.mark.parametrize("way", [BUY_NEW, AGREED])
def test_kept(knowledge: Knowledge, way: str) -> None:
    """What a talk leaves tells how it was solved, also without the kind, as it was kept before."""
    kept = dump(advice(knowledge, DESK, {"nodig": "erbij", "anders": way}))
    before = {name: value for name, value in kept.items() if name != "way_kind"}
    kinds = kinds_by_label(knowledge)

    assert how_solved(kept, kinds) == how_solved(before, kinds) != "niet-bekend"


def test_few_people(knowledge: Knowledge) -> None:
    """Of fewer than five people nothing is shown, not even as the difference with the total."""
    assert counted(of("a", 4) * 3).total is None
    alone = counted(of("a", 9) + of("B", 7) + of("c", 2))

    assert [(group.name, group.people) for group in alone.groups] == [("a", 9)]
    assert alone.rest is not None
    assert (alone.rest.people, alone.rest.requests) == (9, 9)
    assert alone.total is not None
    assert alone.total.requests == 18
    assert alone.shown() == {"a"}


def test_enough_people() -> None:
    """Groups of enough people stand in the order of their names, nobody is ranked; small ones together when that is enough."""
    found = counted(of("b", 5) + of("A", 9) + of("c", 2) + of("d", 3))

    assert [group.name for group in found.groups] == ["A", "b"]
    assert found.rest is not None
    assert found.rest.people == 5
    assert counted(of("a", 5)).rest is None


def test_money() -> None:
    """Each of the figures is added up by itself, as a range, with over how many and how sure; an open end stays open."""
    agreed = figure(50, 60, status="afgesproken")
    more = figure(20, None, "meerkosten")
    found = of("a", 5) + of("a", 2, "geleend", figure(100, 200)) + of("a", 1, "minder", agreed, more)
    total = counted(found).total

    assert total is not None
    assert (total.solved["gekocht"], total.solved["geleend"], total.solved["gerepareerd"]) == (5, 2, 0)
    spared, cost = total.money["niet uitgegeven"], total.money["meerkosten"]
    assert (spared.low, spared.high, spared.requests) == (250, 460, 3)
    assert spared.statuses == {"schatting": 2, "afgesproken": 1}
    assert (cost.low, cost.high) == (20, None)
    assert "levensduurverschil" not in total.money
