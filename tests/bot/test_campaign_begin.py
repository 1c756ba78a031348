"""What a campaign begins with: the questions of the plan and the moments of the year, ready but for a look."""

from __future__ import annotations

from datetime import date

import pytest

from bot.campaign_begin import calendar, first_draft, months
from bot.campaign_form import problems
from bot.campaign_reach import Size
from bot.campaigns import LONGEST, Draft, newest
from knowledge.campaigns import CampaignTemplate
from knowledge.shelf import Shelf
from tests.bot.campaign_room import WRITER
from tests.bot.test_campaign_page import page, post
from tests.bot.web_room import Room, open_page

CROWD = Size(9, 0, 0, 0)


def test_templates(shelf: Shelf) -> None:
    """At least six questions of the plan, each with its place there, are ready to be sent as they are."""
    knowledge = shelf.current
    drafts = {name: first_draft(knowledge, {"sjabloon": name}) for name in knowledge.campaign_templates}
    wrong = {name: problems(knowledge, draft, CROWD) for name, draft in drafts.items()}

    assert len(drafts) >= 6
    assert {name: found for name, found in wrong.items() if found} == {}
    assert all("actieplan §" in one.source for one in knowledge.campaign_templates.values())


def test_as_long_as_the_form() -> None:
    """A template may be as long as what somebody types, and no longer."""
    shape = CampaignTemplate.model_json_schema(by_alias=True)
    most = {name: field.get("maxLength") for name, field in shape["properties"].items()}
    button = shape["$defs"]["TemplateButton"]["properties"]["tekst"]["maxLength"]

    assert (most["titel"], most["tekst"], most["melding"], most["vraag"], button) == tuple(
        LONGEST[name] for name in ("title", "text", "line", "question", "label")
    )
    assert shape["properties"]["keuzes"]["items"]["maxLength"] == LONGEST["choice"]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [("maart of april", 3, 4), ("derde zaterdag van oktober", 10, 10), ("najaar", 9, 11), ("ooit", 1, 12), ("winter", 12, 2)],
)  # fmt: skip
def test_months(period: str, first: int, last: int) -> None:
    """A period is read by the months that it names."""
    assert months(period) == (first, last)


def test_calendar(shelf: Shelf) -> None:
    """What it is the time for comes first, then what comes next, and at the end what was just over."""
    december = calendar(shelf.current, date(2026, 12, 3))
    now = [one.moment.name for one in december if one.now]

    assert now == ["Einde jaar, budget opmaken", "Kerstpakketten"]
    assert [one.moment.name for one in december][2] == "Warmetruiendag"
    assert december[-1].moment.period == "eind november"


def test_moment(shelf: Shelf) -> None:
    """A moment begins with its own words, with the buttons of its template; an unknown one begins with nothing."""
    knowledge = shelf.current
    with_template = first_draft(knowledge, {"moment": "Einde jaar, budget opmaken"})
    without = first_draft(knowledge, {"moment": "Pasen"})

    assert with_template.title == "Koop niet om het budget op te maken"
    assert with_template.buttons == first_draft(knowledge, {"sjabloon": "nodig"}).buttons
    assert (without.title, without.line) == ("Fairtrade paaseieren als eigen voorbeeld",) * 2
    assert (without.subject, without.buttons) == ("ketenverantwoordelijkheid", ())
    assert first_draft(knowledge, {"sjabloon": "weg"}) == Draft()


async def test_begin_with(room: Room) -> None:
    """The page shows both; what was chosen stands in the form, and its talk begins at the beginning."""
    seen = await page(room, WRITER, "/campagnes")
    _, path = await post(room, WRITER, "/campagnes", sjabloon="nodig")
    written = await page(room, WRITER, path)
    [kept] = await room.house.records.read(newest)
    mine = await open_page(room, WRITER)
    await mine.say("we willen 50 bureaustoelen")
    await mine.hear()
    tap = {"do": "campagne", "act": "praat", "campaign": kept.id, "number": "1", "to": "begin"}
    await mine.say(value=tap)
    heard = str(await mine.hear())

    assert seen.index("Begin hiermee: Heb je het wel nodig?") < seen.index("Begin hiermee: Kerstpakketten")
    assert "voorstel van: MVOI-team" in seen
    assert "Wat doe je met je volgende inkoop?" in written
    assert '<option value="begin" selected>' in written
    assert "kantoormeubilair" in heard
