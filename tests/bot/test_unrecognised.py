"""What Moi did not recognise is counted for the owners of the knowledge, and is nobody's."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import func, insert, select

from bot import unrecognised
from bot.conversation import Conversation
from bot.knowledge_tables import unrecognised as table
from bot.people import Person
from bot.records import Records
from bot.talk_state import Message, Place
from bot.unrecognised import MOST_KEPT, Unknown, missed
from knowledge.shelf import Shelf

ME, YOU = Person("web:ik", "collega"), Person("web:jij", "collega")
WEB = Place("web", "w")
MONDAY = date(2026, 11, 23)


async def listed(records: Records) -> list[Unknown]:
    return await asyncio.wrap_future(records.database.read(unrecognised.listed))


async def note(records: Records, text: str, today: date) -> None:
    await asyncio.wrap_future(
        records.database.write(lambda connection: unrecognised.note(connection, text, today))
    )


async def say(records: Records, shelf: Shelf, *texts: str, person: Person = ME, again: int = 1) -> None:
    """Say this one after the other, each message delivered so many times."""
    conversation = Conversation(shelf, records)
    for text in texts:
        for _ in range(again):
            await conversation.turn(person, Message(f"{person.id} {text}", text), WEB)


async def test_said_twice(records: Records, shelf: Shelf) -> None:
    """The same thing in other words, by others, counts up; a message that is delivered twice counts once."""
    await say(records, shelf, "klimwand", again=2)
    await say(records, shelf, "We zoeken een klimwand voor Voornaam", person=YOU)
    (found,) = await listed(records)

    assert (found.text, found.times) == ("klimwand", 2)


async def test_something_else(records: Records, shelf: Shelf) -> None:
    """What was understood wrongly counts once the buyer says so, typed or tapped."""
    await say(records, shelf, "12 hesjes voor stuntmannen", "iets anders")
    conversation = Conversation(shelf, records)
    answer = await conversation.turn(YOU, Message("1", "12 bureaustoelen voor stuntmannen"), WEB)
    (no,) = (action.data for action in answer.views[-1].actions if action.label == "Iets anders")  # type: ignore[union-attr]
    await conversation.turn(YOU, Message("2", tap=no), WEB)

    assert [one.text for one in await listed(records)] == [
        "bureaustoelen stuntmannen",
        "hesjes stuntmannen",
    ]


async def test_no_purchase(records: Records, shelf: Shelf) -> None:
    """Greetings, commands, reports, questions, small talk and explanations leave nothing."""
    said = ("hallo", "hulp", "stop", "de lantaarnpaal is stuk", "wat kost dit?", "hoe laat is het", "bedankt")
    talk = ("20 laptops", "ja", "geheim", "weet ik niet", "toch kopen", "ik weet het niet")
    await say(records, shelf, *said, *talk, "past niet, want geheim", person=YOU)

    assert await listed(records) == []


def test_only_what_may_be_bought(shelf: Shelf) -> None:
    """Long stories, and what is about a person, are not kept at all."""
    texts = (
        "mijn vrouw is ziek",
        "ik voel me niet goed",
        "zij is zwanger",
        "een heel lang verhaal " * 5,
        "06-12345678",
    )

    assert [missed(shelf.current, text) for text in texts] == [None] * len(texts)


async def test_weeks(records: Records) -> None:
    """No finer moment is kept than the week."""
    for days in (2, 4, 9):
        await note(records, "klimwand", MONDAY + timedelta(days=days))
    (found,) = await listed(records)

    assert found == Unknown("klimwand", 3, MONDAY, MONDAY + timedelta(days=7))


async def test_forgotten(records: Records) -> None:
    """What was not said for half a year is forgotten."""
    await note(records, "oud", MONDAY)
    await note(records, "nieuw", MONDAY + timedelta(days=21))
    forget = partial(unrecognised.forget_old, MONDAY + timedelta(days=190))
    await asyncio.wrap_future(records.database.write(forget))

    assert [one.text for one in await listed(records)] == ["nieuw"]


async def test_at_once(records: Records) -> None:
    """Ten people who say the same at one moment are counted as ten."""
    await asyncio.gather(*(note(records, "klimwand", MONDAY) for _ in range(10)))

    assert [one.times for one in await listed(records)] == [10]


@pytest.mark.parametrize("text", ["nieuw", "t0"])
async def test_full(records: Records, text: str) -> None:
    """Nobody can fill the database with it: a full list only counts what it has."""
    rows = [
        {"text": f"t{number}", "times": 1, "first_week": MONDAY, "last_week": MONDAY}
        for number in range(MOST_KEPT)
    ]
    await asyncio.wrap_future(
        records.database.write(lambda connection: connection.execute(insert(table), rows))
    )
    await note(records, text, MONDAY)
    counts = select(func.count(), func.sum(table.c.times))
    total = await asyncio.wrap_future(
        records.database.read(lambda connection: connection.execute(counts).one())
    )

    assert tuple(total) == (MOST_KEPT, MOST_KEPT + (text == "t0"))
