"""The aanbestedingskalender: what comes up, changed by hand by who keeps it, and written down who did.

Functions of a connection. All that is known of a tender is kept as text (a day as 2027-05-01, nothing as ""), so that what
a file says, what a person typed and what is kept are compared and shown in one way. What a person changed is theirs from
then on: no file overwrites it (`bot/tender_diff.py`).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from bot.people import Person
from bot.rights import note, require
from bot.tables import channel, people
from bot.tender_columns import COLUMNS, Values
from bot.tender_tables import nudges, tender_changes, tenders
from cards.tender import DAYS

GONE: Final = "gone"
"""In `by_hand` when a person took it off the list, so that no file puts it back."""
BY_HAND: Final = "met de hand"
"""The list of what was added on the page and stands in no file."""
CONTRACTS: Final = "contracten"
"""The list of running contracts that end, which Moi keeps itself."""
GIVEN: Final = "doorgegeven"
UNTOLD: Final = frozenset({"client"})
"""What may be the name of a colleague, so the log says that it changed and not from what into what."""


@dataclass(frozen=True, slots=True)
class Tender:
    """A purchase that comes up: the list it is of and its name there, what is known of it, and what a person changed."""

    id: str
    source: str
    reference: str
    values: Values
    by_hand: frozenset[str]
    gone: bool

    @property
    def what(self) -> str:
        """What will be bought."""
        return self.values["what"]

    @property
    def start(self) -> date:
        """On which day the procedure starts."""
        return date.fromisoformat(self.values["start"])

    @property
    def subject(self) -> str:
        """The product group or else the category that it is of, by id; empty when neither is known."""
        return self.values["product_group"] or self.values["category"]

    def day(self, name: str) -> date | None:
        """One of its days; None when that is not known."""
        return date.fromisoformat(self.values[name]) if self.values[name] else None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that becomes other than it was."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What somebody did with a tender, and when."""

    person_id: str
    at: datetime
    what: str
    changes: tuple[Change, ...]


def hold(connection: Connection) -> None:
    """Change the calendar: of two instances one waits here for the other, and then sees what that one did."""
    connection.execute(select(channel.c.revision).with_for_update())


def coming(connection: Connection, first: date, last: date) -> list[Tender]:
    """What starts from `first` up to and including `last`, the soonest first."""
    within = select(tenders).where(tenders.c.gone.is_(None), tenders.c.start.between(first, last))
    return [to_tender(row) for row in connection.execute(within.order_by(*SOONEST))]


def all_tenders(connection: Connection, source: str | None = None) -> list[Tender]:
    """Everything on the list, or all that ever was in one `source`; the soonest first."""
    found = select(tenders).order_by(*SOONEST)
    found = found.where(tenders.c.source == source) if source else found.where(tenders.c.gone.is_(None))
    return [to_tender(row) for row in connection.execute(found)]


def off_the_list(connection: Connection, most: int) -> list[Tender]:
    """What was taken off the list, the last first, at most so many."""
    found = select(tenders).where(tenders.c.gone.is_not(None)).order_by(tenders.c.gone.desc(), tenders.c.id)
    return [to_tender(row) for row in connection.execute(found.limit(most))]


def tender_of(connection: Connection, id_: str, *, locked: bool = False) -> Tender | None:
    """One of them; None when there is none. `locked` so that nobody changes it until this transaction is over."""
    found = select(tenders).where(tenders.c.id == id_)
    row = connection.execute(found.with_for_update() if locked else found).one_or_none()
    return to_tender(row) if row else None


def sources(connection: Connection) -> list[str]:
    """The lists that were read from files, by name."""
    found = select(tenders.c.source).distinct().where(tenders.c.source.not_in((BY_HAND, CONTRACTS)))
    return sorted(connection.execute(found).scalars())


def of_client(connection: Connection, person: Person, first: date) -> list[Tender]:
    """What comes up from this day on for one colleague, the soonest first."""
    theirs = or_(tenders.c.client == person.id, func.lower(tenders.c.client) == person.name.lower())
    found = select(tenders).where(tenders.c.gone.is_(None), tenders.c.start >= first, theirs)
    return [to_tender(row) for row in connection.execute(found.order_by(*SOONEST))]


def person_of(connection: Connection, client: str) -> str | None:
    """The one colleague who is called so, by id or by name; None when Moi knows nobody of that name, or more than one."""
    if not client:
        return None
    named = or_(people.c.id == client, func.lower(people.c.name) == client.lower())
    found = connection.execute(select(people.c.id).where(named).limit(2)).scalars().all()
    return found[0] if len(found) == 1 else None


def history(connection: Connection, id_: str) -> list[Noted]:
    """What was done with one of them, the newest first."""
    found = select(tender_changes).where(tender_changes.c.tender == id_)
    rows = connection.execute(found.order_by(tender_changes.c.at.desc(), tender_changes.c.id))
    return [
        Noted(row.person_id, row.at, row.what, tuple(Change(*one) for one in row.changes)) for row in rows
    ]


