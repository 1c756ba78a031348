"""Pieces of work on a database with one writer: those that wait for each other share one transaction.

Safe on disk means waiting for the disk once per transaction, four to sixteen milliseconds when others use it too. Two
hundred turns a second that each wait for that keep nobody's pace; PostgreSQL shares the wait in the same way by itself.
Processes that write in the same file take turns by a lock: SQLite itself has them look again after longer and longer pauses.
"""

from __future__ import annotations

import fcntl
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
Work = Callable[[Connection], T]
Waiting = tuple[Work[Any], Future[Any]]

MOST = 50
"""Pieces of work in one transaction, so that the first of them need not wait long for the last."""


class Together:
    """Does work in order in one thread; nobody hears that it is done before it is safe on disk."""

    def __init__(self, engine: Engine, alone: Callable[[Engine, Work[Any]], Any], lock: Path) -> None:
        """`alone` does one piece of work in a transaction of its own, and again when that makes sense; `lock` is a file."""
        self._engine = engine
        self._lock = lock
        self._file: int | None = None
        self._alone = alone
        self._waiting: deque[Waiting] = deque()
        self._thread = ThreadPoolExecutor(1, "moi-write")

    def submit(self, work: Work[T]) -> Future[T]:
        """Do all of `work` or nothing; it may run again, so it must change nothing but the database."""
        done: Future[T] = Future()
        self._waiting.append((work, done))
        self._thread.submit(self._do_waiting)
        return done

    def shutdown(self) -> None:
        """Finish what was asked for."""
        self._thread.shutdown()
        if self._file is not None:
            os.close(self._file)

    @contextmanager
    def _our_turn(self) -> Iterator[None]:
        """Wait until no other process writes, first come first served."""
        if self._file is None:
            self._file = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _do_waiting(self) -> None:
        if self._waiting:
            with self._our_turn():
                self._do_taken()

    def _do_taken(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        asked = [(work, done) for work, done in taken if done.set_running_or_notify_cancel()]
        if len(asked) > 1 and self._all_at_once(asked):
            return
        for work, done in asked:
            try:
                done.set_result(self._alone(self._engine, work))
            except Exception as error:
                done.set_exception(error)

    def _all_at_once(self, asked: list[Waiting]) -> bool:
        """Do everything in one transaction; False, and nothing is done, when any of it fails: nobody must suffer for another."""
        try:
            with self._engine.begin() as connection:
                results = [work(connection) for work, _ in asked]
        except Exception:
            return False
        for (_, done), result in zip(asked, results, strict=True):
            done.set_result(result)
        return True
