"""Several processes behind one address: together they are one Moi, and none is missed for long."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.settings import PROJECT
from tests.faults.program import OTHERS_TOO, until_true
from tests.faults.talks import TALKS

pytestmark = pytest.mark.fault

WORDS = TALKS["anders-opgelost"]


class Side:
    """Two processes side by side, and the one that watches over them."""

    def __init__(self, watching: asyncio.subprocess.Process, log: Path) -> None:
        self.watching = watching
        self.log = log
        self.address = ""

    def processes(self) -> set[int]:
        """Those that answer."""
        children = Path(f"/proc/{self.watching.pid}/task/{self.watching.pid}/children")
        return {int(pid) for pid in children.read_text().split()} if children.exists() else set()

    async def up(self) -> None:
        """Wait until both processes answer."""

        async def answers() -> bool:
            found = re.search(r"^Moi is er: (\S+)", self.log.read_text(), re.MULTILINE)
            self.address = found[1] if found else ""
            return bool(found) and await self.count("moi_processes") == 2

        await until_true(answers, "processes")

    async def count(self, name: str) -> float:
        """A number that Moi counts."""
        async with ClientSession() as web, web.get(f"{self.address}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))

    async def ends(self) -> int:
        """Wait until the one that watches is gone; gives its exit code."""
        async with asyncio.timeout(30):
            return await self.watching.wait()


Begin = Callable[..., Awaitable[Side]]


@pytest.fixture
async def begin(tmp_path: Path) -> AsyncIterator[Begin]:
    """Starts two processes on SQLite; what is left at the end is killed."""
    started: list[Side] = []
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MOI_")}

    async def begin(**settings: str) -> Side:
        own = {"MOI_PORT": "0", "MOI_DATA_DIR": str(tmp_path / "data"), "MOI_PROCESSES": "2"}
        log = tmp_path / f"{len(started)}.log"
        with log.open("wb") as said:
            watching = await asyncio.create_subprocess_exec(
                sys.executable, "app.py", cwd=PROJECT, env=clean | own | settings, stderr=said
            )
        started.append(Side(watching, log))
        return started[-1]

    yield begin
    for side in started:
        for pid in side.processes():
            os.kill(pid, signal.SIGKILL)
        if side.watching.returncode is None:
            side.watching.kill()
            await side.watching.wait()


async def talk(side: Side, words: tuple[str, ...] | list[str]) -> list[str]:
    """A whole talk in which every request may reach another process; gives what an open page heard of Moi."""
    async with ClientSession(timeout=ClientTimeout(30)) as web:

        async def ask(path: str, token: str = "", **about: object) -> dict[str, str]:
            # A connection of its own each time, and again when a process is killed under it: the same message counts once.
            headers = {"Connection": "close"} | ({"Authorization": f"Bearer {token}"} if token else {})
            for _ in range(20):
                try:
                    async with web.post(
                        f"{side.address}/directline{path}", headers=headers, json=about
                    ) as answer:
                        found: dict[str, str] = await answer.json()
                        return found
                except ClientError:
                    continue
            raise AssertionError("no answer")

        token = (await ask("/tokens/generate", user={"id": f"buyer-{id(web)}"}))["token"]
        opened = await ask("/conversations", token)
        page = opened["streamUrl"].replace("ws:", "http:")
        heard: list[str] = []
        async with web.ws_connect(page) as stream:
            for number, what in enumerate(words):
                mine = {"clientActivityID": f"m{number}"}
                await ask(
                    f"/conversations/{opened['conversationId']}/activities",
                    opened["token"],
                    type="message",
                    text=what,
                    channelData=mine,
                )
                async with asyncio.timeout(20):
                    while True:
                        news = await stream.receive_json()
                        moi = [one for one in news["activities"] if one["from"]["role"] == "bot"]
                        heard += [one["summary"] for one in moi if one.get("summary")]
                        if any(one.get("replyToId") for one in moi):
                            break
    return [summary for summary in heard if summary != OTHERS_TOO]


async def test_one_moi(begin: Begin) -> None:
    """Talks go from one process to the other, pages hear what either said, and their numbers are told together; one that is killed is
    replaced; a stop stops all."""
    side = await begin()
    await side.up()
    both = side.processes()
    heard = await asyncio.gather(*(talk(side, WORDS) for _ in range(4)))
    turns = await side.count("moi_turns_total")
    os.kill(min(both), signal.SIGKILL)
    after = await talk(side, WORDS)
    await side.up()
    anew = side.processes()
    total = await side.count("moi_turns_total")
    side.watching.terminate()

    assert await side.ends() == 0
    assert [*heard, after] == [after] * 5
    assert after[-1] == "Mijn advies"
    assert turns == 4 * (len(WORDS) + 1)
    assert total >= turns + len(WORDS)
    assert len(both) == len(anew) == 2
    assert len(both & anew) == 1
    assert side.processes() == set()


async def test_who_watches(begin: Begin) -> None:
    """When the process that watches is killed, the others stop in good order and let go of the address."""
    side = await begin()
    await side.up()
    side.watching.kill()
    await side.ends()

    async def stopped() -> bool:
        return side.log.read_text().count('"event": "stopping"') == 2

    async def free() -> bool:
        try:
            async with ClientSession() as web, web.get(f"{side.address}/healthz"):
                return False
        except ClientError:
            return True

    await until_true(stopped, "stopping")
    await until_true(free, "address")


async def test_cannot_run(begin: Begin, tmp_path: Path) -> None:
    """What keeps Moi from starting is said once, with the exit code of a single process."""
    wrong = tmp_path / "kennis"
    shutil.copytree(PROJECT / "knowledge" / "data", wrong)
    with (wrong / "themas.yaml").open("a") as themes:
        themes.write("fout: [\n")
    side = await begin(MOI_KNOWLEDGE_DIR=str(wrong))

    assert await side.ends() == 1
    assert len(side.log.read_text().splitlines()) == 1
