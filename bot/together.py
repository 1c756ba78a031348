"""Pieces of work on a database with one writer: those that wait for each other share one transaction.

Safe on disk means waiting for the disk once per transaction, four to sixteen milliseconds when others use it too. Two
hundred turns a second that each wait for that keep nobody's pace; PostgreSQL shares the wait in the same way by itself.
Processes that write in the same file take turns by a lock: SQLite itself has them look again after longer and longer pauses.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

with suppress(ImportError):  # Windows has none of it; there one process writes.
    import fcntl

T = TypeVar("T")
Work = Callable[[Connection], T]
Look = Callable[[Connection], Work[T]]
"""Finds out what the work is, on a connection that keeps nobody waiting."""

MOST = 50
"""Pieces of work in one transaction, so that the first of them need not wait long for the last."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Work for a transaction, or a look that gives it. Both may run again, so they must change nothing but the database."""

    work: Work[Any] | None = None
    look: Look[Any] | None = None
    done: Future[Any] = field(default_factory=Future)


def keep(
    pieces: Sequence[Piece],
    reading: Engine,
    writing: Engine,
    turn: AbstractContextManager[None] = nullcontext(),  # noqa: B008  it holds nothing
) -> list[Any]:
    """Look, wait for our turn, and do all of the work in one transaction, or nothing; gives what each piece gave."""
    works = _works(pieces, reading)
    with turn, writing.begin() as connection:
        return [work(connection) for work in works]


def _works(pieces: Sequence[Piece], reading: Engine) -> list[Work[Any]]:
    looks = [piece.look for piece in pieces if piece.look]
    if not looks:
        return [piece.work for piece in pieces if piece.work]
    with reading.begin() as connection:
        return [piece.look(connection) if piece.look else piece.work for piece in pieces]  # type: ignore[misc]  # one of both


class Together:
    """Does work in order in one thread; nobody hears that it is done before it is safe on disk."""

    def __init__(
        self, reading: Engine, writing: Engine, alone: Callable[[Callable[[], Any]], Any], lock: Path
    ) -> None:
        """`alone` does one piece of work, and again when that makes sense; `lock` is a file."""
        self._reading = reading
        self._writing = writing
        self._alone = alone
        self._lock = lock if "fcntl" in globals() else None
        self._file: int | None = None
        self._waiting: deque[Piece] = deque()
        self._thread = ThreadPoolExecutor(1, "moi-write")

    def submit(self, piece: Piece) -> None:
        """Do all of the piece or nothing."""
        self._waiting.append(piece)
        self._thread.submit(self._do_waiting)

    def shutdown(self) -> None:
        """Finish what was asked for."""
        self._thread.shutdown()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _do_waiting(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        asked = [piece for piece in taken if piece.done.set_running_or_notify_cancel()]
        if len(asked) > 1 and self._all_at_once(asked):
            return
        for piece in asked:
            try:
                [result] = self._alone(partial(self._keep, [piece]))
            except Exception as error:
                piece.done.set_exception(error)
            else:
                piece.done.set_result(result)

    def _all_at_once(self, asked: Sequence[Piece]) -> bool:
        """Do everything in one transaction; False, and nothing is done, when any of it fails: nobody must suffer for another."""
        try:
            results = self._keep(asked)
        except Exception:
            return False
        for piece, result in zip(asked, results, strict=True):
            piece.done.set_result(result)
        return True

    def _keep(self, asked: Sequence[Piece]) -> list[Any]:
        return keep(asked, self._reading, self._writing, self.our_turn())

    @contextmanager
    def our_turn(self) -> Iterator[None]:
        """Wait until no other process writes, first come first served."""
        if self._lock is None:
            yield
            return
        if self._file is None:
            self._file = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
