"""How Moi is doing: alive, ready, and in numbers. Measures turns without touching what was said."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bot.logs import pseudonym
from bot.people import Person
from bot.processes import COUNTED
from bot.talk_state import Answer, Message, Place
from bot.version import VERSION
from cards.view import View

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Log = Callable[[Sequence[View]], Sequence[Mapping[str, Any]]]

LOG = structlog.stdlib.get_logger("moi")


class Turns(Protocol):
    """Whatever answers a message, such as `Conversation`."""

    async def turn(
        self, person: Person, message: Message, place: Place, log: Log | None = None
    ) -> Answer: ...


class Condition(Protocol):
    """What the server knows about itself: which parts work, and how many posts are in which state."""

    async def parts(self) -> Mapping[str, bool]: ...

    async def posts(self) -> Mapping[str, int]: ...

    def knowledge_version(self) -> str: ...

    def knowledge_problems(self) -> Sequence[str]: ...


class Metrics:
    """The numbers of one running Moi; `page` shows them in the Prometheus text format."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter(
            "moi_turns",
            "Answered messages by channel and result.",
            ["channel", "result"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "moi_turn_seconds",
            "Time from message to answer.",
            ["channel"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.running = Gauge(
            "moi_turns_running",
            "Messages being answered now.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.processes = Gauge(
            "moi_processes",
            "Processes that answer side by side.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.processes.set(1)
        self.reload_failures = Counter(
            "moi_reload_failures", "Edits of the knowledge that could not be used.", registry=self.registry
        )
        self.sign_ins = Counter(
            "moi_sign_ins", "Sign-ins on the web by result.", ["result"], registry=self.registry
        )
        self.errors = Counter(
            "moi_errors", "Requests that ended in an error of ours.", registry=self.registry
        )
        self.too_fast = Counter(
            "moi_too_fast",
            "Requests that had to wait, of a person or of an address.",
            ["of"],
            registry=self.registry,
        )
        self.forgotten = Counter(
            "moi_forgotten",
            "Rows that were deleted because their period was over.",
            ["kind"],
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)

    def page(self, posts: Mapping[str, int], version: str) -> bytes:
        """Take in what is only known when asked, and write all numbers."""
        waiting = GaugeMetricFamily("moi_posts", "Summaries for the channel by state.", labels=["state"])
        for state, number in posts.items():
            waiting.add_metric([state], number)
        used = GaugeMetricFamily("moi_knowledge", "The knowledge in use (always 1).", labels=["version"])
        used.add_metric([version], 1)
        asked = CollectorRegistry()
        asked.register(_Found((waiting, used)))
        return generate_latest(self._counted()) + generate_latest(asked)

    def _counted(self) -> CollectorRegistry:
        """What this process counted, or all of them together when there are several (`bot/processes.py`)."""
        if COUNTED not in os.environ:
            return self.registry
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return together


@dataclass(frozen=True, slots=True, eq=False)  # A registry knows it by itself.
class _Found(Collector):
    """Numbers that were looked up a moment ago."""

    families: Sequence[Metric]

    def collect(self) -> Sequence[Metric]:
        return self.families


class MeasuredTurns:
    """Answers through `turns`, and counts, times and logs every turn.

    `answered` is set once a first message has its answer; `finished` waits for those that are still being answered.
    """

    def __init__(self, turns: Turns, metrics: Metrics, secret: str) -> None:
        self._turns = turns
        self._metrics = metrics
        self._secret = secret
        self._running = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.answered = asyncio.Event()

    async def turn(self, person: Person, message: Message, place: Place, log: Log | None = None) -> Answer:
        """Answer the message; a failure is counted and raised again."""
        began = time.perf_counter()
        self._running += 1
        self._quiet.clear()
        self._metrics.running.inc()
        result = "failed"
        try:
            answer = await self._turns.turn(person, message, place, log)
            result = "repeated" if answer.repeated else "answered"
            self.answered.set()
        finally:
            took = time.perf_counter() - began
            self._running -= 1
            if not self._running:
                self._quiet.set()
            self._metrics.running.dec()
            self._metrics.turns.labels(place.channel, result).inc()
            self._metrics.seconds.labels(place.channel).observe(took)
            LOG.info(
                "turn",
                channel=place.channel,
                person=pseudonym(person.id, self._secret),
                result=result,
                ms=round(took * 1000, 1),
            )
        return answer

    async def finished(self) -> None:
        """Wait until no message is being answered."""
        await self._quiet.wait()


def add_health(app: web.Application, *, metrics: Metrics, condition: Condition) -> None:
    """Add /healthz (the process answers), /readyz (every part works, else 503; edits not used) and /metrics."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "versie": VERSION})

    async def readyz(_request: web.Request) -> web.Response:
        parts = await condition.parts()
        ready = all(parts.values())
        return web.json_response(
            {
                "status": "ok" if ready else "niet klaar",
                "onderdelen": dict(parts),
                "kennis": condition.knowledge_version(),
                "problemen": list(condition.knowledge_problems()),
            },
            status=200 if ready else 503,
        )

    async def numbers(_request: web.Request) -> web.Response:
        page = metrics.page(await condition.posts(), condition.knowledge_version())
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", numbers)
