"""Which instances of Moi are alive, when several share one database.

Every instance holds a lock for as long as it lives: in PostgreSQL by a connection, beside a SQLite file in a file of locks. When a process
dies the server, or the system, lets go of the lock at once, so nobody has to send signs of life or guess from the time.
"""

from __future__ import annotations

import fcntl
import os
import threading
import uuid
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import psycopg

from bot.database import Database

LOCK = 7_041_986  # The first half of every lock key here; the second half is the instance.
# When a whole machine is lost, the server notices within half a minute rather than two hours.
KEEPALIVE = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"


class _Locks(Protocol):
    def hold(self, name: str) -> None: ...

    def dead(self, names: Sequence[str]) -> list[str]: ...

    def close(self) -> None: ...


class Instances:
    """The name of this instance, and the ability to tell which others have died."""

    def __init__(self, database: Database) -> None:
        self.me = f"moi-{uuid.uuid4().hex}"
        self._locks: _Locks
        if database.is_sqlite:
            self._locks = _FileLocks(Path(f"{database.url.database}.instances"))
        else:
            address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._locks = _ServerLocks(address)
        self._one_at_a_time = threading.Lock()

    def join(self) -> None:
        """Let the others know that this instance is alive."""
        with self._one_at_a_time:
            self._locks.hold(self.me)

    def dead(self, names: Sequence[str]) -> list[str]:
        """Which of these other instances are alive no more."""
        with self._one_at_a_time:
            return self._locks.dead(names)

    def close(self) -> None:
        """Leave, so that the others take over what is left."""
        with self._one_at_a_time:
            self._locks.close()


class _ServerLocks:
    """Locks of a session of PostgreSQL."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._me = ""
        self._connection: psycopg.Connection | None = None

    def hold(self, name: str) -> None:
        self._me = name
        self._connect()

    def dead(self, names: Sequence[str]) -> list[str]:
        try:
            return [name for name in names if self._is_dead(self._connect(), name)]
        except psycopg.OperationalError:
            # The server was away, and with it our own lock: take it again before judging others.
            return [name for name in names if self._is_dead(self._connect(again=True), name)]

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _connect(self, *, again: bool = False) -> psycopg.Connection:
        if self._connection is None or again:
            self._connection = psycopg.connect(self._address, autocommit=True)
            self._connection.execute(KEEPALIVE)
            self._connection.execute("SELECT pg_advisory_lock_shared(%s, hashtext(%s))", (LOCK, self._me))
        return self._connection

    @staticmethod
    def _is_dead(connection: psycopg.Connection, name: str) -> bool:
        key = (LOCK, name)
        row = connection.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", key).fetchone()
        free = bool(row and row[0])
        if free:
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)
        return free


class _FileLocks:
    """Locks of one byte each in a file that stays empty; opened once, for a process that closes such a file loses all its locks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def hold(self, name: str) -> None:
        fcntl.lockf(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _place(name))

    def dead(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if self._is_free(_place(name))]

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        return self._file

    def _is_free(self, place: int) -> bool:
        try:
            fcntl.lockf(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            return False
        fcntl.lockf(self._open(), fcntl.LOCK_UN, 1, place)
        return True


def _place(name: str) -> int:
    """A place in the file for this name; of two instances that ever get the same one, one cannot start."""
    return int.from_bytes(sha256(name.encode()).digest()[:7])
