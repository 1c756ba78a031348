"""The other side of `runner.py`: starts such a process, talks to it, and pulls the plug."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Self

PROJECT = Path(__file__).parents[2]


class DeadError(Exception):
    """The process died before it answered."""


class Moi:
    """One process of a small Moi; `settings` are the addresses it needs."""

    def __init__(self, settings: Mapping[str, Any], log: IO[bytes]) -> None:
        self._settings = settings
        self._log = log
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, log: IO[bytes], **settings: Any) -> Self:
        """Start a process that logs to a file, and wait until it listens."""
        moi = cls({"delivers": True, **settings}, log)
        ready = moi._expect("ready")
        moi._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.runner",
            json.dumps(moi._settings),
            cwd=PROJECT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=moi._log,
        )
        moi._reading = asyncio.create_task(moi._read())
        await ready
        return moi

    async def do(self, what: str, talk: str, delivery: str | None = None, **more: Any) -> dict[str, Any]:
        """Give a command and wait for its answer; raises `DeadError` when none will come."""
        number = delivery or f"{what}-{next(self._numbers)}"
        answer = self._expect(number)
        assert self._process
        assert self._process.stdin
        line = json.dumps({"do": what, "talk": talk, "id": number, **more})
        self._process.stdin.write(line.encode() + b"\n")
        return await answer

    async def until(self, talk: str, *posts: tuple[int, dict[str, str]], changes: int = 0) -> None:
        """Wait until exactly these posts are there, version and states, after so many changes."""
        async with asyncio.timeout(30):
            expected = [[version, states] for version, states in posts]
            await self.do("until", talk, posts=expected, changes=changes)

    async def kill(self) -> None:
        """Kill the process as a power cut would."""
        assert self._process
        if self._process.returncode is None:
            self._process.kill()
        await self._gone()

    async def stop(self) -> None:
        """Let the process end in its own time."""
        assert self._process
        assert self._process.stdin
        self._process.stdin.close()
        await self._gone()

    async def _gone(self) -> None:
        assert self._process
        assert self._reading
        await self._process.wait()
        await self._reading

    def _expect(self, number: str) -> asyncio.Future[dict[str, Any]]:
        self._waiting[number] = asyncio.get_running_loop().create_future()
        return self._waiting[number]

    async def _read(self) -> None:
        assert self._process
        assert self._process.stdout
        while line := await self._process.stdout.readline():
            if not line.endswith(b"\n"):
                break
            answer = json.loads(line)
            self._waiting.pop(answer["id"]).set_result(answer)
        for waiting in self._waiting.values():
            waiting.set_exception(DeadError())
