"""The list of the depot from a file and to a file: read whole or not at all, with every mistake by row and column.

A file is the whole list: what is not in it any more goes, but for what is reserved or lent out.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, insert, update

from bot.depot import LONGEST, MOST, Item, all_items, hold, key, row_of
from bot.rights import MOI, note
from bot.tables import depot_items
from cards.marks import legible
from knowledge.knowledge import Knowledge
from knowledge.mistakes import nearest
from knowledge.sheets import FORMULA_SIGNS, RefusedFileError, Row, SheetError, Table, read_rows

NEEDED = ("wat", "aantal", "waar")
OPTIONAL = ("productgroep", "staat", "tot")
COUNTED = "gereserveerd"
"""A column of the export that is read over: Moi counts that itself."""
COLUMNS = (*NEEDED, *OPTIONAL)
CALLED = {
    "omschrijving": "wat",
    "artikel": "wat",
    "naam": "wat",
    "stuks": "aantal",
    "hoeveel": "aantal",
    "plek": "waar",
    "plaats": "waar",
    "locatie": "waar",
    "groep": "productgroep",
    "conditie": "staat",
    "toestand": "staat",
    "tot_wanneer": "tot",
    "beschikbaar_tot": "tot",
}
"""Other names that people give to columns."""
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
DAY = re.compile(r"(\d{1,2})([-./ ])(\d{1,2})\2(\d{4})")
NAMED_DAY = re.compile(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})")
AT_ONCE = 1000

Progress = Callable[[int], None]
"""Told how many rows more are done."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the list: how many lines are new, in it already and gone, and what stays because it is reserved."""

    new: int
    known: int
    gone: int
    kept: tuple[str, ...]


def read_list(
    path: Path, knowledge: Knowledge, progress: Progress = lambda _: None
) -> list[tuple[int, Item]]:
    """The lines of a CSV or Excel file, each with the number of its row. Raises `RefusedFileError` with every problem."""
    try:
        columns, rows = read_rows(path)
    except SheetError as error:
        raise RefusedFileError([str(error)]) from error
    names = {column: CALLED.get(column, column) for column in columns}
    problems = list(_headings(columns, names))
    if not problems and not rows:
        problems = ["er staat geen enkele regel in."]
    found: list[tuple[int, Item]] = []
    first: dict[tuple[str, str, str], int] = {}
    recognise = lru_cache(maxsize=None)(partial(recognised_group, knowledge))
    for done, row in enumerate(rows if not problems else (), 1):
        cells = {names[column]: _said(text) for column, text in row.cells.items()}
        named = Row(row.number, cells)
        if wrong := list(_problems(named, knowledge)):
            problems += wrong
        else:
            item = _item(named, knowledge, recognise)
            before = first.setdefault(key(item), row.number)
            if before != row.number:
                problems.append(
                    f"rij {row.number}, kolom wat: '{item.what}' staat er al, op rij {before}, met dezelfde plek en staat. "
                    "Tel ze bij elkaar op."
                )
            found.append((row.number, item))
        if done % AT_ONCE == 0:
            progress(AT_ONCE)
    progress(len(rows) % AT_ONCE)
    if problems:
        raise RefusedFileError([f"{path.name}, {problem}" for problem in problems])
    return found


def take_in(name: str, lines: Sequence[tuple[int, Item]], connection: Connection) -> TakenIn:
    """Make these lines the list. Raises `RefusedFileError`, which undoes it all, when more is reserved than there would be."""
    hold(connection)
    # Nobody reserves of what is there while it is compared with the file.
    there = {key(item): item for item in all_items(connection, locked=True)}
    new, known, problems = [], [], []
    for number, line in lines:
        before = there.pop(key(line), None)
        if before is None:
            new.append(row_of(line))
        elif line.number < before.taken:
            problems.append(
                f"{name}, rij {number}, kolom aantal: er zijn er {before.taken} gereserveerd of uitgeleend, en hier staat "
                f"{line.number}. Wijs eerst een reservering af op de pagina Depot."
            )
        else:
            known.append(
                {"b_" + column: value for column, value in row_of(replace(line, id=before.id)).items()}
            )
    if problems:
        raise RefusedFileError(problems)
    kept = [item for item in there.values() if item.taken]
    gone = [item.id for item in there.values() if not item.taken]
    for at in range(0, len(gone), AT_ONCE):
        connection.execute(delete(depot_items).where(depot_items.c.id.in_(gone[at : at + AT_ONCE])))
    known += [
        {"b_" + column: value for column, value in row_of(replace(item, number=item.taken)).items()}
        for item in kept
    ]
    if known:
        connection.execute(CHANGE, known)
    if new:
        connection.execute(insert(depot_items), new)
    note(connection, MOI, "depot bijgewerkt", f"{name}: {len(lines)} regels")
    return TakenIn(len(new), len(known) - len(kept), len(gone), tuple(item.what for item in kept))


