"""The monthly report reaches the channel once, on its day, and who reads the channel sees all of it on a page."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.care import CareOfContent, MonthlyReport, note_id
from bot.channel_work import NOTHING_YET
from bot.delivery import Delivery
from bot.people import Person
from bot.records import Records
from bot.summaries import summaries
from bot.workflows import DBOS
from knowledge.care.report import first_working_day
from knowledge.loading import DATA
from knowledge.shelf import Shelf
from tests.bot.test_delivery import Channel
from tests.bot.web_room import BUYER, Room

FIRST_DAY = date(2026, 12, 1)
READER = Person("p3", "MVOI-team", frozenset({"mvoi"}))


@pytest.fixture(scope="module")
def care(shelf: Shelf) -> CareOfContent:
    """Care on the first day of a month, whatever day it is for who posts; it looks once, which takes seconds."""
    return CareOfContent(shelf, DATA, lambda: FIRST_DAY)


@asynccontextmanager
async def instance(url: str, channel: Channel, shelf: Shelf, care: CareOfContent) -> AsyncIterator[Records]:
    """A Moi for which it is the morning on which the report is due."""
    records = await Records.open(url, ("page", "teams"))
    monthly = MonthlyReport(records, care, shelf, lambda: FIRST_DAY)
    looked = asyncio.Event()

    async def look() -> None:
        await monthly.post()
        looked.set()

    render = summaries("https://moi.example.nl")
    delivery = Delivery(records, render, {"teams": channel}, report=look)
    await delivery.start()
    try:
        await asyncio.to_thread(DBOS.trigger_schedule, "report")
        async with asyncio.timeout(60):
            await looked.wait()
        yield records
    finally:
        await delivery.close()
        await records.close()


async def arrived(records: Records) -> None:
    async with asyncio.timeout(30):
        revision, found = await records.posts_since(0)
        while [dict(post.states) for post in found] != [{"page": "posted", "teams": "posted"}]:
            await records.wait_for_posts(revision)
            revision, found = await records.posts_since(0)


async def test_sent_by_itself(database_url: str, shelf: Shelf, care: CareOfContent) -> None:
    """On the first working day the report lands in the channel by itself, once, also after a restart."""
    channel = Channel()
    for _ in range(2):
        async with instance(database_url, channel, shelf, care) as records:
            schedule = await asyncio.to_thread(DBOS.get_schedule, "report")
            await arrived(records)
            [post] = await records.posts()

    assert len(channel.cards) == 1
    assert schedule
    assert (schedule["schedule"], schedule["cron_timezone"]) == ("0 8 * * *", "Europe/Amsterdam")
    assert post.record.id == note_id(FIRST_DAY)
    assert "https://moi.example.nl/onderhoud" in str(channel.cards)


@pytest.mark.postgres
async def test_two_at_once(postgres_url: str, shelf: Shelf) -> None:
    """Instances that find at the same moment that it is time make one note together."""
    async with AsyncExitStack() as stack:
        several = [await Records.open(postgres_url) for _ in range(3)]
        for records in several:
            stack.push_async_callback(records.close)
        care = CareOfContent(shelf, DATA, lambda: FIRST_DAY)
        await asyncio.gather(
            *(MonthlyReport(records, care, shelf, lambda: FIRST_DAY).post() for records in several)
        )
        found = await several[0].posts()

    assert [post.record.id for post in found] == [note_id(FIRST_DAY)]


@pytest.mark.parametrize(
    ("today", "sent"),
    [
        (date(2026, 11, 30), False),
        (date(2026, 12, 1), True),
        (date(2026, 12, 3), True),  # Moi was down on the first.
        (date(2026, 12, 5), False),  # A Saturday.
        (date(2026, 12, 8), False),  # Too late to be of use.
        (date(2027, 1, 1), False),
        (date(2027, 1, 4), True),
        (date(2026, 8, 2), False),  # A Sunday.
        (date(2026, 8, 3), True),
    ],
)
async def test_day(sqlite_url: str, shelf: Shelf, care: CareOfContent, today: date, sent: bool) -> None:
    """The report comes on the first working day, or on a working day soon after when that one was missed."""
    records = await Records.open(sqlite_url)
    monthly = MonthlyReport(records, care, shelf, lambda: today)
    await monthly.post()
    await monthly.post()
    found = await records.posts()
    await records.close()

    assert len(found) == sent


def test_first_working_days() -> None:
    """Every month has its first working day in the first four days, and never in a weekend."""
    days = {first_working_day(date(2026, 1, 1) + timedelta(days=31 * step)) for step in range(120)}

    assert all(day.weekday() < 5 and day.day <= 4 for day in days)


async def test_says_per_role(sqlite_url: str, shelf: Shelf, care: CareOfContent) -> None:
    """The note names roles with what they have to do, and no person."""
    records = await Records.open(sqlite_url)
    await MonthlyReport(records, care, shelf, lambda: FIRST_DAY).post()
    [post] = await records.posts()
    title = summaries(None)(post.record, NOTHING_YET).summary
    await records.close()

    assert title == "Onderhoud van de kennis · december 2026"
    assert "MVOI-projectleider" in dict(post.record.advice["lines"])


async def test_broken_edit(sqlite_url: str, tmp_path: Path) -> None:
    """While the last edit cannot be used there is no report, and it comes once the edit is repaired."""
    folder = Path(shutil.copytree(DATA, tmp_path / "kennis"))
    shelf = Shelf(folder)
    records = await Records.open(sqlite_url)
    care = CareOfContent(shelf, folder, lambda: FIRST_DAY)
    monthly = MonthlyReport(records, care, shelf, lambda: FIRST_DAY)
    (folder / "fasen.yaml").write_text("- id: [\n")
    await monthly.post()
    broken = await records.posts()
    shutil.copy(DATA / "fasen.yaml", folder)
    await monthly.post()
    repaired = await records.posts()
    await records.close()

    assert (len(broken), len(repaired)) == (0, 1)


async def test_page(room: Room) -> None:
    """Who reads the channel sees the report, of all roles or of one; a buyer does not."""
    async with room.get("/onderhoud", headers=room.cookie(READER)) as answer:
        everything = await answer.text()
    async with room.get("/onderhoud?rol=MVOI-projectleider", headers=room.cookie(READER)) as answer:
        one = await answer.text()
    async with room.get("/onderhoud", headers=room.cookie(BUYER)) as answer:
        refused = answer.status

    assert "Manifest MVOI" in everything
    assert "Aan minder dan vijf collega&#39;s. Totalen staan er vanaf vijf." in everything
    assert "Manifest MVOI" in one
    assert "taal.yaml" not in one
    assert len(one) < len(everything)
    assert refused == 403


async def test_on_the_channel_page(room: Room) -> None:
    """The note stands in the channel as a message of Moi, with a link to the whole report."""
    await room.house.records.add_note(
        note_id(FIRST_DAY),
        "onderhoud",
        {"title": "Onderhoud · december", "lines": [["MVOI-team", "3 dubbel"]]},
        "k1",
    )
    async with room.get("/kanaal", headers=room.cookie(READER)) as answer:
        page = await answer.text()

    assert "3 dubbel" in page
    assert 'href="/onderhoud"' in page
