"""A thousand people in Teams and the Bot Connector between them and a bot, as one program that costs little.

Everybody answers at moments that were fixed beforehand, whether the bot is fast or slow. Who has no answer yet at such
a moment says nothing then, and counts as somebody for whom the bot was too late. Read times beside `late` and `lost`: what
never came has no time.
"""

from __future__ import annotations

import asyncio
import random
import re
import resource
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from urllib.parse import unquote

from bench.bot_service import message
from bench.load import post
from bench.wire import Callers, Door

EVERY = 5.0
"""Seconds between two answers of one person."""
AWAY = 0.1
"""Seconds after which the connector answers."""
GRACE = 5.0  # Seconds after the end in which an answer may still come.
AT_ONCE = 32  # people who talk at once before it counts
TOOK = b'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"id":"1"}'
REPLY = re.compile(rb"^POST \S+/activities/(\S+) HTTP")
BESIDES = b"Een collega zocht dit ook"
"""Said to some of a crowd that all want the same, after their advice; it is no part of the answer."""
TYPING = re.compile(rb'"type": ?"typing"')


@dataclass(frozen=True, slots=True)
class Line:
    """What a person says, and a piece of each message that must come back."""

    says: str
    hears: tuple[str, ...]


@dataclass(slots=True)
class Turn:
    """One message of a person, and what became of it; times are in seconds of the loop's clock."""

    due: float
    hears: tuple[bytes, ...]
    heard: int = 0
    handed: float = 0.0
    answered: float = 0.0
    status: int | None = None
    typing: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at the HTTP answer."""

    @property
    def complete(self) -> bool:
        """Whether everything came, and the HTTP answer too."""
        return self.status is not None and self.heard >= len(self.hears)


@dataclass(slots=True)
class Crowd:
    """What a crowd went through in the seconds that counted."""

    turns: list[Turn] = field(default_factory=list)
    skipped: int = 0
    """Moments at which somebody had no answer yet, and so said nothing."""
    wrong: int = 0
    """Messages that were not what had to come."""
    seconds: float = 0.0
    load_cpu: float = 0.0
    """Seconds of processor time that this load took itself."""

    @property
    def handed(self) -> list[float]:
        """Seconds from when a message was due until the last message of its answer was with the connector."""
        return sorted(turn.handed - turn.due for turn in self.turns if turn.heard >= len(turn.hears))

    @property
    def answered(self) -> list[float]:
        """Seconds from when a message was due until the HTTP answer."""
        return sorted(turn.answered - turn.due for turn in self.turns if turn.status)

    @property
    def late(self) -> int:
        """Answers that came after the next one was due, or could not be asked for because of that."""
        slow = sum(
            turn.complete and max(turn.handed, turn.answered) > turn.due + EVERY for turn in self.turns
        )
        return slow + self.skipped

    @property
    def lost(self) -> int:
        """Messages without a whole answer at the end."""
        return sum(not turn.complete for turn in self.turns)

    @property
    def errors(self) -> int:
        """HTTP answers that were no success, and messages that were not the right ones."""
        return self.wrong + sum(turn.status not in {None, 200, 201, 202} for turn in self.turns)


class Load:
    """Talks to the bot at `port`; use `open` and `close` around `walk_in` and `talk`."""

    def __init__(self, script: Sequence[Line], people: int, headers: Mapping[str, str]) -> None:
        self._script = [(line, tuple(piece.encode() for piece in line.hears)) for line in script]
        self._places = [number % len(script) for number in range(people)]
        self._now: list[Turn | None] = [None] * people
        self._turns: dict[bytes, Turn] = {}
        self._numbers = count()
        self._headers = headers
        self._wrong = 0
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()
        self._callers: Callers
        self._service_url = ""

    async def open(self, connector: int) -> None:
        """Be the connector at this port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Door(self._hear), "127.0.0.1", connector, backlog=1024
        )
        self._service_url = f"http://127.0.0.1:{connector}/"

    def call(self, port: int) -> None:
        """Talk to the bot at this port."""
        self._callers = Callers(port)

    async def close(self) -> None:
        """Hang up."""
        self._callers.close()
        await asyncio.gather(*self._calls)
        if self._server:
            self._server.close()

    async def walk_in(self) -> None:
        """Bring everybody to a place of their own in the talk, as fast as the bot can, before it counts."""
        places, self._places = self._places, [0] * len(self._places)
        gate = asyncio.Semaphore(AT_ONCE)

        async def say(person: int) -> None:
            async with gate:
                await self._say(person, asyncio.get_running_loop().time()).ended.wait()

        for place in range(max(places)):
            await asyncio.gather(*(say(person) for person, far in enumerate(places) if far > place))

    async def talk(self, seconds: float) -> Crowd:
        """Have everybody say something every five seconds, each at moments of their own; the same ones in every run."""
        loop = asyncio.get_running_loop()
        self._turns.clear()
        self._wrong = 0
        crowd = Crowd(seconds=seconds)
        chance = random.Random(7)
        start, used = loop.time() + 0.5, _cpu()
        for person in range(len(self._places)):
            first = start + chance.uniform(0, EVERY)
            for number in range(round(seconds / EVERY)):
                due = first + number * EVERY
                loop.call_at(due, self._slot, person, due, crowd)
        await asyncio.sleep(start + seconds + GRACE - loop.time())
        crowd.turns = list(self._turns.values())
        crowd.wrong = self._wrong
        crowd.load_cpu = _cpu() - used
        return crowd

    def _slot(self, person: int, due: float, crowd: Crowd) -> None:
        last = self._now[person]
        if last and not last.complete:
            crowd.skipped += 1
        else:
            self._say(person, due)

    def _say(self, person: int, due: float) -> Turn:
        line, hears = self._script[self._places[person]]
        self._places[person] = (self._places[person] + 1) % len(self._script)
        activity = message(self._service_url, person, str(next(self._numbers)), line.says)
        turn = self._now[person] = self._turns[activity["id"].encode()] = Turn(due, hears)
        request = post("/api/messages", activity, self._headers)
        call = asyncio.ensure_future(self._callers.call(request, partial(self._answered, turn)))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return turn

    def _answered(self, turn: Turn, status: int) -> None:
        turn.status = status
        turn.answered = asyncio.get_running_loop().time()
        turn.ended.set()

    def _hear(self, head: bytes, body: bytes) -> tuple[float, bytes]:
        if (reply := REPLY.match(head)) and (turn := self._turns.get(unquote(reply[1].decode()).encode())):
            if TYPING.search(body, 0, 200):
                turn.typing = True
            elif BESIDES not in body:
                if turn.heard >= len(turn.hears) or turn.hears[turn.heard] not in body:
                    self._wrong += 1
                turn.heard += 1
                turn.handed = asyncio.get_running_loop().time()
        return AWAY, TOOK


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