def add(connection: Connection, person: Person, values: Values, now: datetime) -> str:
    """Put something on the list by hand; gives its id. Raises `NotYoursError` for whoever may not."""
    require(person, "kalender gewijzigd")
    id_ = uuid.uuid4().hex
    keep_new(connection, id_, BY_HAND, id_, values, now)
    write_down(connection, person, id_, "toegevoegd", (), now)
    note(connection, person, "kalender gewijzigd", f"{id_}: toegevoegd", now)
    return id_


def edit(
    connection: Connection,
    person: Person,
    tender: Tender,
    values: Values,
    follow: Sequence[str],
    now: datetime,
) -> int:
    """Make it what a person says; gives how much became other. What they changed no file overwrites any more, until they
    say that the file may be followed again (`follow`). Raises `NotYoursError` for whoever may not."""
    require(person, "kalender gewijzigd")
    changes = changed(tender, values)
    by_hand = (tender.by_hand | {change.name for change in changes}) - set(follow)
    if not changes and by_hand == tender.by_hand:
        return 0
    overwrite(connection, tender.id, values, by_hand, now)
    write_down(connection, person, tender.id, "gewijzigd", changes, now)
    if any(change.name == "client" for change in changes):
        hand_over(connection, tender.id, now)
    note(connection, person, "kalender gewijzigd", f"{tender.id}: gewijzigd", now)
    return len(changes) or 1


def take_off(connection: Connection, person: Person, tender: Tender, now: datetime) -> None:
    """Take it off the list, or put it back when it is off; a file does not undo that. Raises `NotYoursError`."""
    require(person, "kalender gewijzigd")
    off = None if tender.gone else now
    by_hand = tender.by_hand - {GONE} if tender.gone else tender.by_hand | {GONE}
    change = update(tenders).where(tenders.c.id == tender.id)
    connection.execute(change.values(gone=off, by_hand=sorted(by_hand), changed=now))
    what = "teruggezet" if tender.gone else "weggehaald"
    write_down(connection, person, tender.id, what, (), now)
    note(connection, person, "kalender gewijzigd", f"{tender.id}: {what}", now)


def give_to(connection: Connection, person: Person, tender: Tender, client: str, now: datetime) -> None:
    """Whoever it was of says of whom it is now; empty when they do not know."""
    values = {**tender.values, "client": client}
    overwrite(connection, tender.id, values, tender.by_hand | {"client"}, now)
    write_down(connection, person, tender.id, GIVEN, changed(tender, values), now)
    hand_over(connection, tender.id, now)


def hand_over(connection: Connection, id_: str, now: datetime) -> None:
    """It is of somebody else: what was last said about it is said again, to them."""
    newest = select(nudges).where(nudges.c.tender == id_).order_by(nudges.c.made.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    if row and row.record is None:
        of_nobody = {"person_id": None, "talk": None, "last_card": None}
        again = {"told": "", "state": "open", "next_at": now}
        connection.execute(update(nudges).where(nudges.c.id == row.id).values(**of_nobody, **again))


def changed(tender: Tender, values: Values) -> tuple[Change, ...]:
    """What these values would make other."""
    return tuple(
        Change(name, tender.values[name], values[name])
        for name in COLUMNS
        if name in values and values[name] != tender.values[name]
    )


def keep_new(
    connection: Connection, id_: str, source: str, reference: str, values: Values, now: datetime
) -> None:
    """Keep a new one."""
    row = {"id": id_, "source": source, "reference": reference, "by_hand": [], "changed": now, "gone": None}
    connection.execute(insert(tenders), row | to_row(values))


def overwrite(
    connection: Connection, id_: str, values: Values, by_hand: frozenset[str], now: datetime
) -> None:
    """Make it these values; it is on the list from then on."""
    change = update(tenders).where(tenders.c.id == id_)
    connection.execute(change.values(**to_row(values), by_hand=sorted(by_hand), changed=now, gone=None))


def write_down(
    connection: Connection, person: Person, id_: str, what: str, changes: Sequence[Change], now: datetime
) -> None:
    """Add a line to the log of one tender."""
    told = [
        [one.name, "", ""] if one.name in UNTOLD else [one.name, one.before, one.after] for one in changes
    ]
    row = {"id": uuid.uuid4().hex, "tender": id_, "person_id": person.id, "at": now}
    connection.execute(insert(tender_changes), row | {"what": what, "changes": told})


def to_row(values: Values) -> dict[str, Any]:
    """The values as the table keeps them."""
    return {
        name: (date.fromisoformat(said) if said else None) if name in DAYS else said
        for name, said in values.items()
    }


def to_tender(row: Row[Any]) -> Tender:
    """A row of the table as the rest of Moi knows it."""
    kept = row._mapping
    values = {name: str(kept[name] or "") for name in COLUMNS}
    return Tender(
        row.id, row.source, row.reference, values, frozenset(row.by_hand), gone=row.gone is not None
    )


SOONEST = (tenders.c.start, tenders.c.what, tenders.c.id)


def stand(tender: Tender) -> str:
    """Another text for whatever else is known of it, so that a form only changes what was seen."""
    seen = json.dumps([*tender.values.items(), sorted(tender.by_hand), tender.gone])
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def gave_it(connection: Connection, id_: str, person_id: str) -> bool:
    """Whether this person was the last who did something with it, and that was giving it to somebody else."""
    last = history(connection, id_)[:1]
    return [(one.person_id, one.what) for one in last] == [(person_id, GIVEN)]
