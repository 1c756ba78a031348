"""What the tests of the web share: care for the real knowledge, and a running Moi."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.care import CareOfContent
from bot.records import Records
from knowledge.loading import DATA
from knowledge.shelf import Shelf
from tests.bot.campaign_room import Town
from tests.bot.web_room import Room, open_room


@pytest.fixture(scope="session")
def care(shelf: Shelf) -> CareOfContent:
    """Care for that knowledge, which takes seconds to look through it and keeps what it found."""
    return CareOfContent(shelf, DATA)


@pytest.fixture
async def room(tmp_path: Path, shelf: Shelf) -> AsyncIterator[Room]:
    """A running Moi in development, with an empty database."""
    async with open_room(tmp_path, shelf) as opened:
        yield opened


@pytest.fixture
async def town(sqlite_url: str, shelf: Shelf) -> AsyncIterator[Town]:
    """A town without people, for campaigns."""
    kept = await Records.open(sqlite_url)
    yield Town(kept, shelf)
    await kept.close()
