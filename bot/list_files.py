"""A list that colleagues keep as a file: read whole or not at all, with every mistake by row and column in Dutch.

What stands in the columns is the business of the list itself; here is what all lists have in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Generic, TypeVar

from cards.marks import legible
from knowledge.knowledge import Knowledge
from knowledge.mistakes import nearest
from knowledge.sheets import FORMULA_SIGNS, RefusedFileError, Row, Sheet, SheetError, read_rows

T = TypeVar("T")

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
DAY = re.compile(r"(\d{1,2})([-./ ])(\d{1,2})\2(\d{4})")
NAMED_DAY = re.compile(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})")
AT_ONCE = 1000
LONGEST_NAME = 80  # characters of the name of a file, in the log

Progress = Callable[[int], None]
"""Told how many rows more are done."""


def quietly(_rows: int) -> None:
    """The progress of what nobody waits for at a screen."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a list; `called` gives other names that people use, `read_over` is in the export only."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    called: Mapping[str, str]
    read_over: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every column that is read."""
        return (*self.needed, *self.optional)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What the rows of a list are: what is wrong with one, what it is, and by what two are the same (and `twice` says so)."""

    columns: Columns
    problems: Callable[[Row], Iterator[str]]
    made: Callable[[Row], T]
    key: Callable[[T], Hashable]
    twice: Callable[[T, int], str]


def opened(path: Path) -> Sheet:
    """The table in a file. Raises `RefusedFileError` when it is none."""
    try:
        return read_rows(path)
    except SheetError as error:
        raise RefusedFileError([str(error)]) from error


def read_lines(name: str, sheet: Sheet, kind: Kind[T], progress: Progress = quietly) -> list[tuple[int, T]]:
    """The lines of the file with this `name`, each with the number of its row. Raises `RefusedFileError` with every problem."""
    columns, rows = sheet
    names = {column: kind.columns.called.get(column, column) for column in columns}
    problems = list(_headings(columns, names, kind.columns))
    if not problems and not rows:
        problems = ["er staat geen enkele regel in."]
    found: list[tuple[int, T]] = []
    first: dict[Hashable, int] = {}
    for done, row in enumerate(rows if not problems else (), 1):
        cells = {names[column]: said(text) for column, text in row.cells.items()}
        named = Row(row.number, cells)
        if wrong := [*_missing(named, kind.columns.needed), *kind.problems(named)]:
            problems += [f"rij {row.number}, {problem}" for problem in wrong]
        else:
            line = kind.made(named)
            before = first.setdefault(kind.key(line), row.number)
            if before != row.number:
                problems.append(f"rij {row.number}, {kind.twice(line, before)}")
            found.append((row.number, line))
        if done % AT_ONCE == 0:
            progress(AT_ONCE)
    progress(len(rows) % AT_ONCE)
    if problems:
        raise RefusedFileError([f"{name}, {problem}" for problem in problems])
    return found


def read_day(text: str) -> date | None:
    """A day as people write it: 2026-11-26, 26-11-2026 or 26 nov 2026; None when it is none."""
    try:
        if numbers := DAY.fullmatch(text):
            return date(int(numbers[4]), int(numbers[3]), int(numbers[1]))
        if named := NAMED_DAY.fullmatch(text.casefold()):
            # "Maart" is the one month that is shortened otherwise.
            short = "mrt" if named[2].startswith("maa") else named[2][:3]
            return date(int(named[3]), MONTHS.index(short) + 1, int(named[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def said(cell: str) -> str:
    """What a cell says, without the apostrophe by which an export keeps a spreadsheet from carrying it out."""
    text = legible(cell).strip()
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA_SIGNS else text


def too_long(row: Row, column: str, most: int) -> Iterator[str]:
    """The problem when there are more than so many characters in a cell."""
    if len(row.cells.get(column, "")) > most:
        yield f"kolom {column}: dit is te lang. Gebruik hoogstens {most} tekens."


def no_day(row: Row, column: str) -> Iterator[str]:
    """The problem when there is something in a cell that is no day."""
    day = row.cells.get(column, "")
    if day and read_day(day) is None:
        yield f"kolom {column}: '{day}' is geen datum. Schrijf 26-11-2026, 2026-11-26 of 26 nov 2026."


def unknown(row: Row, column: str, known: Collection[str], found: object) -> Iterator[str]:
    """The problem when there is something in a cell for which nothing was `found` among what is `known`."""
    said_there = row.cells.get(column, "")
    if said_there and found is None:
        yield f"kolom {column}: '{said_there}' ken ik niet. {nearest(said_there, known)}"


def named_group(knowledge: Knowledge, name: str) -> str | None:
    """A product group by its id or its name."""
    if name in knowledge.groups:
        return name
    same = (group.id for group in knowledge.groups.values() if group.name.casefold() == name.casefold())
    return next(same, None)


def recognised_group(knowledge: Knowledge, what: str) -> str | None:
    """The product group of a thing, when that is sure; without one it is found by its own words."""
    # As a purchase, for "bureaustoel blauw" alone reads as something that somebody tells.
    found = knowledge.recognise(f"koop {what}")
    return found.group if found.sure else None


def group_of_row(knowledge: Knowledge) -> Callable[[Row], str | None]:
    """Tells the product group of a row: as it is named in `productgroep`, or else recognised from `wat`."""
    recognise = lru_cache(maxsize=None)(partial(recognised_group, knowledge))

    def group(row: Row) -> str | None:
        if name := row.cells.get("productgroep", ""):
            return named_group(knowledge, name)
        # Numbers say nothing of the kind of thing, and without them most lines are alike, which is faster.
        return recognise(
            " ".join(word for word in row.cells["wat"].split() if not any(map(str.isdecimal, word)))
        )

    return group


def _headings(columns: Sequence[str], names: Mapping[str, str], known: Columns) -> Iterator[str]:
    for name in known.needed:
        if name not in names.values():
            yield f"rij 1: de kolom '{name}' ontbreekt. Gevonden: {', '.join(columns)}."
    for column, name in names.items():
        if name not in (*known.all, *known.read_over):
            yield f"rij 1: de kolom '{column}' ken ik niet. {nearest(column, known.all)}"
    for name in known.all:
        if len(twice := [column for column, called in names.items() if called == name]) > 1:
            yield f"rij 1: de kolommen {' en '.join(twice)} zijn hetzelfde. Haal er een weg."


def _missing(row: Row, needed: Sequence[str]) -> Iterator[str]:
    for column in needed:
        if not row.cells[column]:
            yield f"kolom {column}: er staat niets. Vul het in."
