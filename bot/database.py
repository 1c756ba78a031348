"""The one place that knows how to reach the database: SQLite in a file, or PostgreSQL by URL.

Work on the database is an ordinary function of a connection, run as one transaction in a thread of its own. A turn
then crosses a thread twice, where an asyncio driver does so for every statement (three times slower, measured).
SQLite has one writer, so there is one thread that writes (`bot/together.py`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Engine, create_engine, event, insert, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot import (  # so that their tables are made with the others
    campaign_tables,  # noqa: F401
    channel_tables,  # noqa: F401
    depot_tables,  # noqa: F401
    knowledge_tables,  # noqa: F401
    tender_tables,  # noqa: F401
)
from bot.tables import VERSION, channel, metadata, migrated
from bot.together import Look, Piece, Together, Work, keep
from cards.written import as_json

T = TypeVar("T")

THREADS = 8
MOST_TRIES = 40
MIGRATION_LOCK = 7_041_985  # Any number will do, as long as every instance takes the same.


class StaleError(Exception):
    """Somebody else changed the same row first; work it out again from what is there now."""


class BusyError(Exception):
    """The database could not take this in, however often it was tried."""


def database_url(url: str) -> URL:
    """Read a plain `sqlite:///file` or `postgresql://...` address as one with the right driver."""
    known = {
        "sqlite": "sqlite+pysqlite",
        "postgresql": "postgresql+psycopg",
        "postgres": "postgresql+psycopg",
    }
    read = make_url(url)
    return read.set(drivername=known[read.drivername]) if read.drivername in known else read


class Database:
    """Runs functions of a connection: `write` as one transaction that is tried again, `read` beside it."""

    def __init__(self, url: str) -> None:
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writing, self._reading = _sqlite(self.url, "BEGIN IMMEDIATE"), _sqlite(self.url, "BEGIN")
        else:
            self._writing = create_engine(self.url, json_serializer=_json, pool_size=THREADS, max_overflow=0)
            # Each statement sees its own moment there anyway; without a transaction it is one trip instead of three.
            self._reading = self._writing.execution_options(isolation_level="AUTOCOMMIT")
        lock = Path(f"{self.url.database}.writer")
        self._together = (
            Together(self._reading, self._writing, _again_when_stale, lock) if self.is_sqlite else None
        )
        self._writers = ThreadPoolExecutor(THREADS, "moi-write")
        self._readers = ThreadPoolExecutor(THREADS // 2, "moi-read")

    def write(self, work: Work[T]) -> Future[T]:
        """Do all of `work` or nothing. It may run again, so it must change nothing but the database."""
        return self._submit(Piece(work=work))

    def look_and_write(self, look: Look[T]) -> Future[T]:
        """The same for work that `look` gives. What it saw may have changed by then, so the work must make sure, or raise `StaleError`."""
        return self._submit(Piece(look=look))

    def read(self, work: Work[T]) -> Future[T]:
        """Look something up: on SQLite in one view, on PostgreSQL each statement as things are by then."""
        return self._readers.submit(_again_when_stale, partial(_view, self._reading, work))

    def _submit(self, piece: Piece) -> Future[Any]:
        if self._together:
            self._together.submit(piece)
            return piece.done
        once = partial(keep, [piece], self._reading, self._writing)
        return self._writers.submit(lambda: _again_when_stale(once)[0])

    def migrate(self) -> None:
        """Bring the tables up to date; when two instances start at once, one waits for the other."""
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Of two that make a new SQLite file at once, one would hear that it is locked, whatever its patience.
        turn = self._together.our_turn() if self._together else nullcontext()
        with turn, self._writing.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            if not inspect(connection).has_table(migrated.name):
                metadata.create_all(connection)
                connection.execute(insert(channel).values(revision=0))
                connection.execute(insert(migrated).values(version_num=VERSION))
            elif connection.execute(select(migrated.c.version_num)).scalar_one_or_none() != VERSION:
                # Only imported when there is something to do: Alembic takes a third of a second and 11 MB.
                import_module("bot.migrations.upgrade").upgrade(connection)

    def close(self) -> None:
        """Finish what is running, then let go of the database."""
        if self._together:
            self._together.shutdown()
        self._writers.shutdown()
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()


def _view(engine: Engine, work: Work[T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _again_when_stale(once: Callable[[], T]) -> T:
    for attempt in range(MOST_TRIES):
        try:
            return once()
        except (StaleError, IntegrityError) as error:
            reason: Exception = error
        except DBAPIError as error:
            # A lost connection says nothing about the commit; the delivery key tells on the next try.
            if not error.connection_invalidated and not _lost_a_race(error):
                raise
            reason = error
        time.sleep(random.uniform(0, 0.002 * (attempt + 1)))  # noqa: S311
    raise BusyError(f"gave up after {MOST_TRIES} tries") from reason


def _lost_a_race(error: DBAPIError) -> bool:
    """Whether PostgreSQL says: serialization failure or deadlock."""
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}


def _json(value: object) -> str:
    return as_json(value).decode()


def _sqlite(url: URL, begin: str) -> Engine:
    engine = create_engine(
        url, json_serializer=_json, connect_args={"timeout": 30, "check_same_thread": False}
    )

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # The driver would start transactions too late.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine
