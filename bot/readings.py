"""Files that take long to read: whoever sent one sees how far it is, and what came of it.

Kept in memory for a while, so another instance, or Moi after a new start, does not know of it. That is no harm: a file is
taken in whole or not at all, and the list itself shows which.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog

from bot.list_commands import shown
from knowledge.sheets import RefusedFileError

log = structlog.get_logger()

SOON = 1.5
"""Seconds that somebody looks at a page that does nothing before they want to know how far it is."""
KEPT = 900.0
"""Seconds that it is known what came of a file."""

FAILED = "Er ging bij Moi iets mis. Probeer het straks nog eens."

Counts = Mapping[str, int]


@dataclass(slots=True)
class Reading:
    """A file of one person: of `rows` rows (0 when that is not known yet) so many are `read`.

    In the end there are `counts` of what changed, or `problems` and then nothing is changed.
    """

    person_id: str
    name: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    rows: int = 0
    read: int = 0
    counts: Counts | None = None
    problems: list[str] | None = None

    @property
    def done(self) -> bool:
        """Whether it is known what came of it."""
        return self.counts is not None or self.problems is not None

    def advance(self, rows: int) -> None:
        """So many rows more are read."""
        self.read += rows


class Readings:
    """The files that are being read, or were a moment ago."""

    def __init__(self, soon: float = SOON) -> None:
        self._soon = soon
        self._known: dict[str, Reading] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def begin(self, reading: Reading, work: Callable[[Reading], Awaitable[Counts]]) -> None:
        """Do the work, which goes on by itself when it is not done soon. It raises `RefusedFileError` for a wrong file."""
        self._known[reading.id] = reading
        task = asyncio.create_task(self._run(reading, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait({task}, timeout=self._soon)

    def find(self, reading: str, person_id: str) -> Reading | None:
        """How far the file is that this person sent; None when that is not known (any more), or not theirs."""
        found = self._known.get(reading)
        return found if found and found.person_id == person_id else None

    async def stop(self) -> None:
        """Leave what is not done; nothing of it is kept."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, reading: Reading, work: Callable[[Reading], Awaitable[Counts]]) -> None:
        try:
            reading.counts = await work(reading)
        except RefusedFileError as refused:
            reading.problems = shown(refused)
        except Exception:
            log.exception("file not taken in")
            reading.problems = [FAILED]
        finally:
            asyncio.get_running_loop().call_later(KEPT, self._known.pop, reading.id, None)
