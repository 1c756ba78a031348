"""Work that waits for the one writer shares a transaction, and nobody notices but the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from bot.database import Database
from bot.together import Piece, Together

T = TypeVar("T")

A_MOMENT = 0.3  # Seconds, of which a write takes a twentieth.
PATIENCE = 20  # Seconds after which what never comes is called missing.


def alone(once: Callable[[], Any]) -> Any:
    """One piece of work, tried once."""
    return once()


class Disk:
    """A database whose commits are counted."""

    def __init__(self, database: Database) -> None:
        self.database = database
        lock = Path(f"{database.url.database}.writer")
        self.together = Together(database._reading, database._writing, alone, lock)
        self.commits = 0
        event.listen(database._writing, "commit", self._count)

    def _count(self, _connection: Connection) -> None:
        self.commits += 1

    def write(self, work: Callable[[Connection], T]) -> Future[T]:
        piece = Piece(work=work)
        self.together.submit(piece)
        return piece.done

    @contextmanager
    def busy(self) -> Iterator[None]:
        """What is asked for in here waits until the end of it."""
        begun, over = Event(), Event()

        def wait(_connection: Connection) -> None:
            begun.set()
            over.wait()

        self.write(wait)
        begun.wait()
        self.commits = 0
        yield
        over.set()

    def kept(self) -> list[str]:
        """All words that are kept, as another connection sees them."""
        return self.database.read(
            lambda connection: list(
                connection.execute(text("SELECT word FROM words ORDER BY word")).scalars()
            )
        ).result(PATIENCE)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    database = Database(f"sqlite:///{tmp_path / 'moi.sqlite'}")
    table = "CREATE TABLE words (word TEXT PRIMARY KEY, after TEXT REFERENCES words DEFERRABLE INITIALLY DEFERRED)"
    opened = Disk(database)
    opened.write(lambda connection: connection.execute(text(table))).result(PATIENCE)
    yield opened
    opened.together.shutdown()
    database.close()


def keep(word: str, after: str | None = None) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        row = {"word": word, "after": after}
        connection.execute(text("INSERT INTO words VALUES (:word, :after)"), row)
        return word

    return work


def failing(connection: Connection) -> str:
    keep("half")(connection)
    raise LookupError("half done")


def test_one_transaction(disk: Disk) -> None:
    """What waits is kept in one go, each with its own result."""
    with disk.busy():
        asked = [disk.write(keep(word)) for word in "abcd"]

    assert [done.result(PATIENCE) for done in asked] == ["a", "b", "c", "d"]
    assert disk.kept() == ["a", "b", "c", "d"]
    assert disk.commits == 2  # what kept the disk busy, and all of these


def test_failing_work(disk: Disk) -> None:
    """Work that fails leaves nothing behind and takes nobody along."""
    with disk.busy():
        first, wrong, last = map(disk.write, (keep("a"), failing, keep("b")))

    assert (first.result(PATIENCE), last.result()) == ("a", "b")
    with pytest.raises(LookupError):
        wrong.result(PATIENCE)
    assert disk.kept() == ["a", "b"]


def test_no_transaction(disk: Disk) -> None:
    """When the whole cannot be kept, everybody still gets their own try."""
    with disk.busy():
        first, wrong, last = map(disk.write, (keep("a"), keep("b", after="nobody"), keep("c")))

    assert (first.result(PATIENCE), last.result()) == ("a", "c")
    with pytest.raises(IntegrityError):
        wrong.result(PATIENCE)
    assert disk.kept() == ["a", "c"]


def test_safe_first(disk: Disk) -> None:
    """Whoever hears that it is done can rely on it: everybody else sees it."""
    seen: list[list[str]] = []
    with disk.busy():
        asked = [disk.write(keep(word)) for word in "ab"]
        asked[0].add_done_callback(lambda _: seen.append(disk.kept()))
    asked[1].result(PATIENCE)

    assert seen == [["a", "b"]]


def test_cancelled(disk: Disk) -> None:
    """What nobody wants any more is not done."""
    with disk.busy():
        kept, gone = disk.write(keep("a")), disk.write(keep("b"))
        gone.cancel()

    assert kept.result(PATIENCE) == "a"
    with pytest.raises(CancelledError):
        gone.result(PATIENCE)
    assert disk.kept() == ["a"]


def test_many(disk: Disk) -> None:
    """More than fits in one transaction is done in order all the same."""
    order: list[int] = []

    def note(number: int) -> Future[None]:
        return disk.write(lambda _connection: order.append(number))

    with disk.busy():
        asked = [note(number) for number in range(120)]
    for done in asked:
        done.result(PATIENCE)

    assert order == list(range(120))


def test_look_first(disk: Disk) -> None:
    """What has to be found out is found out while others may still write, for all at once."""
    pieces = [Piece(look=lambda _connection, word=word: keep(word)) for word in "ab"]  # type: ignore[misc]  # a default
    with disk.busy():
        for piece in pieces:
            disk.together.submit(piece)

    assert [piece.done.result(PATIENCE) for piece in pieces] == ["a", "b"]
    assert disk.commits == 2


def test_other_process(disk: Disk) -> None:
    """As long as another process writes, nothing is written here; reading goes on, and looking too."""
    looked = Event()

    def look(_connection: Connection) -> Callable[[Connection], str]:
        looked.set()
        return keep("a")

    piece = Piece(look=look)
    with Path(f"{disk.database.url.database}.writer").open("r+") as lock:
        flock(lock, LOCK_EX)
        disk.together.submit(piece)
        assert looked.wait(PATIENCE)
        with pytest.raises(TimeoutError):
            piece.done.result(A_MOMENT)
        before = disk.kept()

    assert before == []
    assert piece.done.result(PATIENCE) == "a"