def as_table(items: Sequence[Item]) -> Table:
    """The list as a file has it; it can be read in again."""
    rows = tuple(
        (
            item.what,
            item.number,
            item.place,
            item.group,
            item.condition,
            item.until.isoformat() if item.until else None,
            item.taken,
        )
        for item in items
    )
    return Table("depot", (*COLUMNS, COUNTED), rows)


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


def _said(cell: str) -> str:
    """What a cell says, without the apostrophe by which an export keeps a spreadsheet from carrying it out."""
    text = legible(cell).strip()
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA_SIGNS else text


def _headings(columns: Sequence[str], names: Mapping[str, str]) -> Iterator[str]:
    for name in NEEDED:
        if name not in names.values():
            yield f"rij 1: de kolom '{name}' ontbreekt. Gevonden: {', '.join(columns)}."
    for column, name in names.items():
        if name not in (*COLUMNS, COUNTED):
            yield f"rij 1: de kolom '{column}' ken ik niet. {nearest(column, COLUMNS)}"
    for name in COLUMNS:
        if len(twice := [column for column, called in names.items() if called == name]) > 1:
            yield f"rij 1: de kolommen {' en '.join(twice)} zijn hetzelfde. Haal er een weg."


def _problems(row: Row, knowledge: Knowledge) -> Iterator[str]:
    for column in NEEDED:
        if not row.cells[column]:
            yield f"rij {row.number}, kolom {column}: er staat niets. Vul het in."
    for column in ("wat", "waar", "staat"):
        if len(row.cells.get(column, "")) > LONGEST:
            yield f"rij {row.number}, kolom {column}: dit is te lang. Gebruik hoogstens {LONGEST} tekens."
    number = row.cells["aantal"]
    if number and not (number.isascii() and number.isdecimal() and len(number) < 9 and int(number) <= MOST):
        yield f"rij {row.number}, kolom aantal: '{number}' is geen aantal. Schrijf een heel getal tot {MOST}, zonder punt."
    day = row.cells.get("tot", "")
    if day and read_day(day) is None:
        yield f"rij {row.number}, kolom tot: '{day}' is geen datum. Schrijf 26-11-2026, 2026-11-26 of 26 nov 2026."
    group = row.cells.get("productgroep", "")
    if group and _named_group(knowledge, group) is None:
        yield f"rij {row.number}, kolom productgroep: '{group}' ken ik niet. {nearest(group, knowledge.groups)}"


def _item(row: Row, knowledge: Knowledge, recognise: Callable[[str], str | None]) -> Item:
    group = row.cells.get("productgroep", "")
    return Item(
        id=uuid.uuid4().hex,
        what=row.cells["wat"],
        # Numbers say nothing of the kind of thing, and without them most lines are alike, which is faster.
        group=_named_group(knowledge, group) if group else recognise(_without_numbers(row.cells["wat"])),
        number=int(row.cells["aantal"]),
        taken=0,
        place=row.cells["waar"],
        condition=row.cells.get("staat", ""),
        until=read_day(row.cells.get("tot", "")),
    )


def _without_numbers(what: str) -> str:
    return " ".join(word for word in what.split() if not any(map(str.isdecimal, word)))


def _named_group(knowledge: Knowledge, said: str) -> str | None:
    """A product group by its id or its name."""
    if said in knowledge.groups:
        return said
    same = (group.id for group in knowledge.groups.values() if group.name.casefold() == said.casefold())
    return next(same, None)


def recognised_group(knowledge: Knowledge, what: str) -> str | None:
    """The product group of a thing, when that is sure; without one it is found by its own words."""
    # As a purchase, for "bureaustoel blauw" alone reads as something that somebody tells.
    found = knowledge.recognise(f"koop {what}")
    return found.group if found.sure else None


CHANGE = (
    update(depot_items)
    .where(depot_items.c.id == bindparam("b_id"))
    .values(
        {
            "what": bindparam("b_what"),
            "product_group": bindparam("b_product_group"),
            "number": bindparam("b_number"),
            "place": bindparam("b_place"),
            "condition": bindparam("b_condition"),
            "until": bindparam("b_until"),
        }
    )
)
