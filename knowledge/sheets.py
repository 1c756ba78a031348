"""Tables in files that colleagues use: CSV in any of the usual forms, and Excel. Reads them by column, writes them whole."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, load_workbook

EXCEL = (".xlsx", ".xls", ".xlsm", ".ods")
SEPARATORS = (";", ",", "\t", "|")
WIDEST = 60  # characters of a column in a workbook; longer texts are wrapped.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class SheetError(Exception):
    """A file that cannot be read as a table; the message says in Dutch what to do."""


class RefusedFileError(Exception):
    """A file that cannot be taken in; every problem in it, in Dutch, by row and column."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Row:
    """One row by column name, as text; `number` is that of the row in the file, where the heading is row 1."""

    number: int
    cells: Mapping[str, str]


Sheet = tuple[tuple[str, ...], tuple[Row, ...]]
"""What was read of a file: its columns and its rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a name; every row has as many values as there are columns."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | bool | None, ...], ...]


def read_rows(path: Path) -> Sheet:
    """Read a file as `read_table` reads its content. Raises `SheetError`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SheetError(f"{path} kan ik niet lezen. Kijk of het bestand er is.") from error
    return read_table(path.name, content)


def read_table(name: str, content: bytes) -> Sheet:
    """Read the first sheet of a file: its columns (small letters, `_` for spaces) and its rows that are not empty.

    The end of its `name` tells what kind of file it is. Raises `SheetError` when it is no table: another kind of file,
    another coding, no heading or two equal columns.
    """
    lines = _excel(name, content) if name.lower().endswith(EXCEL) else _csv(name, content)
    if not lines:
        raise SheetError(f"{name} is leeg. Zet de namen van de kolommen op de eerste rij.")
    columns = tuple("_".join(str(cell).casefold().split()) for cell in lines[0])
    named = tuple(column for column in columns if column)
    if not named:
        raise SheetError(f"{name}, rij 1: hier horen de namen van de kolommen te staan.")
    if double := next((column for column in named if named.count(column) > 1), None):
        raise SheetError(f"{name}, rij 1: de kolom '{double}' staat er twee keer. Haal er een weg.")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = {column: text for column, text in zip(columns, line, strict=False) if column}
        if any(cells.values()):
            rows.append(Row(number, {column: cells.get(column, "") for column in named}))
    return named, tuple(rows)


def _excel(name: str, content: bytes) -> list[list[str]]:
    try:
        book = load_workbook(BytesIO(content))
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, OSError) as error:
        raise SheetError(
            f"{name} kan ik niet lezen als Excel. Bewaar het opnieuw als .xlsx of als .csv."
        ) from error
    return [[_as_text(cell) for cell in line] for line in sheet.to_python(skip_empty_area=False)]


def _as_text(cell: Any) -> str:
    match cell:
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
    return " ".join(str(cell).split())


def _csv(name: str, content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # What Excel for Windows writes as CSV.
    if "\0" in text:
        raise SheetError(f"{name} is geen tabel. Gebruik een .csv- of Excel-bestand.")
    heading = text.partition("\n")[0]
    separator = max(SEPARATORS, key=heading.count)
    try:
        lines = list(csv.reader(StringIO(text), delimiter=separator, strict=True))
    except csv.Error as error:
        raise SheetError(f"{name}: een aanhalingsteken gaat niet dicht. Verbeter dat eerst.") from error
    return [[" ".join(cell.split()) for cell in line] for line in lines]


def write_workbook(to: Path | BytesIO, tables: Sequence[Table]) -> None:
    """Write one Excel file with a sheet per table: heading in bold and fixed, with filters, text never read as a formula."""
    with xlsxwriter.Workbook(to, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            sheet.write_row(0, 0, table.columns, bold)
            for number, row in enumerate(table.rows, 1):
                sheet.write_row(number, 0, row, wrapped)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(table.rows), max(len(table.columns) - 1, 0))
            for place, column in enumerate(table.columns):
                longest = max((len(str(row[place])) for row in table.rows), default=0)
                sheet.set_column(place, place, min(max(longest, len(column)) + 2, WIDEST))


def write_csv(folder: Path, tables: Sequence[Table]) -> list[Path]:
    """Write a CSV file per table that Excel opens at once in Dutch: `;` between the columns, UTF-8 with its mark."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in tables:
        path = folder / f"{table.name}.csv"
        path.write_text(csv_text(table), encoding="utf-8-sig", newline="")
        written.append(path)
    return written


def csv_text(table: Table) -> str:
    """A table as CSV with `;` between the columns."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(table.columns)
    writer.writerows([_no_formula(cell) for cell in row] for row in table.rows)
    return text.getvalue()


def _no_formula(cell: str | int | float | bool | None) -> str | int | float | bool | None:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
