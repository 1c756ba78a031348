"""Which instances of Moi are alive, when several share one PostgreSQL.

Every instance holds a lock in the database for as long as its connection lives. When a process dies the server lets
go of the lock at once, so nobody has to send signs of life or guess from the time.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence

import psycopg

from bot.database import Database

LOCK = 7_041_986  # The first half of every lock key here; the second half is the instance.
# When a whole machine is lost, the server notices within half a minute rather than two hours.
KEEPALIVE = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"


class Instances:
    """The name of this instance, and the ability to tell which others have died. With SQLite there is only one."""

    def __init__(self, database: Database) -> None:
        self._alone = database.is_sqlite
        self._address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection | None = None
        self._one_at_a_time = threading.Lock()
        self.me = "moi" if self._alone else f"moi-{uuid.uuid4().hex}"

    def join(self) -> None:
        """Let the others know that this instance is alive."""
        if not self._alone:
            with self._one_at_a_time:
                self._connect()

    def dead(self, names: Sequence[str]) -> list[str]:
        """Which of these instances are alive no more."""
        if self._alone:
            return []
        with self._one_at_a_time:
            try:
                return [name for name in names if self._is_dead(self._connect(), name)]
            except psycopg.OperationalError:
                # The server was away, and with it our own lock: take it again before judging others.
                return [name for name in names if self._is_dead(self._connect(again=True), name)]

    def close(self) -> None:
        """Leave, so that the others take over what is left."""
        with self._one_at_a_time:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _connect(self, *, again: bool = False) -> psycopg.Connection:
        if self._connection is None or again:
            self._connection = psycopg.connect(self._address, autocommit=True)
            self._connection.execute(KEEPALIVE)
            self._connection.execute("SELECT pg_advisory_lock_shared(%s, hashtext(%s))", (LOCK, self.me))
        return self._connection

    @staticmethod
    def _is_dead(connection: psycopg.Connection, name: str) -> bool:
        key = (LOCK, name)
        row = connection.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", key).fetchone()
        free = bool(row and row[0])
        if free:
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)
        return free
