"""Inspiration within a talk, worked out without a channel: odd taps, beginning with a package, and what is clear enough to show."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.desk import Desk
from bot.people import Person
from bot.respond import respond
from bot.talk_state import Message, Response, Talk
from cards.plain import text
from cards.view import Action, Link
from knowledge.knowledge import Knowledge


@pytest.fixture
def desk(knowledge: Knowledge) -> Desk:
    """What a turn may use, for a Moi that knows its own address."""
    return Desk(
        knowledge, Person("p", "collega"), date(2026, 11, 23), "gesprek", "record", "https://moi.example"
    )


def said(response: Response) -> str:
    """All that Moi says, as plain text."""
    return "\n".join(text(view) for view in response.views)


def type_(desk: Desk, words: str, talk: Talk | None = None) -> Response:
    return respond(desk, Message("m", words), talk)


def tap(desk: Desk, talk: Talk | None = None, **fields: Any) -> Response:
    return respond(desk, Message("m", tap=fields), talk)


def test_link_to_the_page(desk: Desk) -> None:
    """The card links to the page of exactly this package."""
    view = type_(desk, "wat kan ik doen voor klimaat bij bedrijfskleding?").views[0]
    links = [action.url for action in view.actions if isinstance(action, Link)]

    assert links == ["https://moi.example/inspiratie/bedrijfskleding?thema=klimaat"]


def test_begin(desk: Desk) -> None:
    """ "Begin hiermee" starts the talk at the need question: what it is about is known."""
    response = tap(desk, do="about", package="catering")

    assert response.talk is not None
    assert response.talk.asked == "nodig/catering"


def test_begin_with_a_category(desk: Desk) -> None:
    """With a category Moi asks which product group it is."""
    response = tap(desk, do="about", package="gww")

    assert response.talk is not None
    assert response.talk.asked == "groep/gww"


def test_talk_about_a_theme(desk: Desk) -> None:
    """A theme cannot be bought; its package is shown."""
    response = tap(desk, do="about", package="klimaat")

    assert "Inspiratie: Klimaat" in said(response)
    assert response.talk is None


def test_begin_twice(desk: Desk) -> None:
    """Pressed again, the talk about it goes on; another one is not dropped unasked, but is on yes."""
    talk = tap(desk, do="about", package="catering").talk
    again = tap(desk, talk, do="about", package="catering")
    other = tap(desk, talk, do="about", package="papier")
    sure = tap(desk, talk, do="about", package="papier", sure="ja")

    assert again.talk == talk
    assert "Je bent nog bezig met een andere aanvraag." in said(other)
    assert other.talk == talk
    assert sure.talk is not None
    assert sure.talk.asked == "nodig/papier"


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "inspire", "package": "nergens"},
        {"do": "inspire"},
        {"do": "criteria", "package": "catering", "theme": "nergens"},
        {"do": "about", "package": "nergens"},
    ],
)
def test_odd_taps(desk: Desk, fields: dict[str, str]) -> None:
    """A card of a package that is no longer there is an old card."""
    assert "Deze kaart is van een eerder moment." in said(tap(desk, **fields))


@pytest.mark.parametrize("after", ["", "-1", "x", "999999999999", "²"])
def test_odd_places_in_the_list(desk: Desk, after: str) -> None:
    """Any place in the list of categories shows categories."""
    assert "Kies een inkoopcategorie." in said(tap(desk, do="categories", after=after))


def test_open_question_returns(desk: Desk) -> None:
    """In a talk the open question stands there again, with the same answers."""
    talk = type_(desk, "20 laptops").talk
    response = type_(desk, "inspiratie klimaat", talk)

    assert "Inspiratie: Klimaat" in said(response)
    assert "Klopt dat?" in text(response.views[-1])
    assert response.talk == talk


def test_several(desk: Desk) -> None:
    """When it is not clear which package is meant, Moi lets choose; each button opens one."""
    response = type_(desk, "criteria bank")
    data = [action.data for action in response.views[0].actions if isinstance(action, Action)]

    assert [one["do"] for one in data] == ["criteria"] * (len(data) - 1) + ["say"]
    assert len(data) >= 4


def test_only_a_theme(desk: Desk) -> None:
    """Who says only a theme gets inspiration, who says more than that gets what was always said."""
    assert "Inspiratie: Klimaat" in said(type_(desk, "klimaat"))
    assert "Kies een thema." in said(type_(desk, "duurzaam"))
    assert "Inspiratie:" not in said(type_(desk, "de fietsers vinden het klimaat hier maar niks vandaag"))
