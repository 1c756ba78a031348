"""`app.py knowledge versions | show | diff | unknown | word`, typed beside a Moi that was in use."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from shutil import copytree

import pytest

from bot import archive, unrecognised
from bot.database import Database
from knowledge.edition import Edition
from knowledge.loading import DATA, gather
from tests.bot.test_unrecognised import MONDAY
from tests.command_line import in_one_go

CLOTHES = "productgroepen/bedrijfskleding.yaml"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The database of a Moi that has run on a copy of the knowledge."""
    copytree(DATA, tmp_path / "kennis")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'moi.sqlite'}")
    database.migrate()
    database.write(partial(archive.keep, Edition.at(tmp_path / "kennis"))).result()
    return database


def typed(tmp_path: Path, *commands: str) -> list[tuple[int, str]]:
    """Type these commands one after the other; gives of each the exit code and everything that is seen."""
    words = [("knowledge", *command.split()) for command in commands]
    done = in_one_go(tmp_path, *words, MOI_KNOWLEDGE_DIR=str(tmp_path / "kennis"))
    return [(one.code, one.out + one.err) for one in done]


def edit(tmp_path: Path, file: str, before: str, after: str) -> None:
    path = tmp_path / "kennis" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_old_version(tmp_path: Path, database: Database) -> None:
    """What was advised from an old version can be read after the text, and even the models, have changed."""
    version = Edition.at(tmp_path / "kennis").version
    edit(tmp_path, CLOTHES, "id: bkl-01", "id: bkl-77")
    odd = Edition(
        "0dd",
        {
            **gather(DATA).files,
            CLOTHES: b"id: bedrijfskleding\ncriteria:\n  - id: bkl-01\n    eisen: [oud]\n",
        },
    )
    database.write(partial(archive.keep, odd)).result()
    database.close()
    listed, kept, now, old, unknown, item = typed(
        tmp_path,
        "versions",
        f"show {version[:5]} bkl-01",
        "show nu bkl-01",
        "show 0dd bkl-01",
        "show zzz bkl-01",
        "show 0dd bkl",
    )

    assert f"{version}  sinds" in listed[1]
    assert kept[0] == 0
    assert "Criterium bkl-01 (Bedrijfskleding)" in kept[1]
    assert f"{CLOTHES}:" in kept[1]
    assert "\nType: " in kept[1]
    assert now[0] == 1
    assert "bkl-01 staat niet in versie" in now[1]
    assert "Lijkt op: bkl-02" in now[1]
    assert "    eisen: [oud]" in old[1]
    assert "Moi leest dit nu anders" in old[1]
    assert unknown[0] == 1
    assert "Versie zzz ken ik niet." in unknown[1]
    assert "Lijkt op: bkl-01" in item[1]


def test_mistakes_first(tmp_path: Path, database: Database) -> None:
    """When the folder is not right, diff says that first and ends with 1; it still says what is different."""
    database.close()
    edit(tmp_path, CLOTHES, "soort: levering", "soort: leverng")
    [(code, seen)] = typed(tmp_path, "diff")

    assert code == 1
    assert seen.splitlines()[0] == "De nieuwe versie klopt niet. Moi neemt die niet over."
    assert "leverng" in seen.splitlines()[1]
    assert "soort: “levering” → “leverng”" in seen


def test_without_a_database(tmp_path: Path) -> None:
    """Before Moi has run there is nothing to compare with, and looking makes no database."""
    copytree(DATA, tmp_path / "kennis")
    [(code, seen)] = typed(tmp_path, "diff")

    assert (code, "Start Moi een keer" in seen) == (1, True)
    assert not (tmp_path / "data").exists()


def test_word(tmp_path: Path, database: Database) -> None:
    """From the list of what was not recognised to a search word is one line, and then it is off the list."""
    for _ in range(2):
        database.write(lambda connection: unrecognised.note(connection, "zweefmolen", MONDAY)).result()
    database.close()
    (_, listed), (code, added), (_, rest), (refused, why) = typed(
        tmp_path,
        "unknown",
        "word speelvoorzieningen zweefmolen",
        "unknown",
        "word straatmeubilair zweefmolen",
    )

    assert "2 keer, het laatst in de week van 23 november 2026: zweefmolen" in listed
    assert (code, "van de lijst: zweefmolen" in added) == (0, True)
    assert "Er staat niets in de lijst" in rest
    assert (refused, "heeft het zoekwoord “zweefmolen” al" in why) == (1, True)
