"""The register of contracts from a file and to a file: read whole or not at all, with every mistake by row and column.

A file is the whole list: what is not in it any more goes. A contract that stays keeps its id.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast, get_args

from sqlalchemy import Connection, delete, insert

from bot.contracts import Contract, all_contracts, hold, key, row_of
from bot.depot_tables import contracts
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
from knowledge.model import Certainty
from knowledge.sheets import Row, Sheet, Table

COLUMNS = Columns(
    needed=("wat", "voor_wie", "tot", "hoe_bestellen"),
    optional=("vanaf", "opzeggen_voor", "leverancier", "productgroep", "beheerder", "zekerheid"),
    called={
        "omschrijving": "wat",
        "contract": "wat",
        "naam": "wat",
        "teams": "voor_wie",
        "doelgroep": "voor_wie",
        "einddatum": "tot",
        "tot_en_met": "tot",
        "tot_wanneer": "tot",
        "bestellen": "hoe_bestellen",
        "bestelwijze": "hoe_bestellen",
        "hoe": "hoe_bestellen",
        "begindatum": "vanaf",
        "startdatum": "vanaf",
        "ingangsdatum": "vanaf",
        "opzegdatum": "opzeggen_voor",
        "opzeggen_vóór": "opzeggen_voor",
        "organisatie": "leverancier",
        "groep": "productgroep",
        "rol": "beheerder",
        "contractbeheerder": "beheerder",
    },
)
LONGEST = {"wat": 120, "voor_wie": 120, "hoe_bestellen": 200, "leverancier": 80}
"""Characters of what people write."""
ENDLESS = ("onbepaald", "onbepaalde tijd")
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)
UNLESS_SAID: Certainty = "waarschijnlijk"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the list: how many contracts are new, other than before, the same and gone."""

    new: int
    changed: int
    same: int
    gone: int


def read_list(path: Path, knowledge: Knowledge, progress: Progress = quietly) -> list[tuple[int, Contract]]:
    """The contracts in a CSV or Excel file, each with the number of its row. Raises `RefusedFileError` with every problem."""
    return read_sheet(path.name, opened(path), knowledge, progress)


def read_sheet(
    name: str, sheet: Sheet, knowledge: Knowledge, progress: Progress = quietly
) -> list[tuple[int, Contract]]:
    """The contracts in the table of a file. Raises `RefusedFileError` with every problem."""
    group = group_of_row(knowledge)
    kind = Kind(
        COLUMNS,
        partial(_problems, knowledge),
        lambda row: _contract(knowledge, row, group(row)),
        key,
        lambda line, before: (
            f"kolom wat: '{line.what}' staat er al, op rij {before}, met dezelfde leverancier, voor_wie en vanaf. "
            "Laat er één staan."
        ),
    )
    return read_lines(name, sheet, kind, progress)


def take_in(
    name: str, lines: Sequence[tuple[int, Contract]], connection: Connection, person: Person = MOI
) -> TakenIn:
    """Make these contracts the list, and write down who did. Raises `NotYoursError` for whoever may not."""
    require(person, "contracten bijgewerkt")
    hold(connection)
    there = {key(contract): contract for contract in all_contracts(connection)}
    new, changed, same = [], [], 0
    for _, line in lines:
        before = there.pop(key(line), None)
        if before is None:
            new.append(line)
        elif (now := replace(line, id=before.id)) != before:
            changed.append(now)
        else:
            same += 1
    away = [contract.id for contract in (*there.values(), *changed)]
    for at in range(0, len(away), AT_ONCE):
        connection.execute(delete(contracts).where(contracts.c.id.in_(away[at : at + AT_ONCE])))
    if new or changed:
        connection.execute(insert(contracts), [row_of(contract) for contract in (*new, *changed)])
    done = TakenIn(len(new), len(changed), same, len(there))
    file = shortened(legible(name), LONGEST_NAME)
    counted = f"{done.new} nieuw, {done.changed} gewijzigd, {done.gone} weg"
    note(connection, person, "contracten bijgewerkt", f"{file}: {len(lines)} regels ({counted})")
    return done


def as_table(found: Sequence[Contract]) -> Table:
    """The list as a file has it; it can be read in again."""
    rows = tuple(
        (
            contract.what,
            contract.for_whom,
            contract.until.isoformat() if contract.until else ENDLESS[0],
            contract.how_to_order,
            contract.start.isoformat() if contract.start else None,
            contract.notice_before.isoformat() if contract.notice_before else None,
            contract.supplier or None,
            contract.group,
            contract.manager,
            contract.certainty,
        )
        for contract in found
    )
    return Table("contracten", COLUMNS.all, rows)


def _problems(knowledge: Knowledge, row: Row) -> Iterator[str]:
    cells = row.cells
    for column, most in LONGEST.items():
        yield from too_long(row, column, most)
    for column in ("vanaf", "opzeggen_voor"):
        yield from no_day(row, column)
    if cells["tot"].casefold() not in ENDLESS:
        yield from no_day(row, "tot")
    start, until, notice = (read_day(cells.get(column, "")) for column in ("vanaf", "tot", "opzeggen_voor"))
    if start and until and start > until:
        yield "kolom tot: dit is vóór de dag bij vanaf. Verbeter een van de twee."
    if notice and until and notice > until:
        yield "kolom opzeggen_voor: dit is na de dag bij tot. Verbeter een van de twee."
    group = named_group(knowledge, cells.get("productgroep", ""))
    yield from unknown(row, "productgroep", knowledge.groups, group)
    role = cells.get("beheerder", "")
    if role and _named_role(knowledge, role) is None:
        yield (
            f"kolom beheerder: '{role}' is geen rol die Moi kent. Noem een rol, geen mens. Op de pagina Contracten staan ze."
        )
    certainty = cells.get("zekerheid", "").casefold()
    yield from unknown(row, "zekerheid", CERTAINTIES, certainty if certainty in CERTAINTIES else None)


def _contract(knowledge: Knowledge, row: Row, group: str | None) -> Contract:
    cells = row.cells
    return Contract(
        id=uuid.uuid4().hex,
        what=cells["wat"],
        group=group,
        for_whom=cells["voor_wie"],
        start=read_day(cells.get("vanaf", "")),
        until=read_day(cells["tot"]),
        notice_before=read_day(cells.get("opzeggen_voor", "")),
        how_to_order=cells["hoe_bestellen"],
        supplier=cells.get("leverancier", ""),
        manager=_named_role(knowledge, cells.get("beheerder", "")),
        certainty=cast(Certainty, cells.get("zekerheid", "").casefold() or UNLESS_SAID),
    )


def _named_role(knowledge: Knowledge, said: str) -> str | None:
    """A role by its id or its name."""
    if said in knowledge.roles:
        return said
    same = (role.id for role in knowledge.roles.values() if role.name.casefold() == said.casefold())
    return next(same, None)
