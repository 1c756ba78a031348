"""On Monday morning the channel hears once what came in and what waits, and nothing when there is nothing to say."""

from __future__ import annotations

import asyncio
import dataclasses
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from bot import tables
from bot.channel_posts import DIGEST
from bot.channel_work import NOTHING_YET, act
from bot.digest import WeeklyDigest, came_in
from bot.people import Person
from bot.records import Records
from bot.summaries import summaries, summary
from bot.talk_state import Place, RecordDraft, Response, Talk
from cards.plain import text
from knowledge.shelf import Shelf

MONDAY = date(2026, 11, 30)
BUYER = Person("p1", "Inkoper")
TEAM = Person("p2", "MVOI-team", frozenset({"mvoi"}))
DRAFT = RecordDraft("niet-gekocht", "kantoor", "stoelen", "tot 25.000", {}, "k1")
IN_THE_WEEK = datetime(2026, 11, 25, 12, tzinfo=UTC)


async def sent(records: Records, outcome: str, made: datetime = IN_THE_WEEK) -> str:
    """A purchase that was recorded at this moment; gives its id."""
    name = uuid.uuid4().hex
    draft = dataclasses.replace(DRAFT, outcome=outcome, id=name)
    talk = Talk(uuid.uuid4().hex, BUYER.id, "koop", state="done")
    await records.in_turn(
        BUYER, Place("web", "c1"), name, lambda _old: Response(talk, (), draft), lambda _talk: ()
    )

    def date_it(connection: Connection) -> None:
        connection.execute(update(tables.records).where(tables.records.c.id == name).values(made=made))

    await records.write(date_it)
    return name


async def digests(records: Records) -> list[str]:
    """Every digest in the channel, as plain words."""
    found = [post.record for post in await records.posts()]
    return [text(summary(record)) for record in found if record.outcome == DIGEST]


async def test_digest(records: Records, shelf: Shelf) -> None:
    """What came in per end, and what nobody picked up yet or answered, without names."""
    picked = await sent(records, "niet-gekocht")
    asked = await sent(records, "niet-gekocht")
    await sent(records, "koop-met-mvoi")
    await sent(records, "koop-met-mvoi", IN_THE_WEEK - timedelta(days=7))
    await records.write(lambda connection: act(connection, TEAM, "oppakken", picked, ""))
    await records.write(lambda connection: act(connection, TEAM, "vragen", asked, "Wanneer is het nodig?"))
    await WeeklyDigest(records, shelf, lambda: MONDAY).post()
    [said] = await digests(records)

    assert [line for line in said.splitlines() if line] == [
        "Weekbericht · 23 november tot en met 29 november",
        "Niet gekocht: 2",
        "Koop met MVOI: 1",
        "Nog niet opgepakt of besproken: 3",
        "Vragen zonder antwoord: 1",
    ]


async def test_once(records: Records, shelf: Shelf) -> None:
    """The digest of a week comes once, whoever looks and how often, and can be neither picked up nor asked about."""
    await sent(records, "niet-gekocht")
    await asyncio.gather(*(WeeklyDigest(records, shelf, lambda: MONDAY).post() for _ in range(3)))
    await WeeklyDigest(records, shelf, lambda: MONDAY + timedelta(days=1)).post()
    [post] = [post for post in await records.posts() if post.record.outcome == DIGEST]
    said, _ = await records.write(lambda connection: act(connection, TEAM, "oppakken", post.record.id, ""))
    card = summaries("https://moi.example.nl")(post.record, NOTHING_YET).card

    assert said == "onbekend"
    assert [action["url"] for action in card["actions"]] == ["https://moi.example.nl/kanaal"]


@pytest.mark.parametrize(("day", "comes"), [(0, True), (2, True), (3, False), (6, False)])
async def test_day(sqlite_url: str, shelf: Shelf, day: int, comes: bool) -> None:
    """When it was missed on Monday it still comes, until Wednesday."""
    records = await Records.open(sqlite_url)
    await sent(records, "niet-gekocht")
    await WeeklyDigest(records, shelf, lambda: MONDAY + timedelta(days=day)).post()
    found = await digests(records)
    await records.close()

    assert bool(found) is comes


async def test_nothing(sqlite_url: str, shelf: Shelf) -> None:
    """A week without anything new, and with nothing that waits, has no digest."""
    records = await Records.open(sqlite_url)
    await WeeklyDigest(records, shelf, lambda: MONDAY).post()
    found = await digests(records)
    await records.close()

    assert found == []


async def test_our_own_week(sqlite_url: str) -> None:
    """The week begins and ends at midnight in the Netherlands, also when the clock was changed in between."""
    records = await Records.open(sqlite_url)
    monday = date(2026, 10, 26)  # The night before, the clock went back.
    for moment in (
        datetime(2026, 10, 18, 21, 59, tzinfo=UTC),
        datetime(2026, 10, 18, 22, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 22, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 23, 0, tzinfo=UTC),
    ):
        await sent(records, "niet-gekocht", moment)
    found = await records.read(lambda connection: came_in(connection, monday))
    await records.close()

    assert found == {"niet-gekocht": 2}
