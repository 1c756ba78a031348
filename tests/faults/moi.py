"""The other side of `runner.py`: starts such a process, talks to it, and pulls the plug."""

from __future__ import annotations

import asyncio
import itertools
import json
import multiprocessing
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from tests.faults.runner import run

# Every process is a copy of one that has done its imports, so that thirty power cuts do not take minutes.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["tests.faults.runner", "tests.faults.campaign_runner", "bot.server", "bot.delivery", "bot.workflows"]
)


class DeadError(Exception):
    """The process died before it answered."""


class Moi:
    """One process of a small Moi."""

    def __init__(self, address: str, log: str, settings: Mapping[str, Any]) -> None:
        self._address = address
        self._process = PROCESSES.Process(target=run, args=(address, log, dict(settings)))
        self._server: asyncio.Server | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._connected = asyncio.Event()

    @classmethod
    async def start(cls, folder: Path, settings: Mapping[str, Any]) -> Self:
        """Start a process that logs in a folder, and wait until it listens."""
        moi = cls(str(folder / uuid.uuid4().hex[:8]), str(folder / "log"), settings)
        moi._server = await asyncio.start_unix_server(moi._talk, moi._address)
        moi._process.start()
        await moi._connected.wait()
        return moi

    async def do(self, what: str, talk: str, delivery: str | None = None, **more: Any) -> dict[str, Any]:
        """Give a command and wait for its answer; raises `DeadError` when none will come."""
        number = delivery or f"{what}-{next(self._numbers)}"
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        line = json.dumps({"do": what, "talk": talk, "id": number, **more})
        self._writer.write(line.encode() + b"\n")
        return await answer

    async def until(self, talk: str, *posts: tuple[int, dict[str, str]], changes: int = 0) -> None:
        """Wait until exactly these posts are there, version and states, after so many changes."""
        async with asyncio.timeout(30):
            expected = [[version, states] for version, states in posts]
            await self.do("until", talk, posts=expected, changes=changes)

    async def kill(self) -> None:
        """Kill the process as a power cut would."""
        self._process.kill()
        await self._gone()

    async def stop(self) -> None:
        """Let the process end in its own time."""
        self._writer.write_eof()
        await self._gone()

    async def _gone(self) -> None:
        await asyncio.to_thread(self._process.join)
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._connected.set()
        try:
            while line := await reader.readline():
                answer = json.loads(line)
                if not (waiting := self._waiting.pop(answer["id"])).done():
                    waiting.set_result(answer)
        except ConnectionResetError:
            pass
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(DeadError())
        writer.close()
