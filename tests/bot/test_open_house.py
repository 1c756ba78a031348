"""The rooms of one running Moi together: opened, kept fresh, and closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copytree

import pytest

from bot.house import House
from bot.people import Person
from bot.records import Records
from bot.settings import Settings
from bot.talk_state import Message, Place
from knowledge.loading import DATA
from knowledge.shelf import Shelf

BUYER = Person("web:aanvrager", "Een Aanvrager")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with a knowledge folder that a test may edit."""
    folder = tmp_path / "kennis"
    copytree(DATA, folder)
    settings = Settings(data_dir=tmp_path, knowledge_dir=folder, secret="alleen-voor-deze-test-0123456789")
    records = await Records.open(settings.database_url)
    yield House(settings, await asyncio.to_thread(Shelf, folder), records)
    await records.close()


def edit(house: House, file: str, before: str, after: str) -> None:
    path = house.settings.knowledge_dir / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


async def welcome(house: House, delivery: str) -> str:
    answer = await house.turns.turn(BUYER, Message(delivery, arrived=True), Place("web", "c1"))
    return str(answer.views[0].blocks[0])


async def test_an_edit_is_used(house: House) -> None:
    """An edited text is what people read next, without a restart."""
    version = house.knowledge_version()
    edit(house, "woorden/algemeen.yaml", "Ik ben een digitale assistent", "Ik ben de assistent")
    await house.take_over_edits()

    assert house.knowledge_version() != version
    assert "Ik ben de assistent" in await welcome(house, "1")


async def test_what_stays_is_told(house: House) -> None:
    """After an edit that is used, and only then, the program hears that what is in memory will stay."""
    told: list[str] = []
    again = House(house.settings, house.shelf, house.records, lambda: told.append(again.knowledge_version()))
    await again.take_over_edits()
    edit(house, "woorden/algemeen.yaml", "Ik ben een digitale assistent", "Ik ben de assistent")
    await again.take_over_edits()

    assert told == [again.knowledge_version()]


async def test_a_bad_edit_is_not_used(house: House) -> None:
    """A mistake leaves the last good knowledge in use, is counted once, and is over when it is repaired."""
    version = house.knowledge_version()
    edit(house, "woorden/algemeen.yaml", "zinnen:", "zinnen: [")
    await house.take_over_edits()
    await house.take_over_edits()

    assert house.knowledge_version() == version
    assert "digitale assistent" in await welcome(house, "1")
    assert any("algemeen.yaml" in str(problem) for problem in house.shelf.problems)
    assert b"moi_reload_failures_total 1.0" in house.metrics.page({}, version)

    edit(house, "woorden/algemeen.yaml", "zinnen: [", "zinnen:")
    await house.take_over_edits()

    assert house.shelf.problems == []


async def test_parts(house: House) -> None:
    """The house knows that its database works and that nothing is delivered yet."""
    assert await house.parts() == {"database": True, "bezorging": False}


async def test_a_closed_database_is_noticed(house: House) -> None:
    """A database that is gone makes the house not ready, instead of failing."""
    house.records.database.close()

    assert (await house.parts())["database"] is False
