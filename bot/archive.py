"""Keeping every version of the knowledge that was in use, so that what was advised from it can be shown again.

Functions of a connection. A version is a list of files by the hash of their content; a content is kept once, however
many versions have it.
"""

from __future__ import annotations

import bz2
import hashlib
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.knowledge_tables import knowledge_files, knowledge_versions
from bot.tables import records
from knowledge.edition import Edition

HASH_LENGTH = (
    32  # Hexadecimal digits, 128 bits: enough to tell files apart, half as much to keep per version.
)

# No header or checks per file: most are a few kilobytes, and their hash is known.
SMALL = [{"id": lzma.FILTER_LZMA1, "preset": 6, "dict_size": 1 << 20, "lc": 1, "pb": 0}]
RAW = b"R"  # In front of what is packed without any header.


@dataclass(frozen=True, slots=True)
class Use:
    """A version of the knowledge: when it was first and last taken into use (None: not kept), and how many records it has."""

    version: str
    first_used: datetime | None
    last_taken_up: datetime | None
    records: int


def keep(edition: Edition, connection: Connection) -> None:
    """Keep a version that is being taken into use; for one that was kept before only that it is in use again."""
    now = datetime.now(UTC)
    again = (
        update(knowledge_versions)
        .where(knowledge_versions.c.version == edition.version)
        .values(last_taken_up=now)
    )
    if connection.execute(again).rowcount:
        return
    hashes = {name: _hash(content) for name, content in edition.files.items()}
    contents = {hashes[name]: content for name, content in edition.files.items()}
    missing = contents.keys() - connection.scalars(
        select(knowledge_files.c.hash).where(knowledge_files.c.hash.in_(list(contents)))
    )
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    if missing:
        # In one order, for another instance may be keeping the same at this moment.
        rows = [{"hash": hash_, "content": _packed(contents[hash_])} for hash_ in sorted(missing)]
        connection.execute(insert(knowledge_files).on_conflict_do_nothing(), rows)
    row = {"version": edition.version, "files": hashes, "first_used": now, "last_taken_up": now}
    connection.execute(insert(knowledge_versions).on_conflict_do_nothing(), row)


def _packed(content: bytes) -> bytes:
    return RAW + lzma.compress(content, lzma.FORMAT_RAW, filters=SMALL)


def _unpacked(content: bytes) -> bytes:
    if content.startswith(RAW):
        return lzma.decompress(content[len(RAW) :], lzma.FORMAT_RAW, filters=SMALL)
    # What was kept before 27 November 2026.
    return bz2.decompress(content) if content.startswith(b"BZh") else lzma.decompress(content)


def uses(connection: Connection) -> list[Use]:
    """Every version that was in use or that a record was advised from, the one that was taken up last first."""
    counted = {
        row.knowledge_version: row.number
        for row in connection.execute(
            select(records.c.knowledge_version, func.count().label("number")).group_by(
                records.c.knowledge_version
            )
        )
    }
    kept = [
        Use(row.version, row.first_used, row.last_taken_up, counted.pop(row.version, 0))
        for row in connection.execute(
            select(
                knowledge_versions.c.version,
                knowledge_versions.c.first_used,
                knowledge_versions.c.last_taken_up,
            ).order_by(knowledge_versions.c.last_taken_up.desc())
        )
    ]
    return [*kept, *(Use(version, None, None, number) for version, number in sorted(counted.items()))]


def last_in_use(connection: Connection) -> Edition | None:
    """The version that was taken into use last; None when none was kept yet."""
    newest = select(knowledge_versions).order_by(knowledge_versions.c.last_taken_up.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return _edition(connection, row) if row else None


def starting_with(prefix: str, connection: Connection) -> Sequence[str]:
    """The kept versions that begin with these characters."""
    same = func.substr(knowledge_versions.c.version, 1, len(prefix)) == prefix
    return (
        connection.scalars(
            select(knowledge_versions.c.version).where(same).order_by(knowledge_versions.c.version)
        ).all()
        if prefix
        else ()
    )


def read(version: str, connection: Connection) -> Edition:
    """The files of a kept version; raises `LookupError` when it was not kept."""
    row = connection.execute(
        select(knowledge_versions).where(knowledge_versions.c.version == version)
    ).one_or_none()
    if row is None:
        raise LookupError(version)
    return _edition(connection, row)


def _edition(connection: Connection, row: Row[tuple[object, ...]]) -> Edition:
    hashes: dict[str, str] = row.files
    found = select(knowledge_files).where(knowledge_files.c.hash.in_(sorted(set(hashes.values()))))
    contents = {one.hash: _unpacked(one.content) for one in connection.execute(found)}
    return Edition(row.version, {name: contents[hash_] for name, hash_ in sorted(hashes.items())})


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
