"""An inspiration package is composed of the items themselves, and says where everything comes from."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.knowledge import Knowledge
from knowledge.package import Package
from knowledge.packages import package

DAY = date(2026, 11, 23)


def of(knowledge: Knowledge, id_: str, theme: str | None = None) -> Package:
    """A package that exists."""
    found = package(knowledge, id_, DAY, theme)
    assert found is not None
    return found


def ids(knowledge: Knowledge) -> list[str]:
    return [*knowledge.groups, *knowledge.categories, *knowledge.themes]


def test_ids_are_apart(knowledge: Knowledge) -> None:
    """No product group, category and theme share an id, so that an address is always one package."""
    assert len(ids(knowledge)) == len(set(ids(knowledge)))


def test_every_package(knowledge: Knowledge) -> None:
    """Every group, category and theme has a package with questions, criteria and somebody who helps."""
    for id_ in ids(knowledge):
        found = of(knowledge, id_)

        assert found.questions[0] == "Hebben we het wel nodig?", id_
        assert len(found.questions) >= 2, id_
        assert any(part.criteria for part in found.parts), id_
        assert found.ambassador is not None, id_
        assert found.helpers, id_
        assert found.path == f"/inspiratie/{id_}"


def test_every_theme_of_every_package(knowledge: Knowledge) -> None:
    """Asked for a theme, a package is about that theme only, and never empty."""
    for id_ in [*knowledge.groups, *knowledge.categories]:
        for theme in knowledge.themes:
            found = of(knowledge, id_, theme)

            assert [part.theme.id for part in found.parts] == [theme], (id_, theme)
            assert found.parts[0].criteria, (id_, theme)
            assert all(one.theme == theme for one in found.parts[0].criteria), (id_, theme)
            assert found.path == f"/inspiratie/{id_}?thema={theme}"


def test_main_themes_come_first(knowledge: Knowledge) -> None:
    """The themes that the plan names for the category (§7.1) come first, each with our ambition."""
    found = of(knowledge, "wegen")

    assert [part.theme.id for part in found.parts[:3]] == [
        "klimaat",
        "circulariteit",
        "milieu_biodiversiteit",
    ]
    assert [part.main for part in found.parts[:3]] == [True, True, True]
    assert found.parts[0].ambition is not None
    assert (found.parts[0].ambition.level, found.parts[0].level_name) == (3, "verbreding")
    assert found.parts[0].fits == "significant"


def test_ambition_of_the_team(knowledge: Knowledge) -> None:
    """For a category of BOR the ambition is what BOR explores; for another the general one (§4.3)."""
    roads, offices = of(knowledge, "gww", "circulariteit"), of(knowledge, "kantoormeubilair", "circulariteit")

    assert roads.parts[0].ambition is not None
    assert offices.parts[0].ambition is not None
    assert (roads.parts[0].ambition.team, roads.parts[0].ambition.explore) == ("BOR", 3)
    assert (offices.parts[0].ambition.team, offices.parts[0].ambition.explore) == (None, 2)


def test_no_ambition_on_that_day(knowledge: Knowledge) -> None:
    """After the period of the plan there is no goal, and the package is still there."""
    found = package(knowledge, "klimaat", date(2031, 1, 1))

    assert found is not None
    assert found.parts[0].ambition is None


def test_every_criterion_says_where_it_is_from(knowledge: Knowledge) -> None:
    """Each criterion has a source and a certainty, also where its file gives them once for all."""
    asked = [one for id_ in ids(knowledge) for part in of(knowledge, id_).parts for one in part.criteria]

    assert all(one.source and one.certainty for one in asked)


def test_general_criteria_are_borrowed(knowledge: Knowledge) -> None:
    """A group without criteria for a theme gets the general ones, and the package says so."""
    group = next(
        group
        for group in knowledge.groups.values()
        if all(criterion.theme != "social_return" for criterion in group.criteria)
    )
    found = of(knowledge, group.id, "social_return").parts[0]

    assert found.borrowed
    assert {one.group for one in found.criteria} == {None}
    assert not of(knowledge, "kantoormeubilair", "circulariteit").parts[0].borrowed


def test_labels_may_be_equalled(knowledge: Knowledge) -> None:
    """A label is not asked for alone (Aanbestedingswet 2012, art. 2.78a), except where its item says that it may be."""
    labels = {label for id_ in ids(knowledge) for label in of(knowledge, id_).labels}
    alone = {", ".join(label.names) for label in knowledge.labels.values() if not label.or_equal}

    assert labels
    assert {label for label in labels if not label.endswith(" of gelijkwaardig")} <= alone


def test_alternatives_of_a_category(knowledge: Knowledge) -> None:
    """A category shows each kind of alternative once, spread over its product groups."""
    ways = of(knowledge, "gww").alternatives
    kinds = [way.alternative.kind for way in ways]

    assert len(kinds) == len(set(kinds))
    assert len({way.group.id for way in ways}) > len(ways) / 2


@pytest.mark.parametrize(
    ("id_", "helps"),
    [
        ("kantoormeubilair", "facilitair"),
        ("wegen", "bor"),
        ("gww", "bor"),
        ("inhuur-zzp", "hrm"),
        ("klimaat", "expert-klimaat"),
        ("social_return", "coordinator-social-return"),
    ],
)
def test_who_helps(knowledge: Knowledge, id_: str, helps: str) -> None:
    """First the role that is nearest: the team of the category, or the expert of the theme."""
    found = of(knowledge, id_)

    assert found.helpers[0].id == helps
    assert [role.id for role in found.helpers[-2:]] == ["mvoi-projectleider", "mvoi-team"]


def test_no_team_of_elsewhere(knowledge: Knowledge) -> None:
    """A team that is only there for its own categories is not named for others, although it knows the theme."""
    helpers = {role.id for role in of(knowledge, "ict-hardware").helpers}

    assert "automatisering" in helpers
    assert not helpers & {"bor", "gebouwenbeheer"}


def test_ambassador(knowledge: Knowledge) -> None:
    """The plan still has to appoint ambassadors; until then the package says who helps."""
    ambassador = of(knowledge, "catering").ambassador

    assert ambassador is not None
    assert ambassador.remark is not None
    assert "Tot die tijd helpt de MVOI-projectleider" in ambassador.remark


@pytest.mark.parametrize(("id_", "theme"), [("nergens", None), ("catering", "nergens"), ("", None)])
def test_no_package(knowledge: Knowledge, id_: str, theme: str | None) -> None:
    """What does not exist has no package."""
    assert package(knowledge, id_, DAY, theme) is None


def test_title(knowledge: Knowledge) -> None:
    """A package about one theme says which."""
    assert of(knowledge, "bedrijfskleding", "klimaat").title == "Bedrijfskleding · Klimaat"
    assert of(knowledge, "klimaat").title == "Klimaat"
    assert of(knowledge, "klimaat", "circulariteit").path == "/inspiratie/klimaat"
