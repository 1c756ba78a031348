"""The check-up of what is on this side: files, disk, database and what still has to be delivered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import doctor_here as here
from bot.channel_place import TeamsPlace, connect, disconnect
from bot.people import Person
from bot.records import Records
from bot.settings import Settings
from tests.bot.doctor_room import said


async def test_data_folder_that_is_none(tmp_path: Path) -> None:
    """Where a file stands in the way of the data folder nothing can be kept."""
    (tmp_path / "bestand").touch()
    (found,) = await here.data_folder(Settings(data_dir=tmp_path / "bestand" / "data"))

    assert found.state == "rood"
    assert "kan ik niet schrijven" in found.found


@pytest.mark.parametrize(("free", "state"), [(50 * 1024**3, "groen"), (1024**3, "oranje"), (1024**2, "rood")])
def test_room_on_the_disk(tmp_path: Path, free: int, state: str) -> None:
    """A disk that fills up is a remark in time, and a fault before it is full."""
    assert here.room(tmp_path, free).state == state


async def test_page_files(tmp_path: Path) -> None:
    """Without the files of others the pages cannot be shown, and it is said how to get them."""
    (found,) = await here.page_files(tmp_path)

    assert (found.state, "uv sync" in found.advice) == ("rood", True)


async def test_no_database_at_all(tmp_path: Path) -> None:
    """A file that is no database is not taken for an empty one."""
    file = tmp_path / "ander.sqlite"
    file.write_text("dit is geen database, maar een brief van meer dan zestien tekens" * 20)
    found = said(await here.database(Settings(database_url=f"sqlite:///{file}")), "Database")

    assert found.startswith(f"rood: {file} werkt niet")


@pytest.mark.parametrize(
    ("change", "state", "expected"),
    [
        ("DROP TABLE alembic_version", "oranje", "is nog leeg"),
        ("UPDATE alembic_version SET version_num = '0001'", "oranje", "zijn van een oudere Moi"),
        ("UPDATE alembic_version SET version_num = '9999'", "rood", "zijn van een nieuwere Moi"),
    ],
)
async def test_tables(database_url: str, change: str, state: str, expected: str) -> None:
    """Tables of an older Moi will be brought up to date; those of a newer one stop this one."""
    records = await Records.open(database_url)
    records.database.write(lambda connection: connection.exec_driver_sql(change)).result()
    await records.close()

    (found,) = await here.database(Settings(database_url=database_url))

    assert (found.part, found.state) == ("Database", state)
    assert expected in found.found


async def test_read_only(postgres_url: str) -> None:
    """A database that answers but takes nothing in is a fault."""
    records = await Records.open(postgres_url)
    await records.close()
    read_only = f"{postgres_url}&options=-c%20default_transaction_read_only%3Don"

    findings = await here.database(Settings(database_url=read_only))

    assert said(findings, "Database").startswith("rood")
    assert "read-only" in said(findings, "Database")


RECORD = (
    "INSERT INTO records VALUES ('r1', 'p1', 1, 'niet-gekocht', NULL, NULL, 'onbekend', '{}', 'v1', "
    "'2026-01-01 12:00:00.000000', '2026-01-01 12:00:00.000000')"
)


@pytest.mark.parametrize(
    ("target", "state", "expected"),
    [
        ("page", "posted", "groen: Geen achterstand; aangekomen: 1."),
        ("teams", "posted", "groen: Geen achterstand; aangekomen: 1."),
        ("teams", "due", "rood: Samenvattingen die al langer dan een kwartier wachten: 1."),
        ("teams", "failed", "oranje: Samenvattingen die niet of niet zeker zijn aangekomen: 1."),
        ("teams", "uncertain", "oranje: Samenvattingen die niet of niet zeker zijn aangekomen: 1."),
    ],
)
async def test_deliveries(database_url: str, target: str, state: str, expected: str) -> None:
    """What did not arrive, or should have by now, is counted."""
    records = await Records.open(database_url)
    records.database.write(lambda connection: connection.exec_driver_sql(RECORD)).result()
    columns = "record, target, state, due_version, posted_version, noticed_version, revision"
    post = f"INSERT INTO posts ({columns}) VALUES ('r1', '{target}', '{state}', 1, 1, 1, 1)"
    records.database.write(lambda connection: connection.exec_driver_sql(post)).result()
    await records.close()

    findings = await here.database(Settings(database_url=database_url))

    assert said(findings, "Bezorging").startswith(expected)
    assert said(findings, "Kanaal in Teams").startswith("oranje")


async def test_channel(database_url: str) -> None:
    """A channel that was connected in Teams counts, and after it was disconnected the one in the settings does not."""
    records = await Records.open(database_url)
    person, place = Person("p1", "Een Collega"), TeamsPlace("19:x", "https://smba.example.nl")
    settings = Settings(
        database_url=database_url, channel_service_url="https://smba.example.nl", channel_conversation="19:y"
    )
    found = [await here.database(settings)]
    await records.write(lambda connection: connect(connection, place, "t", person))
    found.append(await here.database(Settings(database_url=database_url)))
    await records.write(disconnect)
    found.append(await here.database(settings))
    await records.close()

    assert [said(findings, "Kanaal in Teams").partition(":")[0] for findings in found] == [
        "groen", "groen", "oranje",
    ]  # fmt: skip
