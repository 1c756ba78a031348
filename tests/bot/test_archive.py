"""Every version of the knowledge that was in use can be read again, byte for byte, and costs only what is new in it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import Connection, func, select

from bot import archive
from bot.knowledge_tables import knowledge_files
from bot.records import Records
from knowledge.edition import Edition
from knowledge.loading import DATA, gather, load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real knowledge."""
    return copytree(DATA, tmp_path / "kennis")


def edit(folder: Path, file: str, before: str, after: str) -> Edition:
    """Change a text, and give the edition that the folder now is."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return Edition.of(gather(folder))


async def keep(records: Records, edition: Edition) -> None:
    await asyncio.to_thread(records.keep_knowledge, edition)


async def look(records: Records, version: str) -> Edition:
    return await asyncio.wrap_future(
        records.database.read(lambda connection: archive.read(version, connection))
    )


async def uses(records: Records) -> list[archive.Use]:
    return await asyncio.wrap_future(records.database.read(archive.uses))


async def test_read_again(records: Records, folder: Path) -> None:
    """An old version is read again exactly as it was, and gives the same knowledge."""
    first = Edition.of(gather(folder))
    second = edit(folder, "grenzen.yaml", "bedrag: 25000", "bedrag: 30000")
    await keep(records, first)
    await keep(records, second)
    found = await look(records, first.version)

    assert found == first
    assert found.knowledge().limits[0].amount == 25000
    assert (await look(records, second.version)).knowledge().limits[0].amount == 30000
    assert found.knowledge().version == load(DATA).version
    with pytest.raises(LookupError):
        await look(records, "bestaat-niet")


async def test_in_use(records: Records, folder: Path) -> None:
    """The last one in use is the one that was taken up last, also when that is an old one again."""
    first = Edition.of(gather(folder))
    second = edit(folder, "kennis.yaml", "MVOI-team", "Team Inkoop")
    for edition in (first, second, first):
        await keep(records, edition)
    kept = await uses(records)
    last = await asyncio.wrap_future(records.database.read(archive.last_in_use))

    assert [use.version for use in kept] == [first.version, second.version]
    assert last == first
    assert kept[0].first_used
    assert kept[0].last_taken_up
    assert kept[0].first_used < kept[0].last_taken_up


async def test_small_edits_are_cheap(records: Records, folder: Path) -> None:
    """Of a hundred small edits only the edited file is kept each time, the long list of CPV codes once."""

    def size(connection: Connection) -> tuple[int, int]:
        columns = func.count(), func.coalesce(func.sum(func.length(knowledge_files.c.content)), 0)
        row = connection.execute(select(*columns)).one()
        return int(row[0]), int(row[1])

    await keep(records, Edition.of(gather(folder)))
    files, before = await asyncio.wrap_future(records.database.read(size))
    content = dict(Edition.of(gather(folder)).files)
    for number in range(100):
        content["kennis.yaml"] = content["kennis.yaml"] + f"# {number}\n".encode()
        await keep(records, Edition(f"v{number}", dict(content)))
    more_files, after = await asyncio.wrap_future(records.database.read(size))

    assert more_files == files + 100
    assert before < 400_000
    assert after - before < 50_000


async def test_two_at_once(records: Records, folder: Path) -> None:
    """Instances that take the same version up at the same moment keep it once."""
    edition = Edition.of(gather(folder))
    await asyncio.gather(*(keep(records, edition) for _ in range(5)))

    assert [use.version for use in await uses(records)] == [edition.version]
    assert await look(records, edition.version) == edition
