"""Every inspiration package of every product group, category and theme is a card that Teams and the web take."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from typing import Literal

import pytest
from jsonschema_rs import Draft6Validator

from cards.adaptive import LARGEST, card
from cards.inspiration import (
    categories_view,
    criteria_view,
    found_view,
    nothing_view,
    package_view,
    start_view,
    themes_view,
)
from cards.plain import text
from cards.view import Action, View
from knowledge.knowledge import Knowledge
from knowledge.package import Package
from knowledge.packages import package

DAY = date(2026, 11, 23)
Channel = Literal["teams", "web"]
CHANNELS: tuple[Channel, ...] = ("teams", "web")
LINK = "https://moi.example/inspiratie/een-pakket?thema=klimaat"


@pytest.fixture(scope="module")
def schema() -> Draft6Validator:
    """The official schema of Adaptive Cards 1.5."""
    schema = files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text("utf-8")
    return Draft6Validator(json.loads(schema))


def of(knowledge: Knowledge, id_: str, theme: str | None = None) -> Package:
    """A package that exists."""
    found = package(knowledge, id_, DAY, theme)
    assert found is not None
    return found


def faults(view: View, schema: Draft6Validator) -> list[str]:
    """What is wrong with the cards of a view."""
    found = []
    for channel in CHANNELS:
        made = card(view, channel)
        size = len(json.dumps(made))
        made.pop("msteams", None)
        found += [error.message for error in schema.iter_errors(made)]
        found += [f"{size} bytes"] if size > LARGEST else []
        found += ["cut"] if "De rest past niet" in json.dumps(made) else []
    return found


def test_every_package(knowledge: Knowledge, schema: Draft6Validator) -> None:
    """The package and its criteria follow the schema, fit on a card as a whole, and have at most six actions."""
    for id_ in (*knowledge.groups, *knowledge.categories, *knowledge.themes):
        about = of(knowledge, id_)
        for view in (package_view(knowledge, about, LINK), criteria_view(knowledge, about, LINK)):
            assert faults(view, schema) == [], id_
            assert len(view.actions) <= 6, id_


def test_every_theme_of_a_category(knowledge: Knowledge) -> None:
    """Also the largest cards fit as a whole: all criteria of a category for one theme."""
    for id_ in knowledge.categories:
        for theme in knowledge.themes:
            about = of(knowledge, id_, theme)

            for view in (package_view(knowledge, about, LINK), criteria_view(knowledge, about, LINK)):
                assert "De rest past niet" not in json.dumps(card(view, "teams")), (id_, theme)


def test_what_matters(knowledge: Knowledge) -> None:
    """A card says three alternatives with their reason, three criteria with proof and source, an example, and who helps."""
    said = text(package_view(knowledge, of(knowledge, "bedrijfskleding"), None))

    assert said.count("Omdat ") == 3
    assert said.count("bewijs: ") == 3
    assert said.count("bron: ") == 3
    assert "Onze bedrijfskleding is gemaakt zonder kinderarbeid." in said
    assert "Tot die tijd helpt de MVOI-projectleider." in said
    assert "Hele pakket" not in said


def test_borrowed_criteria(knowledge: Knowledge) -> None:
    """Where a group has no criteria of its own for a theme, the card says that these are general ones."""
    group = next(
        group
        for group in knowledge.groups.values()
        if all(criterion.theme != "social_return" for criterion in group.criteria)
    )
    said = text(criteria_view(knowledge, of(knowledge, group.id, "social_return"), None))

    assert "nog geen eigen criteria" in said


def test_choosing(knowledge: Knowledge, schema: Draft6Validator) -> None:
    """What to choose from is on buttons, however many hits there are."""
    many = knowledge.find("afval")
    views = (
        start_view(knowledge, LINK),
        nothing_view(knowledge, "[klik](https://kwaad.example) **vet**", LINK),
        themes_view(knowledge),
        categories_view(knowledge),
        categories_view(knowledge, 5),
        categories_view(knowledge, 999),
        found_view(knowledge, many, criteria=True, link=LINK),
        found_view(knowledge, many, criteria=False, link=None),
    )

    assert [faults(view, schema) for view in views] == [[]] * len(views)


def test_every_category_can_be_reached(knowledge: Knowledge) -> None:
    """By going on, every category comes by, and then the first ones again."""
    seen: list[str] = []
    after = 0
    while True:
        view = categories_view(knowledge, after)
        data = [action.data for action in view.actions if isinstance(action, Action)]
        seen += [one["package"] for one in data if one["do"] == "inspire"]
        after = int(next(one["after"] for one in data if one["do"] == "categories"))
        if after == 0:
            break

    assert seen == list(knowledge.categories)
