"""Tables come in whatever way colleagues save them, and go out so that a spreadsheet opens them without harm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from knowledge.sheets import SheetError, Table, read_rows, write_csv, write_workbook


@pytest.mark.parametrize(
    "content",
    [
        b"Soort;Hoe veel\r\nstoel;4\r\n",
        b"Soort,Hoe veel\nstoel,4\n",
        b"\xef\xbb\xbfSoort\tHoe veel\nstoel\t4\n",
        b'"Soort";"Hoe veel"\n" stoel ";"4"\n\n;\n',
    ],
)
def test_csv(tmp_path: Path, content: bytes) -> None:
    """Separators, marks, quotes and empty rows of the usual kinds make no difference."""
    path = tmp_path / "lijst.csv"
    path.write_bytes(content)
    columns, rows = read_rows(path)

    assert columns == ("soort", "hoe_veel")
    assert [(row.number, dict(row.cells)) for row in rows] == [(2, {"soort": "stoel", "hoe_veel": "4"})]


def test_windows_coding(tmp_path: Path) -> None:
    """A CSV that an older Excel saved keeps its accents."""
    path = tmp_path / "lijst.csv"
    path.write_bytes("naam\ncafé\n".encode("cp1252"))

    assert read_rows(path)[1][0].cells == {"naam": "café"}


def test_excel(tmp_path: Path) -> None:
    """Numbers and dates of a workbook are read as people see them."""
    path = tmp_path / "lijst.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Naam", "Aantal", "Tot"])
        sheet.write_row(1, 0, ["stoel", 4])
        sheet.write_datetime(1, 2, date(2027, 6, 1), book.add_format({"num_format": "dd-mm-yyyy"}))

    assert read_rows(path)[1][0].cells == {"naam": "stoel", "aantal": "4", "tot": "2027-06-01"}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("leeg.csv", b"", "is leeg. Zet de namen van de kolommen"),
        ("kop.csv", b";;\n1;2;3\n", "rij 1: hier horen de namen"),
        ("dubbel.csv", b"naam;Naam\n", "de kolom 'naam' staat er twee keer"),
        ("open.csv", b'naam\n"stoel\n', "een aanhalingsteken gaat niet dicht"),
        ("plaatje.csv", b"\x89PNG\0\0", "is geen tabel"),
        ("kapot.xlsx", b"PK\x03\x04 kapot", "kan ik niet lezen als Excel"),
    ],
)
def test_no_table(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    """What is no table is refused in Dutch, with what to do."""
    (tmp_path / name).write_bytes(content)

    with pytest.raises(SheetError, match=says):
        read_rows(tmp_path / name)


def test_not_there(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(SheetError, match="Kijk of het bestand er is"):
        read_rows(tmp_path / "weg.csv")


def test_there_and_back(tmp_path: Path) -> None:
    """What is written is read back the same, and nothing in it is a formula."""
    table = Table("lijst", ("naam", "uitleg"), (("stoel", "=1+1"), ("bureau", None)))
    write_workbook(tmp_path / "a.xlsx", [table])
    (csv,) = write_csv(tmp_path / "map", [table])

    assert [dict(row.cells) for row in read_rows(tmp_path / "a.xlsx")[1]] == [
        {"naam": "stoel", "uitleg": "=1+1"},
        {"naam": "bureau", "uitleg": ""},
    ]
    assert read_rows(csv)[1][0].cells["uitleg"] == "'=1+1"
