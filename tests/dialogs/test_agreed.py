"""A werkafspraak in the talk: what is agreed is shown first and can be followed in one tap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from dialogs.advice import Advice, AgreementLine, dump, load
from dialogs.engine import Asking, Finished, replay
from dialogs.need import NOT_NEEDED
from dialogs.purchase import purchase
from dialogs.walk import fill
from dialogs.what import product_examples
from knowledge.knowledge import Knowledge
from tests.dialogs.conftest import DAY

DESK = "kantoormeubilair"
FREE, PAID, BOUGHT = DESK, "relatiegeschenken", "papier"


@pytest.fixture(scope="module")
def agreed(knowledge: Knowledge) -> Knowledge:
    """The real knowledge, as it is once everything that is proposed is agreed."""
    agreements = {
        group: one.model_copy(update={"agreed_on": DAY, "certainty": "zeker"})
        for group, one in knowledge.agreements.items()
    }
    return replace(knowledge, agreements=agreements)


def stops(
    knowledge: Knowledge, group: str, given: Mapping[str, Any], on: date = DAY
) -> list[Asking | Finished[Advice]]:
    """Every stop of a talk about a product group with these answers, the first example where none is given."""
    wanted = {"tekst": "iets", "categorie": None, "groep": group, "suggesties": [], "dubbelzinnig": None}
    wishes = {"wat": wanted, "waarde": {"low": 500.0, "high": 500.0}, **given}
    answers: dict[str, Any] = {}
    found = [replay(partial(purchase, knowledge, on), answers)]
    while isinstance(asking := found[-1], Asking):
        answers |= {key: wishes.get(key, kept) for key, kept in next(fill(asking)).items()}
        answers |= {q.key: wishes[q.key] for q in asking.questions if q.optional and q.key in wishes}
        found.append(replay(partial(purchase, knowledge, on), answers))
    return found


def advice(knowledge: Knowledge, group: str, given: Mapping[str, Any]) -> Advice:
    """What comes of such a talk."""
    last = stops(knowledge, group, given)[-1]
    assert isinstance(last, Finished)
    return last.outcome


def line(knowledge: Knowledge, group: str, given: Mapping[str, Any]) -> AgreementLine:
    """What such a talk says about the agreement."""
    found = advice(knowledge, group, given).agreement
    assert found is not None
    return found


def card(knowledge: Knowledge, name: str, on: date = DAY) -> Asking:
    """The card of a question in a talk about desks."""
    asked = (one for one in stops(knowledge, DESK, {f"anders/{DESK}": "toch-kopen"}, on))
    return next(one for one in asked if isinstance(one, Asking) and one.question.name == name)


def test_shown_before_the_first_question(knowledge: Knowledge) -> None:
    """Before "hebben we het wel nodig?" stands what the standard choice is, when, when not, and how to order."""
    agreement = knowledge.agreements[DESK]
    said = "\n".join(remark.text for remark in card(knowledge, "nodig").remarks)
    texts = (agreement.choice, agreement.when, agreement.when_not, agreement.ordering)

    assert all(text in said for text in texts)


def test_nothing_to_show(knowledge: Knowledge) -> None:
    """Where nothing is agreed nothing is said or asked about it."""
    found = stops(knowledge, "wegen", {"anders/wegen": "toch-kopen"})
    said = [remark.text for stop in found if isinstance(stop, Asking) for remark in stop.remarks]

    assert isinstance(found[-1], Finished)
    assert found[-1].outcome.agreement is None
    assert not any("werkafspraak" in text.lower() for text in said)


def test_proposal_says_so(knowledge: Knowledge, agreed: Knowledge) -> None:
    """A proposal is called one wherever it is named, and so is an agreement before its day."""
    tomorrow = DAY + timedelta(days=1)
    later = {DESK: agreed.agreements[DESK].model_copy(update={"agreed_on": tomorrow})}
    for known in (knowledge, replace(agreed, agreements=later)):
        remarks = [remark.text for name in ("nodig", "anders") for remark in card(known, name).remarks]
        named = [text for text in remarks if "werkafspraak" in text.lower()]

        assert named == [text for text in named if "voorstel" in text.lower()] != []
        assert not line(known, DESK, {}).agreed_on


def test_agreed(agreed: Knowledge) -> None:
    """What is agreed says with whom and since when, and is called a werkafspraak on its button."""
    first = next(r.text for r in card(agreed, "nodig").remarks if "erkafspraak" in r.text)
    buttons = card(agreed, "anders").question.options  # type: ignore[attr-defined]

    assert first.startswith("**Werkafspraak** met Facilitair, van 23 november 2026: ")
    assert next(iter(buttons.values())).label == "Volgens de werkafspraak"


@pytest.mark.parametrize(
    ("group", "end", "way", "taps"),
    [
        (FREE, "anders-opgelost", "Eerst kijken wat er is", 4),
        (PAID, "anders-opgelost", "Anders aanpakken", 5),
        (BOUGHT, "koop-met-mvoi", "Volgens de werkafspraak", 5),
    ],
)
def test_followed(agreed: Knowledge, group: str, end: str, way: str, taps: int) -> None:
    """Following takes no more taps than another way, asks nothing about it, and names who arranges it."""
    found = stops(agreed, group, {f"anders/{group}": "afspraak"})
    end_of_it = advice(agreed, group, {f"anders/{group}": "afspraak"})

    assert (end_of_it.outcome, end_of_it.way, len(found) - 2) == (end, way, taps)
    assert end_of_it.agreement == line(agreed, group, {f"anders/{group}": "afspraak"})
    assert end_of_it.agreement
    assert (end_of_it.agreement.followed, end_of_it.agreement.reason) == (True, "")
    assert "facilitair" in {contact.role for contact in end_of_it.contacts}


def test_not_followed(agreed: Knowledge) -> None:
    """Who buys after all says why, on the last card: no tap more, and in own words if they like."""
    given = {
        f"anders/{DESK}": "toch-kopen",
        f"afspraak-niet/{DESK}": "is-er-niet",
        "afspraak-uitleg": "De opslag is leeg.",
    }
    found = line(agreed, DESK, given)

    assert (found.followed, found.reason) == (False, "Het is er niet, of niet op tijd")
    assert found.explanation == "De opslag is leeg."
    assert len(stops(agreed, DESK, given)) - 2 == 5


def test_why_is_asked_of_what_is_agreed(knowledge: Knowledge, agreed: Knowledge) -> None:
    """Only what is agreed asks for a reason; of a proposal nobody has to explain anything."""

    def optional(known: Knowledge) -> bool:
        questions = card(known, "pas-toe").questions
        return next(one.optional for one in questions if one.name == "afspraak-niet")

    assert (optional(knowledge), optional(agreed)) == (True, False)
    assert line(knowledge, DESK, {f"anders/{DESK}": "toch-kopen"}).reason == "geen reden genoemd"


def test_another_way_is_the_reason(agreed: Knowledge) -> None:
    """Who borrows instead of doing what is agreed has said why by that."""
    found = line(agreed, DESK, {f"nodig/{DESK}": "erbij", f"anders/{DESK}": "lenen"})

    assert found.reason == "koos een andere weg: lenen"


def test_not_needed(agreed: Knowledge) -> None:
    """What is not needed follows no agreement and breaks none."""
    assert advice(agreed, DESK, {f"nodig/{DESK}": NOT_NEEDED}).agreement is None


@pytest.mark.parametrize("group", [DESK, "wegen"])
def test_kept(agreed: Knowledge, group: str) -> None:
    """What is kept of an advice gives it back, with an agreement and without."""
    found = advice(agreed, group, {})

    assert load(dump(found)) == found


def test_the_walk_meets_agreements(knowledge: Knowledge) -> None:
    """The walk over every path comes along agreements of each kind: with what there is, another way, and to buy."""
    groups = {kept["groep"] for kept in product_examples(knowledge)}
    found = {knowledge.agreements[group].way for group in groups & knowledge.agreements.keys()}

    assert {"intern", "anders", None} <= found
