"""The real talk in Teams: the same questions as on the web, by words and by buttons, on a bad line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.conversation import Conversation
from bot.records import Records
from knowledge.loading import DATA
from knowledge.shelf import Shelf
from tests.bot.teams_room import Room, open_room
from tests.fakes.connector import Fault

SENTENCE = "we willen 50 nieuwe bureaustoelen, zo'n 15k"
BUSY = Fault(429, {"Retry-After": "0"})
MOST_DECISIONS = 7


@pytest_asyncio.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    opened = await Records.open(f"sqlite:///{tmp_path}/moi.sqlite")
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def room(records: Records) -> AsyncIterator[Room]:
    async with open_room(Conversation(Shelf(DATA), records)) as opened:
        yield opened


async def test_by_buttons_on_a_bad_line(room: Room, records: Records) -> None:
    """With every delivery doubled and the channel busy now and then, the talk ends in one record, asked once."""
    await room.post(room.activity(text=SENTENCE))
    presses = 0
    while not await records.records_of("aad:person-1"):
        assert presses < MOST_DECISIONS

        presses += 1
        room.channel.faults.append(BUSY)
        tap = _press(room, _buttons(room)[0])
        statuses = [(await room.post(tap)).status for _ in range(2)]

        assert statuses == [200, 200]
    said = room.said()

    assert len(await records.records_of("aad:person-1")) == 1
    assert len(said) == len(set(said)) == presses + 2  # at the end the advice comes before what is done


async def test_no_name_of_the_card_library(room: Room) -> None:
    """No button in Teams gives back a "key", because a newer card library takes that name for itself and then fails."""
    await room.post(room.activity(text=SENTENCE))
    buttons = _buttons(room)

    assert buttons
    assert not any("key" in data for data in buttons)


async def test_old_button(room: Room) -> None:
    """A button that was pressed before changes nothing and gives no server error."""
    await room.post(room.activity(text=SENTENCE))
    first = _buttons(room)[0]
    for _ in range(3):
        response = await room.post(_press(room, first))

        assert (response.status, (await response.json())["statusCode"]) == (200, 200)


async def test_welcome(room: Room) -> None:
    """Who adds Moi hears what it is and what to do next."""
    await room.post(room.activity(type="conversationUpdate", text=None, membersAdded=[{"id": "28:moi"}]))

    assert "digitale assistent" in room.said()[0]


def _buttons(room: Room) -> list[dict[str, Any]]:
    """What can be pressed on the newest card, as Teams would do it."""
    card = room.channel.landed[-1].activity["attachments"][0]["content"]
    return [action["data"] for action in card["actions"] if action["type"] == "Action.Execute"]


def _press(room: Room, data: dict[str, Any]) -> dict[str, Any]:
    value = {"action": {"type": "Action.Execute", "data": data}, "trigger": "manual"}
    return room.activity(type="invoke", name="adaptiveCard/action", text=None, value=value)
