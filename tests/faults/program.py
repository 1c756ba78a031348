"""The real program in a process of its own, and colleagues who talk to it as a Direct Line client does."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

from bot.commands import main
from bot.settings import PROJECT
from tests.faults.moi import PROCESSES

START_SECONDS = 60.0
ANSWER_SECONDS = 30.0
LANDING_SECONDS = 60.0
LOOK_EVERY = 0.05  # Seconds between looks at what changes by itself.
CHANGES_PER_TALK = re.compile(r"[0-9a-f]{32}|127\.0\.0\.1:\d+")
OTHERS_TOO = "Een collega zocht dit ook"
RECORD = re.compile(r"/aanvraag/([0-9a-f]+)")


class Program:
    """One running `app.py`; use `start`."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        folder.mkdir(exist_ok=True)
        self._log = folder / f"{uuid.uuid4().hex}.log"
        # A copy of a process that has done its imports: those are half of a start, and the plug is pulled thirty times.
        self._process = PROCESSES.Process(target=_run, args=(str(self._log), dict(settings)))
        self.address = ""
        self.web = ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(ANSWER_SECONDS))

    @classmethod
    async def start(cls, folder: Path, database: str, **settings: str) -> Self:
        """Start the program on a free port, and wait until it says where it is."""
        said = {"MOI_HOST": "127.0.0.1", "MOI_PORT": "0", "MOI_DATA_DIR": str(folder)} | settings
        moi = cls(folder, said | {"MOI_DATABASE_URL": database})
        moi._process.start()
        async with asyncio.timeout(START_SECONDS):
            while not (found := re.search(r"^Moi is er: (\S+)", moi._said(), re.MULTILINE)):
                if not moi._process.is_alive():
                    raise ChildProcessError("the program ended before it listened")
                await asyncio.sleep(LOOK_EVERY)
        moi.address = found[1]
        return moi

    async def kill(self) -> None:
        """Kill the program as a power cut would."""
        self._process.kill()
        await self._gone()

    async def stop(self) -> tuple[int | None, str]:
        """Ask the program to stop; gives its exit code and what it logged."""
        self._process.terminate()
        return await self._gone(), self._said()

    async def ask(self, method: str, path: str, **about: Any) -> tuple[int, Any]:
        """Send a request; gives the status and the JSON. Raises `ClientError` when the program is cut off."""
        async with self.web.request(method, self.address + path, **about) as answer:
            return answer.status, await answer.json()

    async def channel(self) -> list[dict[str, Any]]:
        """What the procurement channel shows."""
        status, posts = await self.ask("GET", "/kanaal", headers={"Accept": "application/json"})
        assert status == 200
        found: list[dict[str, Any]] = posts
        return found

    async def ready(self) -> None:
        """Wait until every part works, delivery too."""
        await until_true(self._is_ready, "ready")

    async def landed(self) -> list[dict[str, Any]]:
        """Wait until nothing is on its way to the channel any more; gives what the channel shows."""
        await self.ready()
        await until_true(self._has_landed, "landed")
        return await self.channel()

    async def _is_ready(self) -> bool:
        status, _ = await self.ask("GET", "/readyz")
        return status == 200

    async def _has_landed(self) -> bool:
        async with self.web.get(self.address + "/metrics") as answer:
            lines = (await answer.text()).splitlines()
        counts = [re.match(r'moi_posts\{state="(\w+)"\} ([\d.]+)', line) for line in lines]
        return {found[1] for found in counts if found and float(found[2])} == {"posted"}

    async def _gone(self) -> int | None:
        await asyncio.to_thread(self._process.join)
        await self.web.close()
        return self._process.exitcode

    def _said(self) -> str:
        return self._log.read_text() if self._log.exists() else ""


Start = Callable[..., Awaitable[Program]]
"""Starts the program on the database of a test."""


async def until_true(true: Callable[[], Awaitable[bool]], what: str) -> None:
    """Look until something is true; another process cannot wake us. Says what it waited for in vain."""
    try:
        async with asyncio.timeout(LANDING_SECONDS):
            while True:
                if await true():
                    return
                await asyncio.sleep(LOOK_EVERY)
    except TimeoutError as error:
        raise TimeoutError(what) from error


def _run(log: str, settings: Mapping[str, str]) -> None:
    """What the process does: the program as it is started without a command, with these settings and no others."""
    with open(log, "wb") as said:
        os.dup2(said.fileno(), sys.stderr.fileno())
    for name in [name for name in os.environ if name.startswith("MOI_")]:
        del os.environ[name]
    os.environ.update(settings)
    os.chdir(PROJECT)
    sys.exit(main([]))


@dataclass
class Colleague:
    """Somebody who talks to Moi on a page that keeps its token, its conversation and its watermark."""

    moi: Program
    token: str
    conversation: str
    watermark: str = "0"
    log: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    async def arrive(cls, moi: Program) -> Self:
        """Somebody new opens the page."""
        user = {"user": {"id": uuid.uuid4().hex}}
        _, given = await moi.ask("POST", "/directline/tokens/generate", json=user)
        headers = {"Authorization": f"Bearer {given['token']}"}
        status, opened = await moi.ask("POST", "/directline/conversations", headers=headers)
        assert status == 201
        return cls(moi, opened["token"], opened["conversationId"])

    async def say(self, what: str | dict[str, Any], key: str) -> int:
        """Type something or tap a button, under the page's own id for the message; gives the status."""
        content = {"text": what} if isinstance(what, str) else {"text": what["title"], "value": what["data"]}
        message = {"type": "message", "channelData": {"clientActivityID": key}, **content}
        status, _ = await self._ask("POST", "/activities", json=message)
        return status

    async def try_to_say(self, what: str, key: str) -> bool:
        """Say something to a program that may be cut off; tells whether it was acknowledged."""
        with suppress(ClientError):
            assert await self.say(what, key) == 200
            return True
        return False

    async def hear(self) -> list[dict[str, Any]]:
        """Everything that was said so far, of which only what is new is asked for."""
        status, said = await self._ask("GET", f"/activities?watermark={self.watermark}")
        assert status == 200
        assert int(said["watermark"]) - int(self.watermark) == len(said["activities"])
        self.watermark = said["watermark"]
        self.log += said["activities"]
        return self.log

    async def heard(self) -> list[str]:
        """The same, without what is different in every talk: that others looked for it too depends on who did."""
        return [plain(activity) for activity in await self.hear() if activity.get("summary") != OTHERS_TOO]

    async def button(self, title: str) -> dict[str, Any]:
        """A button on the last card."""
        card = (await self.hear())[-1]["attachments"][0]["content"]
        found: dict[str, Any] = next(action for action in card["actions"] if action["title"] == title)
        return found

    def records(self) -> set[str]:
        """The ids of the records that Moi told about."""
        return set(RECORD.findall(json.dumps(self.log)))

    async def _ask(self, method: str, path: str, **about: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        place = f"/directline/conversations/{self.conversation}"
        return await self.moi.ask(method, place + path, headers=headers, **about)


def plain(activity: dict[str, Any]) -> str:
    """What an activity says, without ids, moments and addresses."""
    cards = [attachment["content"] for attachment in activity.get("attachments", ())]
    said = [activity["from"]["role"], activity.get("text"), activity.get("summary"), cards]
    return CHANGES_PER_TALK.sub("…", json.dumps(said, ensure_ascii=False))


def until(log: Sequence[str], words: int) -> list[str]:
    """A log up to and with the answer to so many messages."""
    said = [number for number, line in enumerate(log) if line.startswith('["user"')]
    return list(log[: said[words]] if words < len(said) else log)
