"""A campaign and the plug: kill -9 between sending and writing down, again and again."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from pathlib import Path

from bot.records import Records
from tests.bot.campaign_room import Town
from tests.faults.campaign_runner import run
from tests.faults.moi import PROCESSES

MANY = 16


async def sent(url: str, trace: Path, campaign: str, left: int) -> int | None:
    """Let a process send until it is killed after so many messages, or done; gives its exit code."""
    process = PROCESSES.Process(target=run, args=(url, str(trace), campaign, left))
    process.start()
    await asyncio.to_thread(process.join)
    return process.exitcode


async def test_killed(sqlite_url: str, tmp_path: Path) -> None:
    """Nobody gets it twice, nobody is forgotten, and only what was out at that moment is uncertain."""
    chance, trace = random.Random(3), tmp_path / "trace"
    records = await Records.open(sqlite_url)
    town = Town(records)
    await town.settle(teams=MANY)
    id_ = await town.released()
    codes = [await sent(sqlite_url, trace, id_, chance.randint(1, 7)) for _ in range(2)]
    codes.append(await sent(sqlite_url, trace, id_, -1))
    got = Counter(trace.read_text().split())
    found, state = await town.totals(id_), await town.state(id_)
    await records.close()

    assert codes == [-signal.SIGKILL] * 2 + [0]
    assert set(got.values()) == {1}
    assert len(got) == MANY
    assert 2 <= found["onzeker"] <= 4
    assert found["verstuurd"] == MANY - found["onzeker"]
    assert state == "done"
