"""The talk as channels use it: kept, once per message, and the same on every channel."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversation import Conversation
from bot.people import Person
from bot.records import Records
from bot.tables import people
from bot.talk_state import Answer, Message, Place
from cards.plain import text
from knowledge.shelf import Shelf

ME, YOU = Person("web:ik", "collega"), Person("web:jij", "collega")
WEB, TEAMS = Place("web", "w"), Place("teams", "t")
TALK = ("12 bureaustoelen voor 2500 euro", "ja", "kapot", "toch kopen", "neem ik mee", "versturen")


@pytest.fixture
def conversation(shelf: Shelf, records: Records) -> Conversation:
    """The real conversation, on each kind of database."""
    return Conversation(shelf, records)


def said(answer: Answer) -> str:
    """All that Moi says, as plain text."""
    return "\n".join(text(view) for view in answer.views)


async def play(conversation: Conversation, *lines: str, person: Person = ME, place: Place = WEB) -> Answer:
    """The answer to the last of these lines."""
    answer = Answer(())
    for number, line in enumerate(lines):
        answer = await conversation.turn(person, Message(f"{person.id} {number} {line}", line), place)
    return answer


async def test_doubled_messages(conversation: Conversation, records: Records) -> None:
    """A talk in which every message arrives twice ends in one record of one version."""
    for line in TALK:
        first = await conversation.turn(ME, Message(line, line), WEB)
        second = await conversation.turn(ME, Message(line, line), WEB)

        assert (first.repeated, second.repeated) == (False, True)

    assert [record.version for record in await records.records_of(ME.id)] == [1]


async def test_two_people(conversation: Conversation, records: Records) -> None:
    """Two people at once have a talk each."""
    await asyncio.gather(play(conversation, *TALK), play(conversation, *TALK, person=YOU))

    assert [len(await records.records_of(person.id)) for person in (ME, YOU)] == [1, 1]


async def test_roles_in_teams(conversation: Conversation, records: Records) -> None:
    """In Teams, which tells no roles, a colleague has those of their last sign-in on the web."""
    await records.sign_ins.keep(replace(ME, roles=frozenset({"buyer", "mvoi"})))
    await play(conversation, "hallo", place=TEAMS)
    kept = select(people.c.roles).where(people.c.id == ME.id)
    roles = await asyncio.wrap_future(records.database.read(lambda found: found.execute(kept).scalar_one()))

    assert roles == ["buyer", "mvoi"]


async def test_talk_of_another(conversation: Conversation, records: Records) -> None:
    """Nobody can tap in the talk of another."""
    await play(conversation, *TALK[:2])
    talk = await records.last_talk(ME.id)
    tap = {"do": "stop", "talk": talk}
    await conversation.turn(YOU, Message("tik", tap=tap), WEB)
    kept = await records.talk(talk or "")

    assert kept is not None
    assert kept.state == "open"


async def test_changed_elsewhere(conversation: Conversation, records: Records) -> None:
    """What was sent on the page can be changed in Teams; the record gets its second version."""
    await play(conversation, *TALK)
    await play(conversation, "wijzig waarde", "2600", "versturen", place=TEAMS)

    assert [record.version for record in await records.records_of(ME.id)] == [2]


async def test_sent_again_unchanged(conversation: Conversation, records: Records) -> None:
    """Sending the same again makes no new version, so the channel is not told twice."""
    await play(conversation, *TALK)
    await play(conversation, "wijzig waarde", "2500", "versturen", place=TEAMS)

    assert [record.version for record in await records.records_of(ME.id)] == [1]


async def test_ten_at_once(conversation: Conversation, records: Records) -> None:
    """Ten messages at once in one talk are all answered, and lead to one record at most."""
    await play(conversation, *TALK[:-1])
    turns = [conversation.turn(ME, Message(f"tien {n}", "versturen"), WEB) for n in range(10)]
    answers = await asyncio.gather(*turns)

    assert all(answer.views for answer in answers)
    assert len(await records.records_of(ME.id)) == 1


@pytest.mark.parametrize(
    "tap",
    [
        {"do": "answer", "talk": "\ud800"},
        {"do": "answer", "talk": "\x00"},
        {"do": "answer", "talk": ["a"], "key": {}},
        {"do": "express-send", "wat": "12 stoelen \x00\ud800", "nodig": "kapot"},
        {},
    ],
)
async def test_strange_taps(conversation: Conversation, tap: Mapping[str, Any]) -> None:
    """Characters that no database takes, and fields of a wrong kind, get an answer."""
    assert (await conversation.turn(ME, Message("tik", tap=tap), WEB)).views


async def test_strange_words(conversation: Conversation, records: Records) -> None:
    """Words with characters that no database takes are kept without them."""
    await conversation.turn(ME, Message("woorden", "12 bureaustoelen \x00 \ud800 voor 2500"), WEB)
    kept = await records.talk(await records.last_talk(ME.id) or "")

    assert kept is not None
    assert "12 bureaustoelen" in str(kept.answers["wat"])
