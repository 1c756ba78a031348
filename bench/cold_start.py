"""From an empty folder to the first answer of Moi in a talk, and the memory it then holds at rest."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from aiohttp import ClientSession

from bench.rows import Goal, Row
from bench.servers import free_port, running

STARTS = 3
AS_IN_THE_IMAGE = {"MALLOC_ARENA_MAX": "2"}
REST = 5.0  # Seconds in which everything that starts in the background is done.


def measure() -> Iterator[Row]:
    """The middle one of three starts, and the most memory after any of them."""
    took, held = [], []
    for _ in range(STARTS):
        seconds, mebibytes = _start()
        took.append(seconds)
        held.append(mebibytes)
    yield Row("cold start to the first answer", sorted(took)[STARTS // 2], "s", goal=Goal("at most", 2.5))
    yield Row("memory at rest", max(held), "MiB", goal=Goal("at most", 160))


def _start() -> tuple[float, float]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="moi-bench-") as folder:
        settings = {
            "MOI_PORT": str(port),
            "MOI_DATA_DIR": folder,
            "MOI_LOG_LEVEL": "ERROR",
            **AS_IN_THE_IMAGE,
        }
        start = time.perf_counter()
        with running((sys.executable, "app.py"), port, settings) as process:
            asyncio.run(_first_answer(port))
            seconds = time.perf_counter() - start
            time.sleep(REST)
            return seconds, _resident(process.pid)


async def _first_answer(port: int) -> None:
    """Say what you want to buy, and read what Moi says to that. Raises `RuntimeError` when it says nothing."""
    async with ClientSession(f"http://127.0.0.1:{port}/directline/", raise_for_status=True) as session:
        async with session.post("tokens/generate") as given:
            token = (await given.json())["token"]
        session.headers["Authorization"] = f"Bearer {token}"
        async with session.post("conversations") as opened:
            conversation = f"conversations/{(await opened.json())['conversationId']}/activities"
        async with session.post(conversation, json={"type": "message", "text": "50 bureaustoelen"}) as said:
            await said.read()
        async with session.get(conversation) as heard:
            activities = (await heard.json())["activities"]
    if activities[-1]["from"]["role"] != "bot":
        raise RuntimeError("Moi did not answer")


def _resident(process: int) -> float:
    """Mebibytes of memory that a process holds; as Linux counts it."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    (kibibytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kibibytes) / 1024
