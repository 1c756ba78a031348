"""What colleagues think is counted per question, of nobody, and only as often as they say it."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import AsyncIterator
from datetime import date, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from jsonschema import Draft6Validator

from bot.conversation import Conversation
from bot.feedback import Feedback, forget_old, listed, note, read
from bot.knowledge_feedback import show
from bot.records import Records
from bot.settings import Settings
from bot.teams import Teams
from knowledge.shelf import Shelf
from tests.bot.channel_stage import PURCHASE
from tests.bot.teams_room import Room, open_room

SCHEMA = files("adaptive_cards").joinpath("schemas/schema-1.5.json")
MONDAY = date(2026, 11, 23)
THUMB = {"actionName": "feedback", "actionValue": {"reaction": "dislike"}}


@pytest_asyncio.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    opened = await Records.open(f"sqlite:///{tmp_path}/moi.sqlite")
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def room(records: Records, shelf: Shelf) -> AsyncIterator[Room]:
    async def furnish(teams: Teams) -> None:
        teams.ask_opinions(Feedback(shelf, records))

    async with open_room(Conversation(shelf, records), furnish=furnish) as opened:
        yield opened


async def counted(records: Records) -> list[tuple[str, str, str, int]]:
    found = await records.read(listed)
    return [(one.about, one.verdict, one.text, one.times) for one in found]


async def react(room: Room, message: str, added: str = "", removed: str = "", **more: Any) -> None:
    changes = {"reactionsAdded": [{"type": added}], "reactionsRemoved": [{"type": removed}]}
    activity = room.activity(type="messageReaction", text=None, replyToId=message, **changes)
    if (await room.post(activity | more)).status != 200:
        raise AssertionError


async def judge(room: Room, words: Any, **more: Any) -> int:
    said = THUMB["actionValue"] | {"feedback": words}  # type: ignore[operator]
    value = THUMB | {"actionValue": said}
    activity = room.activity(type="invoke", name="message/submitAction", text=None, value=value, **more)
    return (await room.post(activity)).status


async def test_reaction_to_a_question(room: Room, records: Records) -> None:
    """A reaction counts for the question it is on, once per delivery; one that is taken away counts no longer."""
    await room.post(room.activity(text="50 bureaustoelen"))
    asked = room.channel.landed[-1].id
    for delivery in ("f:1", "f:1", "f:2"):
        await react(room, asked, "like", id=delivery)
    await react(room, asked, "surprised")
    await react(room, "van voor de herstart", "sad")
    before = await counted(records)
    await react(room, asked, removed="like")
    await react(room, "van voor de herstart", removed="sad")

    assert before == [("klopt", "up", "", 2), ("overig", "down", "", 1)]
    assert await counted(records) == [("klopt", "up", "", 1)]


async def test_thumbs(room: Room, records: Records) -> None:
    """Under the advice stand thumbs, once; the form warns about names, and the words are kept without them."""
    for line in PURCHASE:
        await room.post(room.activity(text=line))
    said = [landed.activity for landed in room.channel.landed]
    thumbs = [activity["channelData"] for activity in said if "channelData" in activity]
    fetch = room.activity(type="invoke", name="message/fetchTask", text=None, value=THUMB)
    schema = Draft6Validator(json.loads(SCHEMA.read_text("utf-8")))
    form = (await (await room.post(fetch)).json())["task"]["value"]["card"]["content"]
    words = '{"feedbackText": "te lang, zei Jan Jansen van 0598 12345"}'
    statuses = [await judge(room, words, id="f:9") for _ in range(2)]

    assert thumbs == [{"feedbackLoop": {"type": "custom"}}]
    assert said[-1].get("channelData")
    assert [problem.message for problem in schema.iter_errors(form)] == []
    assert "namen van mensen" in str(form)
    assert [field["id"] for field in form["body"] if field["type"] == "Input.Text"] == ["feedbackText"]
    assert [action["type"] for action in form["actions"]] == ["Action.Submit"]
    assert statuses == [200, 200]
    assert [row[:3] for row in await counted(records)] == [
        ("advies", "down", ""),
        ("advies", "down", "te lang zei van"),
    ]


async def test_nothing_to_count(room: Room, records: Records) -> None:
    """What is no verdict is refused or passed over, never with a server error."""
    for name, value in (
        ("message/submitAction", {"actionName": "anders"}),
        ("message/submitAction", {"actionName": "feedback", "actionValue": {"reaction": "?"}}),
        ("message/submitAction", None),
        ("message/fetchTask", {"actionName": "feedback", "actionValue": []}),
    ):
        response = await room.post(room.activity(type="invoke", name=name, text=None, value=value))

        assert response.status == 400
    await room.post(room.activity(type="messageReaction", text=None, reactionsAdded=None))

    assert await counted(records) == []


@pytest.mark.parametrize(
    ("feedback", "words"),
    [
        ('{"feedbackText": "mooi"}', "mooi"),
        ({"feedbackText": "mooi"}, "mooi"),
        ("mooi", "mooi"),
        ("{}", ""),
        ("[1]", ""),
        (None, ""),
        ('{"feedbackText": 3}', ""),
    ],
)
def test_words(feedback: Any, words: str) -> None:
    """The words are found in every form in which Teams sends them."""
    value = {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": feedback}}

    assert read(value) == ("up", words)


async def test_list(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Owners see the question as it is asked, how often, and the words; what is old is forgotten."""
    records = await Records.open(database_url)
    for about, verdict, text in (
        ("nodig", "up", ""),
        ("advies", "down", "te lang"),
        ("van-vroeger", "up", ""),
    ):
        await records.write(partial(note, about=about, verdict=verdict, today=MONDAY, text=text))
    await records.write(partial(note, about="nodig", verdict="up", today=MONDAY))
    settings = Settings(database_url=database_url)
    show(settings, Namespace())
    said = capsys.readouterr().out
    await records.write(partial(forget_old, MONDAY + timedelta(days=181)))
    show(settings, Namespace())
    await records.close()

    assert "het advies\n  duim omlaag: 1 keer\n  duim omlaag, week van 23 november 2026: te lang" in said
    assert "nodig: Hebben we het wel nodig?\n  duim omhoog: 2 keer" in said
    assert "van-vroeger" in said
    assert capsys.readouterr().out.startswith("Er is nog geen oordeel.")
