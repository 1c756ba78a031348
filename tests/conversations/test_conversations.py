"""The talks in this folder, played against the real conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.records import Records
from knowledge.shelf import Shelf
from tests.conversations.stage import Stage

TALKS = {path: path.read_text() for path in sorted(Path(__file__).parent.glob("*.txt"))}


@pytest_asyncio.fixture
async def stage(shelf: Shelf, tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage of its own for every talk."""
    records = await Records.open(f"sqlite:///{tmp_path}/moi.sqlite")
    yield Stage(shelf, records)
    await records.close()


@pytest.mark.parametrize("transcript", TALKS, ids=lambda path: path.stem)
async def test_talk(transcript: Path, stage: Stage) -> None:
    """The talk goes as it is written down."""
    await stage.play(transcript.name, TALKS[transcript])

    assert stage.lines


async def test_false_line(stage: Stage) -> None:
    """A line that is not true is named."""
    with pytest.raises(AssertionError, match=r"fout\.txt:2: Moi: Dat kan niet\."):
        await stage.play("fout.txt", "> 20 laptops\nMoi: Dat kan niet.\n")
