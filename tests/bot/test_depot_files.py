"""The list of the depot from a file: whole or not at all, every mistake by row and column, and nothing reserved gets lost."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.commands import main
from bot.depot import all_items, decide, reservations, reserve
from bot.depot_files import as_table, read_list, take_in
from bot.list_files import read_day
from bot.people import Person
from bot.records import Records
from knowledge.knowledge import Knowledge
from knowledge.sheets import RefusedFileError, write_workbook
from knowledge.shelf import Shelf
from tests.bot.web_room import BUYER

FACILITAIR = Person("f1", "Fenna", frozenset({"buyer", "facilitair"}))
TODAY = date(2026, 11, 26)
LIST = """Omschrijving;Hoeveel;Locatie;Staat;Tot
Bureaustoel;12;Loods;goed;
Beamer;2;Kelder;;31-12-2026
Dossierkast;3;Loods;"oud, heel";31 dec 2026
"""


@pytest.fixture
def knowledge(shelf: Shelf) -> Knowledge:
    return shelf.current


def written(folder: Path, content: str, name: str = "lijst.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


async def take(kept: Records, path: Path, knowledge: Knowledge) -> list[str]:
    """Take a file in; gives what stays because it is reserved."""
    lines = read_list(path, knowledge)
    return list((await kept.write(partial(take_in, path.name, lines))).kept)


async def numbers(kept: Records) -> dict[str, tuple[int, int]]:
    return {item.what: (item.number, item.taken) for item in await kept.read(all_items)}


@pytest.mark.parametrize(
    "written_as", ["2026-11-26", "26-11-2026", "26/11/2026", "26 nov 2026", "26 november 2026", "26-Nov-2026"]
)
def test_day(written_as: str) -> None:
    """A day is read as people write it."""
    assert read_day(written_as) == TODAY


@pytest.mark.parametrize(
    "wrong", ["31-02-2026", "26 novem 26", "26-11/2026", "morgen", "26 foo 2026", "13 mrt"]
)
def test_no_day(wrong: str) -> None:
    """What is no day is not taken for one."""
    assert read_day(wrong) is None


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators(tmp_path: Path, knowledge: Knowledge, separator: str) -> None:
    """Whatever stands between the columns, and whatever they are called, the list is the same."""
    path = written(tmp_path, LIST.replace(";", separator).replace('"oud, heel"', "oud"))
    items = [item for _, item in read_list(path, knowledge)]

    assert [(item.what, item.number, item.place, item.until) for item in items] == [
        ("Bureaustoel", 12, "Loods", None),
        ("Beamer", 2, "Kelder", date(2026, 12, 31)),
        ("Dossierkast", 3, "Loods", date(2026, 12, 31)),
    ]
    assert [item.group for item in items] == [
        "kantoormeubilair",
        "audiovisuele-apparatuur",
        "kantoormeubilair",
    ]


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("", ["lijst.csv is leeg. Zet de namen van de kolommen op de eerste rij."]),
        ("wat;aantal;waar\n", ["lijst.csv, er staat geen enkele regel in."]),
        ("wat;waar\nstoel;hal\n", ["lijst.csv, rij 1: de kolom 'aantal' ontbreekt. Gevonden: wat, waar."]),
        (
            "wat;aantal;waar;sttaat\nstoel;1;hal;goed\n",
            ["lijst.csv, rij 1: de kolom 'sttaat' ken ik niet. Bedoel je 'staat'?"],
        ),
        (
            "wat;artikel;aantal;waar\na;b;1;c\n",
            ["lijst.csv, rij 1: de kolommen wat en artikel zijn hetzelfde. Haal er een weg."],
        ),
        (
            "wat;aantal;waar;tot;productgroep\nstoel;twee;;31-02-2026;kantoormeubels\n;1;hal;;\n",
            [
                "lijst.csv, rij 2, kolom waar: er staat niets. Vul het in.",
                "lijst.csv, rij 2, kolom aantal: 'twee' is geen aantal. Schrijf een heel getal tot 10000, zonder punt.",
                "lijst.csv, rij 2, kolom tot: '31-02-2026' is geen datum. Schrijf 26-11-2026, 2026-11-26 of 26 nov 2026.",
                "lijst.csv, rij 2, kolom productgroep: 'kantoormeubels' ken ik niet. Bedoel je 'kantoormeubilair'?",
                "lijst.csv, rij 3, kolom wat: er staat niets. Vul het in.",
            ],
        ),
        (
            "wat;aantal;waar\nstoel;1;hal\nStoel;2;Hal\n",
            [
                "lijst.csv, rij 3, kolom wat: 'Stoel' staat er al, op rij 2, met dezelfde plek en staat. Tel ze bij elkaar op."
            ],
        ),
        (
            f"wat;aantal;waar\n{'x' * 121};1;hal\n",
            ["lijst.csv, rij 2, kolom wat: dit is te lang. Gebruik hoogstens 120 tekens."],
        ),
    ],
)
def test_wrong_file(tmp_path: Path, knowledge: Knowledge, content: str, problems: list[str]) -> None:
    """Every mistake is named at once, with row and column, and what to do."""
    with pytest.raises(RefusedFileError) as refused:
        read_list(written(tmp_path, content), knowledge)

    assert refused.value.problems == problems


async def test_replaces(records: Records, tmp_path: Path, knowledge: Knowledge) -> None:
    """A second file is the list from then on: the same line keeps its reservations, and what is reserved never goes."""
    await take(records, written(tmp_path, LIST), knowledge)
    ids = {item.what: item.id for item in await records.read(all_items)}
    for what, number in (("Bureaustoel", 5), ("Beamer", 1)):
        await records.write(partial(reserve, person=BUYER, item=ids[what], number=number, today=TODAY))
    less = written(tmp_path, "wat;aantal;waar;staat\nbureaustoel;4;loods;goed\nkast;1;hal;\n", "minder.csv")
    before = await numbers(records)
    with pytest.raises(RefusedFileError, match=r"rij 2, kolom aantal: er zijn er 5 gereserveerd"):
        await take(records, less, knowledge)
    after_refusal = await numbers(records)
    new = written(tmp_path, "wat;aantal;waar;staat\nbureaustoel;8;loods;goed\nkast;1;hal;\n")
    kept = await take(records, new, knowledge)
    held = {one.what: one.number for one in await records.read(reservations)}

    assert after_refusal == before
    assert kept == ["Beamer"]
    assert await numbers(records) == {"Beamer": (1, 1), "bureaustoel": (8, 5), "kast": (1, 0)}
    assert held == {"Bureaustoel": 5, "Beamer": 1}


async def test_back_in_the_depot(records: Records, tmp_path: Path, knowledge: Knowledge) -> None:
    """What comes back after its line left the file is free again."""
    await take(records, written(tmp_path, LIST), knowledge)
    item = next(item for item in await records.read(all_items) if item.what == "Beamer")
    await records.write(partial(reserve, person=BUYER, item=item.id, number=2, today=TODAY))
    [one] = await records.read(reservations)
    await take(records, written(tmp_path, "wat;aantal;waar\nkast;1;hal\n"), knowledge)
    for what in ("bevestigen", "terug"):
        await records.write(partial(decide, person=FACILITAIR, what=what, reservation=one.id))

    assert await numbers(records) == {"Beamer": (2, 0), "kast": (1, 0)}


async def test_out_and_in(sqlite_url: str, tmp_path: Path, knowledge: Knowledge) -> None:
    """What was exported can be read in again, from Excel as well, and is the same; a formula stays words."""
    kept = await Records.open(sqlite_url)
    await take(kept, written(tmp_path, LIST + "=1+1;1;hal;;\n"), knowledge)
    before = await kept.read(all_items)
    write_workbook(tmp_path / "depot.xlsx", [as_table(before)])
    await take(kept, tmp_path / "depot.xlsx", knowledge)
    after = await kept.read(all_items)
    await kept.close()

    assert after == before


def test_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands take a file in, write it out, and say what is wrong without changing anything."""
    monkeypatch.setenv("MOI_DATA_DIR", str(tmp_path / "data"))
    fine, wrong = (
        written(tmp_path, LIST),
        written(tmp_path, "wat;aantal;waar\n" + "stoel;x;hal\n" * 25, "fout.csv"),
    )
    codes = [
        main(["depot", "import", str(fine)]),
        main(["depot", "import", str(wrong)]),
        main(["depot", "export", str(tmp_path / "uit.csv")]),
        main(["depot", "export", str(tmp_path / "uit.xlsx")]),
        main(["depot", "export", str(tmp_path / "uit")]),
        main(["depot", "impotr", "x"]),
        main(["depot", "import"]),
        main(["depot"]),
    ]
    told = capsys.readouterr()

    assert codes == [0, 1, 0, 0, 1, 2, 2, 0]
    assert "In het depot staan nu 3 regels uit lijst.csv: 3 nieuw, 0 al bekend." in told.out
    assert "fout.csv, rij 2, kolom aantal: 'x' is geen aantal." in told.err
    assert "En nog 5 fouten." in told.err
    assert "Er is niets veranderd." in told.err
    assert "impotr ken ik niet. Bedoel je import?" in told.err
    assert "Beamer;2;Kelder;audiovisuele-apparatuur;;2026-12-31;0" in (tmp_path / "uit.csv").read_text(
        "utf-8-sig"
    )
