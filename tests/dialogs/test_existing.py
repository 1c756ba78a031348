"""What there is already in the talk: offered among the ways, reserved or ordered under a contract, and never a word more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from dialogs.advice import Advice, dump, load
from dialogs.engine import Asking, Dialog, Finished, replay
from dialogs.existing import (
    HELD,
    NOTHING,
    THERE,
    ContractLine,
    DepotLine,
    Existing,
    FromDepot,
    Reserving,
    WhatThereIs,
    lets_go,
    to_look_up,
    to_reserve,
)
from dialogs.purchase import purchase
from dialogs.questions import Unclear
from dialogs.walk import fill, walk
from knowledge.knowledge import Knowledge
from tests.dialogs.conftest import DAY
from tests.dialogs.promises import PROMISES

DESK = "kantoormeubilair"
SIX = DepotLine("d6", "Bureaustoel", 6, "Loods", "goed")
TWO = DepotLine("d2", "Kruk", 2, "Kelder")
COFFEE = ContractLine("c", "Stoelen", "1 mei 2028", "Bel Facilitair.")
OPEN = ContractLine("c", "Stoelen", "", "Bel Facilitair.")


def kept(existing: Existing, about: str = DESK) -> dict[str, Any]:
    """What is kept of it, as it comes back from a database."""
    lines = [
        {"id": line.id, "what": line.what, "free": line.free, "place": line.place, "notes": line.notes}
        for line in existing.depot
    ]
    contracts = [
        {"id": c.id, "what": c.what, "until": c.until, "ordering": c.ordering} for c in existing.contracts
    ]
    return {"over": about, "depot": lines, "contracten": contracts}


def said(existing: Existing | None, way: str = "", **given: Any) -> dict[str, Any]:
    """The answers of a talk about desks up to the ways, and the way that was chosen."""
    wanted = {"tekst": "stoelen", "categorie": None, "groep": DESK, "suggesties": [], "dubbelzinnig": None}
    answers = {"wat": wanted, f"klopt/{DESK}": "ja", f"nodig/{DESK}": "kapot", **given}
    if existing is not None:
        answers[THERE] = kept(existing)
    return answers | ({f"anders/{DESK}": way} if way else {})


def at(knowledge: Knowledge, answers: Mapping[str, Any]) -> Asking:
    """Where a talk with these answers stands."""
    found = replay(partial(purchase, knowledge, DAY), answers)
    assert isinstance(found, Asking)
    return found


def advice(knowledge: Knowledge, answers: Mapping[str, Any]) -> Advice:
    """What comes of it, the first example where nothing is given."""
    given = dict(answers)
    while isinstance(now := replay(partial(purchase, knowledge, DAY), given), Asking):
        given |= next(fill(now))
    return now.outcome


def labels(asking: Asking) -> list[str]:
    return [option.label for option in asking.question.options.values()]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("quantity", "first"),
    [
        (4, "Reserveer 4"),
        (6, "Reserveer 6"),
        (9, "Reserveer 6, koop de rest"),
        (None, "Reserveer uit het depot"),
    ],
)
def test_offered(knowledge: Knowledge, quantity: int | None, first: str) -> None:
    """The line that fits best is the first way, with how many of how many; the same kind of way is not named again."""
    given = {"aantal": quantity} if quantity else {}
    asking = at(knowledge, said(Existing((TWO, SIX)), **given))
    spoken = [remark.text for remark in asking.remarks]

    assert labels(asking)[0] == first
    assert spoken[1].startswith(f"• **{first}**: in het depot nog ")
    assert ("6 × Bureaustoel (Loods, goed)" in spoken[1]) == bool(quantity)
    assert "Eerst kijken wat er is" not in labels(asking)
    assert len(labels(asking)) <= 6


def test_nothing_there(knowledge: Knowledge) -> None:
    """Where nothing was found the card is the card of always; so it is for what was found about something else."""
    always = at(knowledge, said(None))
    other = {THERE: kept(Existing((SIX,)), "catering")}
    for found in (at(knowledge, said(NOTHING)), at(knowledge, said(None, **other))):
        assert labels(found) == labels(always)
        assert found.remarks == always.remarks


def test_contract(knowledge: Knowledge) -> None:
    """A contract is a way of its own, beside the depot, with until when and how to order."""
    asking = at(knowledge, said(Existing((SIX,), (COFFEE,)), aantal=6))
    without = at(knowledge, said(Existing((), (OPEN,))))
    spoken = [remark.text for remark in (*asking.remarks, *without.remarks) if "contract" in remark.text]

    assert labels(asking)[:2] == ["Reserveer 6", "Bestel onder dit contract"]
    assert "Stoelen (tot en met 1 mei 2028). Zo bestel je: Bel Facilitair." in spoken[0]
    assert "Stoelen. Zo bestel je: Bel Facilitair." in spoken[1]


def test_reserved(knowledge: Knowledge) -> None:
    """Choosing it asks no money and ends the talk; the record says how many from where."""
    answers = said(Existing((SIX,)), "depot", aantal=4)
    now = at(knowledge, answers)
    wish = to_reserve(now)
    assert isinstance(wish, Reserving)
    held = at(knowledge, answers | {HELD: wish.keep("r1")})
    end = advice(knowledge, answers)

    assert (now.question.name, wish.line, wish.number) == ("versturen", SIX, 4)
    assert wish.show(wish.value(wish.examples[0])) == "4 × Bureaustoel (Loods)"
    assert to_reserve(held) is None
    assert any("Gereserveerd: **4 × Bureaustoel (Loods)**" in remark.text for remark in held.remarks)
    assert (end.outcome, end.way, end.quantity) == ("anders-opgelost", "Uit het depot", 4)
    assert end.from_depot == FromDepot(4, "Bureaustoel", "Loods")
    assert "facilitair" in {contact.role for contact in end.contacts}
    assert end.agreement is not None
    assert end.agreement.followed
    assert load(dump(end)) == end


def test_how_many_is_asked_once(knowledge: Knowledge) -> None:
    """Only who did not say how many is asked, and no more than there are."""
    now = at(knowledge, said(Existing((SIX,)), "depot"))
    answers = said(Existing((SIX,)), "depot", aantal=5)
    with pytest.raises(Unclear):
        now.question.read("7")

    assert now.question.name == "aantal"
    assert "nog 6 vrij" in str(now.question.words.explain)
    assert advice(knowledge, answers).from_depot == FromDepot(5, "Bureaustoel", "Loods")


def test_some_and_the_rest(knowledge: Knowledge) -> None:
    """What the depot has too few of is reserved as far as it goes, and the rest is a purchase like any other."""
    answers = said(Existing((SIX,)), "depot", aantal=10)
    now = at(knowledge, answers)
    end = advice(knowledge, answers | {"waarde-anders": {"low": 400.0, "high": 400.0}})

    assert now.question.name == "waarde-anders"
    assert "Dan zijn er nog **4** om te kopen." in [remark.text for remark in now.remarks]
    assert (end.outcome, end.way, end.quantity) == ("koop-met-mvoi", "Deels uit het depot", 4)
    assert end.requested == 10
    assert end.agreement is not None
    assert not end.agreement.followed


def test_fewer_in_words(knowledge: Knowledge) -> None:
    """ "Reserveer 3" says how many there have to be; what is on the button says no more than a tap."""
    question = at(knowledge, said(Existing((SIX,)), aantal=10)).question
    key = f"anders/{DESK}"
    fewer = at(knowledge, said(Existing((SIX,)), "depot", aantal=10, **{"aantal-anders": 3}))

    assert question.hear("reserveer 3") == {key: "depot", "aantal-anders": 3}
    assert question.hear("Reserveer 6, koop de rest") == question.hear("reserveer 6") == {key: "depot"}
    assert "Goed: **3 uit het depot, 7 niet nodig.**" in [remark.text for remark in fewer.remarks]
    assert fewer.question.name == "versturen"


@pytest.mark.parametrize("amount", [500.0, 40_000.0])
def test_ordered_under_it(knowledge: Knowledge, amount: float) -> None:
    """An order under a contract is a purchase with its own rules by value, and says that it is no new procurement where
    that matters."""
    estimate = {"low": amount, "high": amount}
    answers = said(Existing((), (COFFEE,)), "contract", aantal=10, waarde=estimate)
    now = at(knowledge, answers)
    end = advice(knowledge, answers)
    told = any("is geen nieuwe inkoop" in remark.text for remark in now.remarks)

    assert now.question.name == "pas-toe"
    assert told == end.startform == (amount > 25_000)
    assert (end.outcome, end.contract, end.money) == ("koop-met-mvoi", "Stoelen", ())
    assert end.way_text == "Zo bestel je: Bel Facilitair."


def test_looked_up_at_the_ways(knowledge: Knowledge) -> None:
    """It is looked up when the ways are to be asked: not before, not when it is known, and not afterwards."""
    asked = to_look_up(at(knowledge, said(None)))
    before = {key: one for key, one in said(None).items() if not key.startswith("nodig")}
    later = said(None, "toch-kopen")
    not_needed = {f"nodig/{DESK}": "niet-nodig", "versturen": "ja"}
    done = replay(partial(purchase, knowledge, DAY), said(None) | not_needed)

    assert isinstance(asked, WhatThereIs)
    assert asked.subject.id == DESK
    assert to_look_up(at(knowledge, before)) is None
    assert to_look_up(at(knowledge, said(NOTHING))) is None
    assert to_look_up(at(knowledge, later)) is None
    assert to_look_up(done) is None


def test_nobody_says_it(knowledge: Knowledge) -> None:
    """What there is cannot be typed or tapped, and is not read out."""
    asked = to_look_up(at(knowledge, said(None)))
    assert isinstance(asked, WhatThereIs)
    with pytest.raises(Unclear):
        asked.take({asked.key: "6"})

    assert [asked.show(asked.value(one)) for one in asked.examples] == [""]
    assert asked.value(asked.keep(Existing((SIX,), (COFFEE,)))) == Existing((SIX,), (COFFEE,))


def test_let_go(knowledge: Knowledge) -> None:
    """What was reserved stays while somebody looks at the ways again, and goes with another choice or another number."""
    held = {HELD: {"reservering": "r", "regel": "d6", "aantal": 6}}
    six = said(Existing((SIX,)), aantal=6, **held)
    way = f"anders/{DESK}"
    done = replay(partial(purchase, knowledge, DAY), six | {f"nodig/{DESK}": "niet-nodig", "versturen": "ja"})
    sent = replay(partial(purchase, knowledge, DAY), six | {way: "depot", "versturen": "ja"})

    assert not lets_go(at(knowledge, six))
    assert not lets_go(at(knowledge, six | {way: "depot"}))
    assert not lets_go(sent)
    assert to_reserve(sent) is None
    assert lets_go(done)
    assert lets_go(at(knowledge, six | {way: "toch-kopen"}))
    assert lets_go(at(knowledge, six | {f"nodig/{DESK}": "niet-nodig"}))
    assert to_reserve(at(knowledge, six | {way: "depot", "aantal-anders": 5})) is not None


def test_promises(knowledge: Knowledge) -> None:
    """Partly from the depot keeps every promise of Moi on every path; the walk over all of them comes by the rest."""
    dialog: Dialog[Advice] = partial(purchase, knowledge, DAY)
    start = said(Existing((SIX,), (COFFEE,)), "depot", aantal=10)
    for path in walk(dialog, start):
        cards = (("wat",), ("klopt",), ("nodig",), ("anders",), *path.cards)
        whole = replace(path, cards=cards)
        broken = [p.__name__ for p in PROMISES if not p(whole, path.finished.outcome, knowledge)]

        assert broken == [], path.answers


def test_finished_wants_nothing(knowledge: Knowledge) -> None:
    """The end of a talk has nothing left to reserve."""
    end = replay(partial(purchase, knowledge, DAY), said(Existing((SIX,)), "depot", aantal=4, versturen="ja"))

    assert isinstance(end, Finished)
    assert to_reserve(end) is None
