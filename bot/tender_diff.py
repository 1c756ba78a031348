"""What a list says beside what is kept: new, changed and gone, and applied only after a yes. What a person changed stays.

Functions of a connection. A list is of one source; what is of another source it leaves alone.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from bot.people import Person
from bot.rights import note, require
from bot.tender_columns import COLUMNS, Values
from bot.tender_tables import tenders
from bot.tenders import (
    GONE,
    Change,
    Tender,
    all_tenders,
    changed,
    hand_over,
    hold,
    keep_new,
    overwrite,
    write_down,
)

UNNAMED = dict.fromkeys(COLUMNS, "")


@dataclass(frozen=True, slots=True)
class Line:
    """What a list says of one purchase, by its name in that list. Only what is in `values` is said at all; what is `guessed`
    was recognised by Moi, and does not stand in the list."""

    reference: str
    values: Values
    guessed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changed:
    """One that is on both sides: what the list makes other, and where a person said something else, which `stays`."""

    tender: Tender
    changes: tuple[Change, ...]
    stays: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """What a list would do. `off` was taken off by a person and stays off; `left` is in the list no more, but a person changed it."""

    new: tuple[Line, ...]
    changed: tuple[Changed, ...]
    gone: tuple[Tender, ...]
    left: tuple[Tender, ...]
    off: int
    same: int

    @property
    def nothing(self) -> bool:
        """Whether applying it would do nothing."""
        return not (self.new or self.gone or any(one.changes for one in self.changed))

    @property
    def mark(self) -> str:
        """Another one for whatever else would be done, so that a yes is only to what was seen."""
        seen = [
            [[line.reference, *line.values.items()] for line in self.new],
            [
                [one.tender.id, *((change.name, change.before, change.after) for change in one.changes)]
                for one in self.changed
            ],
            [tender.id for tender in self.gone],
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


def compare(connection: Connection, source: str, lines: Sequence[Line]) -> Diff:
    """What this list of this source would do."""
    known = {tender.reference: tender for tender in all_tenders(connection, source)}
    new, other, off, same = [], [], 0, 0
    for line in lines:
        tender = known.pop(line.reference, None)
        if tender and GONE in tender.by_hand:
            off += 1
        elif tender is None or tender.gone:
            new.append(line)
        elif (one := _beside(tender, line)).changes or one.stays:
            other.append(one)
        else:
            same += 1
    missing = [tender for tender in known.values() if not tender.gone]
    gone = tuple(tender for tender in missing if not tender.by_hand)
    left = tuple(tender for tender in missing if tender.by_hand)
    return Diff(tuple(new), tuple(other), gone, left, off, same)


def apply(
    connection: Connection,
    person: Person,
    source: str,
    name: str,
    lines: Sequence[Line],
    mark: str,
    now: datetime,
) -> Diff | None:
    """Do what this list says, when that is still what was seen under this `mark`; None, and nothing is done, when it is not.

    Raises `NotYoursError` for whoever may not. `name` is what the file is called in the log.
    """
    require(person, "kalender ingelezen")
    hold(connection)
    found = compare(connection, source, lines)
    if found.mark != mark:
        return None
    before = {tender.reference: tender for tender in all_tenders(connection, source)}
    for line in found.new:
        if old := before.get(line.reference):
            # It was in this list before, so what is known of it and what was done with it goes on.
            one = _beside(old, line)
            overwrite(connection, old.id, _with(old, one.changes), old.by_hand, now)
            write_down(connection, person, old.id, f"weer in {name}", one.changes, now)
        else:
            id_ = uuid.uuid4().hex
            keep_new(connection, id_, source, line.reference, {**UNNAMED, **line.values}, now)
            write_down(connection, person, id_, f"uit {name}", (), now)
    for one in found.changed:
        if one.changes:
            overwrite(connection, one.tender.id, _with(one.tender, one.changes), one.tender.by_hand, now)
            write_down(connection, person, one.tender.id, f"gewijzigd door {name}", one.changes, now)
            if any(change.name == "client" for change in one.changes):
                hand_over(connection, one.tender.id, now)
    for tender in found.gone:
        connection.execute(update(tenders).where(tenders.c.id == tender.id).values(gone=now, changed=now))
        write_down(connection, person, tender.id, f"niet meer in {name}", (), now)
    if not found.nothing:
        number = sum(bool(one.changes) for one in found.changed)
        done = f"{len(found.new)} nieuw, {number} gewijzigd, {len(found.gone)} weg"
        note(connection, person, "kalender ingelezen", f"{name}: {done}", now)
    return found


def _beside(tender: Tender, line: Line) -> Changed:
    differs = changed(tender, line.values)
    return Changed(
        tender,
        tuple(change for change in differs if change.name not in tender.by_hand),
        tuple(
            change for change in differs if change.name in tender.by_hand and change.name not in line.guessed
        ),
    )


def _with(tender: Tender, changes: Sequence[Change]) -> Values:
    return {**tender.values, **{change.name: change.after for change in changes}}
