"""One's own answers on the page of a record: a link to each of them, and changing it in the talk, for nobody else."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
import pytest_asyncio

from bot.people import Person
from tests.bot.web_room import BUYER, COLLEAGUE, Room, buy, open_page

READER = Person("p3", "Inkoop", frozenset({"inkoop"}))
NOBODY = "0" * 32


async def look(room: Room, path: str, person: Person = BUYER) -> tuple[int, str, str]:
    """Status, where one is sent, and the page."""
    async with room.get(path, headers=room.cookie(person) | {"Accept": "text/html"}) as answer:
        return answer.status, answer.headers.get("Location", ""), unescape(await answer.text())


def first_words(page: str) -> tuple[str, dict[str, Any]]:
    """What the page says first in the talk, in words and as a tap."""
    found = re.search(r'data-tap="(\{.*?\})" data-name="(.*?)"', page)
    assert found
    return found[2], json.loads(found[1])


@pytest_asyncio.fixture
async def record(room: Room) -> str:
    return await buy(room)


async def test_lines(room: Room, record: str) -> None:
    """Whose record it is sees every answer with a way to change it; who reads the channel sees the summary only."""
    _, _, mine = await look(room, f"/aanvraag/{record}")
    _, _, theirs = await look(room, f"/aanvraag/{record}", READER)

    assert re.findall(rf'href="/\?wijzig={record}:([a-z-]+)"', mine) == [
        *("wat", "klopt", "nodig", "anders", "waarde", "pas-toe")
    ]
    assert "wijzig=" not in theirs
    assert "€ 3.000</" not in theirs


@pytest.mark.parametrize("person", [BUYER, READER])
async def test_one_place(room: Room, record: str, person: Person) -> None:
    """A link to a question leads to one place, for whoever may read the record."""
    _, _, page = await look(room, f"/aanvraag/{record}", person)
    places = re.findall(r' id="([a-z-]+)" tabindex="-1"', page.partition("<article")[2])

    assert len(places) == len(set(places))
    assert {"wat", "nodig", "anders", "waarde", "pas-toe", "hulp"} <= set(places)


async def test_link(room: Room, record: str) -> None:
    """The link to a question leads to its line, and for who may not read the record to nothing."""
    found = await look(room, f"/aanvraag/{record}/waarde", READER)
    refused = await look(room, f"/aanvraag/{record}/waarde", COLLEAGUE)

    assert found[:2] == (303, f"/aanvraag/{record}#waarde")
    assert refused[:2] == (404, "")


async def test_change(room: Room, record: str) -> None:
    """A link to change an answer asks that question in the talk; sent again, the same record has a new version."""
    _, _, page = await look(room, f"/?wijzig={record}:waarde")
    words, tap = first_words(page)
    chat = await open_page(room)
    await chat.hear()
    await chat.say(words, value=tap)
    asked = (await chat.hear())[-1]["summary"]
    _, _, meanwhile = await look(room, f"/aanvraag/{record}")
    for said in ("4000", "versturen"):
        await chat.say(said)
    kept = await room.house.records.records_of(BUYER.id)

    assert words == "Wijzig: Waarde nu"
    assert asked.startswith("Weet je al wat dat ongeveer kost")
    assert "Je bent deze aanvraag aan het wijzigen." in meanwhile
    assert [(one.id, one.version) for one in kept] == [(record, 2)]


@pytest.mark.parametrize("person", [READER, COLLEAGUE])
async def test_only_own(room: Room, record: str, person: Person) -> None:
    """Nobody changes an answer of somebody else, also not who may read it, by the link or by hand."""
    status, _, page = await look(room, f"/?wijzig={record}:waarde", person)
    theirs = await room.house.records.talk_about(record, BUYER.id)
    assert theirs
    chat = await open_page(room, person)
    await chat.say("Wijzig", value={"do": "change", "talk": theirs.id, "key": "waarde-anders"})

    assert (status, "data-tap" in page) == (404, False)
    assert await room.house.records.talk_about(record, BUYER.id) == theirs


@pytest.mark.parametrize(
    "link", ["", "waarde", ":waarde", f"{NOBODY}:waarde", "a:b:c", "%00:x", "<b>:waarde"]
)
async def test_strange_links(room: Room, link: str) -> None:
    """A link that leads nowhere says so."""
    assert (await look(room, f"/?wijzig={link}"))[0] == 404


async def test_unknown_question(room: Room, record: str) -> None:
    """A link to a question that was not answered lets choose from those that were."""
    _, _, page = await look(room, f"/?wijzig={record}:kansen")

    assert first_words(page)[1]["do"] == "review"


async def test_busy(room: Room, record: str) -> None:
    """Another talk that is going on is not stopped before one knows that it will be."""
    chat = await open_page(room)
    await chat.say("20 laptops")
    sent = await look(room, f"/?wijzig={record}:waarde")
    _, _, page = await look(room, f"/aanvraag/{record}")
    _, _, anyway = await look(room, f"/?wijzig={record}:waarde&toch=ja")

    assert sent[:2] == (303, f"/aanvraag/{record}#waarde")
    assert "Kies je hier Wijzig, dan stopt die." in page
    assert f"/?wijzig={record}:waarde&toch=ja" in page
    assert first_words(anyway)[1]["do"] == "change"


async def test_forgotten(room: Room, record: str) -> None:
    """Whose data are gone is nobody's record any more, also not for the same person."""
    await room.house.records.forget(BUYER.id)

    assert (await look(room, f"/aanvraag/{record}"))[0] == 404
    assert (await look(room, f"/?wijzig={record}:waarde"))[0] == 404
