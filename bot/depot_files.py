"""The list of the depot from a file and to a file: read whole or not at all, with every mistake by row and column.

A file is the whole list: what is not in it any more goes, but for what is reserved or lent out.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, insert, update

from bot.depot import LONGEST, MOST, Item, all_items, hold, key, row_of
from bot.depot_tables import depot_items
from bot.list_files import (
    AT_ONCE,
    LONGEST_NAME,
    Columns,
    Kind,
    Progress,
    group_of_row,
    named_group,
    no_day,
    opened,
    quietly,
    read_day,
    read_lines,
    too_long,
    unknown,
)
from bot.people import Person
from bot.rights import MOI, note, require
from cards.marks import legible, shortened
from knowledge.knowledge import Knowledge
from knowledge.sheets import RefusedFileError, Row, Sheet, Table

COUNTED = "gereserveerd"
"""A column of the export that is read over: Moi counts that itself."""
COLUMNS = Columns(
    needed=("wat", "aantal", "waar"),
    optional=("productgroep", "staat", "tot"),
    called={
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
    },
    read_over=(COUNTED,),
)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the list: how many lines are new, in it already and gone, and what stays because it is reserved."""

    new: int
    known: int
    gone: int
    kept: tuple[str, ...]


def read_list(path: Path, knowledge: Knowledge, progress: Progress = quietly) -> list[tuple[int, Item]]:
    """The lines of a CSV or Excel file, each with the number of its row. Raises `RefusedFileError` with every problem."""
    return read_sheet(path.name, opened(path), knowledge, progress)


def read_sheet(
    name: str, sheet: Sheet, knowledge: Knowledge, progress: Progress = quietly
) -> list[tuple[int, Item]]:
    """The lines in the table of a file. Raises `RefusedFileError` with every problem."""
    group = group_of_row(knowledge)
    kind = Kind(
        COLUMNS,
        partial(_problems, knowledge),
        lambda row: _item(row, group(row)),
        key,
        lambda item, before: (
            f"kolom wat: '{item.what}' staat er al, op rij {before}, met dezelfde plek en staat. Tel ze bij elkaar op."
        ),
    )
    return read_lines(name, sheet, kind, progress)


def take_in(
    name: str, lines: Sequence[tuple[int, Item]], connection: Connection, person: Person = MOI
) -> TakenIn:
    """Make these lines the list, and write down who did. Raises `NotYoursError` for whoever may not, and
    `RefusedFileError`, which undoes it all, when more is reserved than there would be."""
    require(person, "depot bijgewerkt")
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
    file = shortened(legible(name), LONGEST_NAME)
    note(connection, person, "depot bijgewerkt", f"{file}: {len(lines)} regels")
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
    return Table("depot", (*COLUMNS.all, COUNTED), rows)


def _problems(knowledge: Knowledge, row: Row) -> Iterator[str]:
    for column in ("wat", "waar", "staat"):
        yield from too_long(row, column, LONGEST)
    number = row.cells["aantal"]
    if number and not (number.isascii() and number.isdecimal() and len(number) < 9 and int(number) <= MOST):
        yield f"kolom aantal: '{number}' is geen aantal. Schrijf een heel getal tot {MOST}, zonder punt."
    yield from no_day(row, "tot")
    yield from unknown(
        row, "productgroep", knowledge.groups, named_group(knowledge, row.cells.get("productgroep", ""))
    )


def _item(row: Row, group: str | None) -> Item:
    return Item(
        id=uuid.uuid4().hex,
        what=row.cells["wat"],
        group=group,
        number=int(row.cells["aantal"]),
        taken=0,
        place=row.cells["waar"],
        condition=row.cells.get("staat", ""),
        until=read_day(row.cells.get("tot", "")),
    )


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
