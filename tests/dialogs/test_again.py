"""The same as last time: earlier answers are filled in to confirm, and the first question stays."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from dialogs.again import Earlier, asks_again, means_last_time, repeated
from dialogs.engine import Asking, replay
from dialogs.listed import Requests
from dialogs.several import Deal, GoAlong, several
from knowledge.knowledge import Knowledge
from tests.dialogs.conftest import DAY

THEN = datetime(2026, 10, 12, 9, tzinfo=UTC)
BEFORE = datetime(2026, 9, 1, 9, tzinfo=UTC)


def earlier(group: str, need: str, way: str, at: datetime = THEN, **more: Any) -> Earlier:
    """A purchase that was sent before."""
    wanted = {
        "tekst": f"iets van {group}",
        "categorie": None,
        "groep": group,
        "suggesties": [],
        "dubbelzinnig": None,
    }
    return Earlier(group, {"wat": wanted, f"nodig/{group}": need, f"anders/{group}": way, **more}, at)


LUNCH = earlier(
    "catering",
    "erbij",
    "minder",
    aantal=12,
    **{"pas-toe/catering": {"a": "te-duur", "b": "te-duur", "uitleg": "Echt"}},
)
DESKS = earlier(
    "kantoormeubilair", "kapot", "stelen", **{"pas-toe/kantoormeubilair": {"a": "toe", "b": "te-duur"}}
)
OLD = earlier("catering", "nieuw", "delen", BEFORE)


def card(knowledge: Knowledge, said: str, *before: Earlier) -> Asking | None:
    """What Moi shows to these words, when the person sent these before."""
    first = replay(partial(several, knowledge, DAY), {})
    assert isinstance(first, Asking)
    assert isinstance(first.question, Requests)
    kept = repeated(first.question, said, before)
    if kept is None:
        return None
    now = replay(partial(several, knowledge, DAY), {"regels": kept})
    assert isinstance(now, Asking)
    return now


def deals(asking: Asking | None) -> list[Deal]:
    """The lines on the card."""
    assert asking is not None
    return [question for question in asking.questions if isinstance(question, Deal)]


def test_filled_in(knowledge: Knowledge) -> None:
    """The newest earlier answers stand in the fields, with the day; the number is the one that is said, or else the earlier one."""
    (lunch,) = deals(card(knowledge, "weer lunches", LUNCH, OLD))
    (more,) = deals(card(knowledge, "zelfde lunch als vorige keer, maar nu 15", LUNCH, OLD))

    assert lunch.before == {"nodig": "erbij", "doen": "minder"}
    assert lunch.told[0].startswith("Je koos dit op 12 oktober ook.")
    assert (lunch.named, more.named) == ("12 × catering", "15 × catering")
    assert more.line.request.said == "zelfde lunch als vorige keer, maar nu 15"


def test_nothing_is_answered(knowledge: Knowledge) -> None:
    """The need is still asked, and so is the rest: filled in is not given."""
    asked = card(knowledge, "weer lunches", LUNCH)
    assert asked is not None
    along = next(question for question in asked.questions if isinstance(question, GoAlong))

    assert [question.name for question in asked.questions] == ["regel", "meenemen", "versturen"]
    assert along.before == "te-duur"
    assert deals(asked)[0].hear("ja") == {"regel/1-catering": {"nodig": "erbij", "doen": "minder"}}


def test_what_fits_no_more(knowledge: Knowledge) -> None:
    """What is no choice any more is not filled in, and neither is one reason for several answers."""
    asked = card(knowledge, "weer 3 bureaus en een beamer", DESKS)
    desks, projector = deals(asked)

    assert desks.before == {"nodig": "kapot", "doen": ""}
    assert projector.before == {"nodig": "", "doen": ""}
    assert asked is not None
    assert [one.before for one in asked.questions if isinstance(one, GoAlong)] == [""]


def test_all_of_last_time(knowledge: Knowledge) -> None:
    """Words that name nothing mean everything that was sent together the last time."""
    found = deals(card(knowledge, "Graag hetzelfde als vorige keer", LUNCH, DESKS, OLD))

    assert [deal.named for deal in found] == ["12 × catering", "kantoormeubilair"]


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ("weer 12 lunches", ()),
        ("weer 12 lunches", (DESKS,)),
        ("hetzelfde als vorige keer", ()),
        ("de vorige keer was de printer ook stuk", (LUNCH,)),
    ],
)
def test_nothing_to_propose(knowledge: Knowledge, said: str, before: tuple[Earlier, ...]) -> None:
    """Without an earlier purchase of it, or when somebody only tells, nothing is proposed."""
    assert card(knowledge, said, *before) is None


@pytest.mark.parametrize(
    "said",
    ["zoals vorige keer", "hetzelfde als de vorige keer graag", "net als vorige keer", "weer hetzelfde"],
)
def test_last_time(said: str) -> None:
    """Ways to ask for the same again."""
    assert asks_again(said)
    assert means_last_time(said)


@pytest.mark.parametrize("said", ["20 laptops", "bedankt!", "wat een mooi weer is het", "een nieuwe agenda"])
def test_not_last_time(said: str) -> None:
    """What asks for something new, or for nothing."""
    assert not means_last_time(said)
