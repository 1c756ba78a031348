"""A message with several requests: each line is checked by itself, and ends as a purchase of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from dialogs.engine import Asking, Finished, replay
from dialogs.listed import Requests
from dialogs.need import NOT_NEEDED
from dialogs.purchase import purchase
from dialogs.questions import Choice, Unclear
from dialogs.several import DISCUSS, GONE, Deal, GoAlong, Settled, several
from dialogs.walk import walk
from dialogs.what import OTHER
from knowledge.knowledge import Knowledge, once_per_version
from tests.dialogs.conftest import DAY

LUNCH_AND_FLIPCHART = "Hoi, kun je 12 lunches regelen voor dinsdag, en een flipover? Groet"
MIXED = "12 lunches, een bank, 3 gloepies, 40 laptops à 900 euro"
EVERY_KIND = (
    "bureaus en 3 stoelen",
    "4 laptops en 2 verhuizingen",
    "8 straatbankjes en 2 lunches",
    "2 lunches en 3 kranen",
)


def asked(knowledge: Knowledge, text: str, given: Mapping[str, Any] | None = None) -> Asking:
    """The card that follows these words, after these answers."""
    now = replay(partial(several, knowledge, DAY), {**heard(knowledge, text), **(given or {})})
    assert isinstance(now, Asking)
    return now


@once_per_version
def heard(knowledge: Knowledge, text: str) -> dict[str, Any]:
    """What is kept of these words."""
    first = replay(partial(several, knowledge, DAY), {})
    assert isinstance(first, Asking)
    return first.question.hear(text)


def deals(asking: Asking) -> list[Deal]:
    """The lines on a card, in the order of the message."""
    found = [question for question in asking.questions if isinstance(question, Deal)]
    return sorted(found, key=lambda deal: deal.line.number)


def settled(
    knowledge: Knowledge, text: str, given: Mapping[str, Any], along: str = "toe"
) -> tuple[Settled, ...]:
    """What becomes of the lines when these answers are given."""
    answers = {**heard(knowledge, text), **given, "meenemen": along, "versturen": "ja"}
    now = replay(partial(several, knowledge, DAY), answers)
    assert isinstance(now, Finished)
    return tuple(now.outcome)


def test_lines(knowledge: Knowledge) -> None:
    """Each request is a line with its number, what it is, and when it is wanted as that was said."""
    found = deals(asked(knowledge, LUNCH_AND_FLIPCHART))

    assert [(deal.named, deal.line.when) for deal in found] == [
        ("12 × catering", "dinsdag"),
        ("kantoorartikelen", ""),
    ]
    assert [deal.line.request.said for deal in found] == [
        "12 lunches regelen voor dinsdag",
        "een flipover",
    ]


def test_unclear_first(knowledge: Knowledge) -> None:
    """What could be several things is asked first, all on one card; what nobody knows stays as it was said."""
    first = asked(knowledge, MIXED)
    bank = first.question

    assert [question.name for question in first.questions] == ["bedoeld"]
    assert isinstance(bank, Choice)
    assert bank.words.ask == "2. Welke bank bedoel je?"
    named = [deal.named for deal in deals(asked(knowledge, MIXED, {bank.key: next(iter(bank.options))}))]
    assert (named[0], named[1], named[2]) == ("12 × catering", "kantoormeubilair", "")
    assert not deals(asked(knowledge, MIXED, {bank.key: OTHER}))[1].named


@pytest.mark.parametrize("text", [LUNCH_AND_FLIPCHART, MIXED, *EVERY_KIND])
def test_every_path_is_a_purchase(knowledge: Knowledge, text: str) -> None:
    """Whatever is chosen, a line that is sent ends the purchase talk, one that is discussed goes on there, and neither loses an answer."""
    ends = set()
    for path in walk(partial(several, knowledge, DAY), heard(knowledge, text)):
        for one in path.finished.outcome:
            now = replay(partial(purchase, knowledge, DAY), one.answers)
            used = {answered.question.key for answered in (*now.trail, *now.said)}
            ends.add(one.end)

            assert isinstance(now, Finished) == (one.end == "sent"), one
            assert one.end == "gone" or one.answers.keys() <= used, (one, used)

    assert ends == {"sent", "discussed", "gone"}


def test_too_big_goes_on(knowledge: Knowledge) -> None:
    """What may need a startformulier gets the whole talk, by itself, with what was said about it."""
    text = "40 laptops à 900 euro en 12 lunches"
    big, lunch = deals(asked(knowledge, text))
    done = {lunch.key: {"nodig": NOT_NEEDED, "doen": ""}}

    assert (big.whole, big.optional, list(big.ways)) == (False, True, [DISCUSS, GONE])
    assert [one.end for one in settled(knowledge, text, done)] == ["discussed", "sent"]
    need = settled(knowledge, text, {**done, big.key: {"nodig": "nieuw", "doen": DISCUSS}})[0]
    assert need.answers["nodig/ict-hardware"] == "nieuw"
    assert need.answers["waarde"] == {"low": 36_000.0, "high": 36_000.0}


def test_nobody_knows_any(knowledge: Knowledge) -> None:
    """Where every line is for later, nothing is asked about a supplier; it is sent, and goes on."""
    text = "40 laptops à 900 euro en 40 telefoons à 800 euro"
    card = asked(knowledge, text)
    end = replay(partial(several, knowledge, DAY), {**heard(knowledge, text), "versturen": "ja"})

    assert not any(isinstance(question, GoAlong) for question in card.questions)
    assert isinstance(end, Finished)
    assert [one.end for one in end.outcome] == ["discussed", "discussed"]


def test_unknown_can_go(knowledge: Knowledge) -> None:
    """A line that nobody knows stays, unless somebody takes it off."""
    text = "12 lunches en 3 gloepies"
    lunch, unknown = deals(asked(knowledge, text))
    done = {lunch.key: {"nodig": "weet-niet", "doen": "minder"}}

    assert settled(knowledge, text, done)[1].end == "discussed"
    assert settled(knowledge, text, {**done, unknown.key: {"nodig": "", "doen": GONE}})[1].end == "gone"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("niet nodig", {"nodig": NOT_NEEDED, "doen": ""}),
        ("te weinig, toch kopen", {"nodig": "erbij", "doen": "toch-kopen"}),
        ("weet ik niet; volgens het voorstel", {"nodig": "weet-niet", "doen": "afspraak"}),
        ("haal weg", {"nodig": "", "doen": GONE}),
    ],
)
def test_typed(knowledge: Knowledge, typed: str, kept: dict[str, str]) -> None:
    """Typed words decide a line as well as fields do."""
    lunch = deals(asked(knowledge, LUNCH_AND_FLIPCHART))[0]

    assert lunch.hear(typed) == {lunch.key: kept}
    assert lunch.show(lunch.value(kept))


def test_fields(knowledge: Knowledge) -> None:
    """A line that is not needed asks for no way; any other needs both, and says by its number what is missing."""
    lunch = deals(asked(knowledge, LUNCH_AND_FLIPCHART))[0]
    need, way = f"{lunch.key}:nodig", f"{lunch.key}:doen"

    assert lunch.take({need: NOT_NEEDED, way: "minder"}) == {"nodig": NOT_NEEDED, "doen": ""}
    assert lunch.take({need: "erbij", way: "minder"}) == {"nodig": "erbij", "doen": "minder"}
    with pytest.raises(Unclear, match="regel 1"):
        lunch.take({need: "erbij"})
    with pytest.raises(ValueError, match="decides nothing"):
        lunch.value({"nodig": "erbij", "doen": "stelen"})


def test_along(knowledge: Knowledge) -> None:
    """Going along is a button or a reason; a reason goes before the button."""
    along = next(one for one in asked(knowledge, LUNCH_AND_FLIPCHART).questions if isinstance(one, GoAlong))

    assert along.take({"meenemen": "toe"}) == "toe"
    assert along.take({"meenemen": "toe", "meenemen:reden": "te-duur"}) == "te-duur"
    assert along.read("neem ik mee") == "toe"
    with pytest.raises(Unclear):
        along.take({})


def test_one_or_none(knowledge: Knowledge) -> None:
    """Said again as one request it is a list of one; what is no purchase is not understood."""
    first = replay(partial(several, knowledge, DAY), {})
    assert isinstance(first, Asking)
    assert isinstance(first.question, Requests)
    again = first.question.value(first.question.read("20 laptops"))

    assert [line.quantity for line in again] == [20]
    assert first.question.show(again) == "20 laptops"
    with pytest.raises(Unclear):
        first.question.read("bedankt!")


def test_the_rest(knowledge: Knowledge) -> None:
    """What does not fit on one card is kept to go on with."""
    text = "8 lunches, 2 beamers, 3 laptops, 4 bureaus, 5 stoelen, 6 pennen, 7 flipovers, 8 lampen"
    kept = heard(knowledge, text)["regels"]

    assert (len(kept["regels"]), kept["rest"]) == (6, "7 flipovers, 8 lampen")


def test_only_a_category(knowledge: Knowledge) -> None:
    """Of a line with only a category Moi says general things, and a price that was said stays as it was."""
    line = {
        "wat": {"tekst": "iets", "categorie": "gww", "groep": None, "suggesties": [], "dubbelzinnig": None},
        "wanneer": "",
        "aantal": 2,
        "waarde": {"low": 100.0, "high": 100.0},
    }
    kept = {"regels": {"tekst": "iets", "regels": [line], "rest": ""}}
    start = replay(partial(several, knowledge, DAY), kept)
    assert isinstance(start, Asking)
    decided = {deals(start)[0].key: {"nodig": "weet-niet", "doen": "toch-kopen"}, "meenemen": "toe"}
    end = replay(partial(several, knowledge, DAY), {**kept, **decided, "versturen": "ja"})
    assert isinstance(end, Finished)
    bought = replay(partial(purchase, knowledge, DAY), end.outcome[0].answers)

    assert isinstance(bought, Finished)
    assert (bought.outcome.category, bought.outcome.group, bought.outcome.value) == ("gww", None, "€ 100")
