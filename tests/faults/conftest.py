"""What the tests share that start and kill the real program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.program import Program, Start


@pytest.fixture
async def start(database_url: str, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts the program on one database; what still runs at the end is killed."""
    started: list[Program] = []

    async def start(folder: str = "data", **settings: str) -> Program:
        moi = await Program.start(tmp_path / folder, database_url, **settings)
        started.append(moi)
        return moi

    yield start
    for moi in started:
        await moi.kill()
