"""What stands in the depot and who reserved what of it: never more than there is, whoever is first.

Functions of a connection. What is free is counted in the row itself, so that of two who want the last one the database
lets one win: a reservation is one `update` that only finds a row in which enough is free.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, exists, insert, or_, select, update

from bot.depot_tables import depot, depot_items, depot_reservations
from bot.people import Person
from bot.rights import GONE, Action, note, require
from bot.tables import people

State = Literal["waiting", "confirmed", "declined", "withdrawn", "returned"]
OPEN: tuple[State, ...] = ("waiting", "confirmed")
STATE_NAMES: Mapping[State, str] = {
    "waiting": "wacht op Facilitair",
    "confirmed": "bevestigd",
    "declined": "niet doorgegaan",
    "withdrawn": "door jou ingetrokken",
    "returned": "teruggebracht",
}
LIST = "depot"
MOST = 10_000  # of one thing
LONGEST = 120  # characters of what it is, where it stands and how it looks
SOMEBODY = "een collega"

DECISIONS: Mapping[str, tuple[State, State, Action]] = {
    "bevestigen": ("waiting", "confirmed", "reservering bevestigd"),
    "afwijzen": ("waiting", "declined", "reservering afgewezen"),
    "terug": ("confirmed", "returned", "depotspullen terug"),
}
"""What Facilitair can do with a reservation: from which state to which, and what the log calls it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the depot: of `number` things `taken` are reserved or lent out; usable up to and including `until`."""

    id: str
    what: str
    group: str | None
    number: int
    taken: int
    place: str
    condition: str
    until: date | None

    @property
    def free(self) -> int:
        """How many can still be reserved."""
        return self.number - self.taken


@dataclass(frozen=True, slots=True)
class Reservation:
    """Who wants how many of what; `item` may be gone from the list, `until` is how long the list says it can be used."""

    id: str
    item: str
    what: str
    place: str
    number: int
    person_id: str
    who: str
    state: State
    at: datetime
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """What became of a wish: the `said` word, the reservation that there is now, and the line as it now is."""

    said: Literal["gereserveerd", "had-je-al", "niet-genoeg", "niet-meer", "geen-aantal"]
    id: str = ""
    item: Item | None = None
    number: int = 0


def revision(connection: Connection) -> int:
    """Which version of the list this is; reservations do not count."""
    return connection.execute(REVISION).scalar_one_or_none() or 0


def hold(connection: Connection) -> None:
    """Change the list: whoever else does so waits until this transaction is over."""
    if not connection.execute(update(depot).values(revision=depot.c.revision + 1)).rowcount:
        connection.execute(insert(depot).values(id=LIST, revision=1))


def item_of(connection: Connection, item: str) -> Item | None:
    """One line of the list; None when it is not there."""
    row = connection.execute(select(depot_items).where(depot_items.c.id == item)).one_or_none()
    return _item(row) if row else None


def free_items(connection: Connection, ids: Sequence[str], today: date) -> list[Item]:
    """Of these lines the ones of which something is free today, in the order that was asked."""
    rows = connection.execute(FREE, {"ids": list(ids), "today": today})
    found = {row.id: _item(row) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def reserve(connection: Connection, person: Person, item: str, number: int, today: date) -> Reserved:
    """Reserve some of a line for a person, when there is enough; asked again, it is the reservation that waits already.

    Facilitair is told of it, as who reserved is of the decision: see `bot.depot_letters`.
    """
    if not 0 < number <= MOST:
        return Reserved("geen-aantal", item=item_of(connection, item))
    mine = connection.execute(
        select(depot_reservations).where(
            depot_reservations.c.item == item,
            depot_reservations.c.person_id == person.id,
            depot_reservations.c.state == "waiting",
        )
    ).first()
    if mine:
        return Reserved("had-je-al", mine.id, item_of(connection, item), mine.number)
    enough = (
        depot_items.c.id == item,
        depot_items.c.number - depot_items.c.taken >= number,
        or_(depot_items.c.until.is_(None), depot_items.c.until >= today),
    )
    taken = update(depot_items).where(*enough).values(taken=depot_items.c.taken + number)
    won = connection.execute(taken).rowcount
    line = item_of(connection, item)
    if not won or line is None:
        usable = line is not None and line.free > 0 and (line.until is None or line.until >= today)
        return Reserved("niet-genoeg" if usable else "niet-meer", item=line, number=number)
    now = datetime.now(UTC)
    id_ = uuid.uuid4().hex
    row = {"id": id_, "item": item, "what": line.what, "place": line.place, "number": number}
    state = {"person_id": person.id, "state": "waiting", "at": now, "changed": now, "told": "due"}
    connection.execute(insert(depot_reservations), row | state)
    return Reserved("gereserveerd", id_, line, number)


def withdraw(connection: Connection, person_id: str, reservation: str) -> Reservation | None:
    """Take back an own reservation that still waits; None when there is no such thing."""
    own = depot_reservations.c.person_id == person_id
    return _change(connection, reservation, "waiting", {"state": "withdrawn"}, own)


def decide(connection: Connection, person: Person, what: str, reservation: str) -> Reservation | None:
    """Confirm or decline a reservation, or note that the things are back; None when somebody else decided already.

    `what` is a key of `DECISIONS`. The person who reserved is told. Raises `NotYoursError` for whoever may not.
    """
    before, after, action = DECISIONS[what]
    require(person, action)
    told = "due" if after != "returned" else ""
    values = {"state": after, "decided_by": person.id, "told": told}
    found = _change(connection, reservation, before, values)
    if found is None:
        return None
    if found.person_id == GONE.id:
        connection.execute(update(depot_reservations).where(_is(found.id)).values(told=""))
    note(connection, person, action, f"{found.number} × {found.what}")
    return found


def add(connection: Connection, person: Person, line: Item) -> Item:
    """Put things in the depot: beside what stands there under the same name, place and condition, or as a new line."""
    require(person, "depot bijgewerkt")
    hold(connection)
    same = next((item for item in all_items(connection) if key(item) == key(line)), None)
    if same:
        more = {"number": depot_items.c.number + line.number, "until": line.until or same.until}
        connection.execute(update(depot_items).where(depot_items.c.id == same.id).values(more))
    else:
        connection.execute(insert(depot_items), [row_of(line)])
    note(connection, person, "depot bijgewerkt", f"{line.number} × {line.what} erbij")
    return item_of(connection, same.id if same else line.id) or line


def reservations(
    connection: Connection, person_id: str | None = None, states: Collection[str] = OPEN
) -> list[Reservation]:
    """The reservations in these states, of one person or of everybody, oldest first."""
    found = BY_WHOM.where(depot_reservations.c.state.in_(states)).order_by(depot_reservations.c.at)
    if person_id is not None:
        found = found.where(depot_reservations.c.person_id == person_id)
    return [_reservation(row) for row in connection.execute(found)]


def reservation_of(connection: Connection, reservation: str) -> Reservation | None:
    """One reservation; None when there is none."""
    row = connection.execute(BY_WHOM.where(_is(reservation))).one_or_none()
    return _reservation(row) if row else None


def is_filled(connection: Connection) -> bool:
    """Whether there is anything in the list."""
    return bool(connection.execute(select(exists(select(depot_items.c.id)))).scalar_one())


def key(item: Item) -> tuple[str, str, str]:
    """By what two lines are about the same things."""
    return item.what.casefold(), item.place.casefold(), item.condition.casefold()


def row_of(item: Item) -> dict[str, Any]:
    """A line as the table keeps it."""
    return {
        "id": item.id,
        "what": item.what,
        "product_group": item.group,
        "number": item.number,
        "taken": item.taken,
        "place": item.place,
        "condition": item.condition,
        "until": item.until,
    }


def all_items(connection: Connection, *, locked: bool = False) -> list[Item]:
    """The whole list by what it is; `locked` so that nobody reserves of it until this transaction is over."""
    found = select(depot_items).order_by(depot_items.c.what, depot_items.c.id)
    return [_item(row) for row in connection.execute(found.with_for_update() if locked else found)]


def _change(
    connection: Connection, reservation: str, before: State, values: Mapping[str, Any], *more: Any
) -> Reservation | None:
    """Bring a reservation from one state to another, once, and give back what it held if it is over."""
    now = {"changed": datetime.now(UTC)}
    changed = update(depot_reservations).where(_is(reservation), depot_reservations.c.state == before, *more)
    if not connection.execute(changed.values(dict(values) | now)).rowcount:
        return None
    found = reservation_of(connection, reservation)
    if found and found.state not in OPEN:
        given = {"taken": depot_items.c.taken - found.number}
        connection.execute(update(depot_items).where(depot_items.c.id == found.item).values(given))
    return found


def _is(reservation: str) -> Any:
    return depot_reservations.c.id == reservation


def _item(row: Row[Any]) -> Item:
    return Item(
        row.id, row.what, row.product_group, row.number, row.taken, row.place, row.condition, row.until
    )


def _reservation(row: Row[Any]) -> Reservation:
    return Reservation(
        row.id,
        row.item,
        row.what,
        row.place,
        row.number,
        row.person_id,
        row.name or SOMEBODY,
        row.state,
        row.at,
        row.until,
    )


# Made once, for it is asked for at every look.
FREE = select(depot_items).where(
    depot_items.c.id.in_(bindparam("ids", expanding=True)),
    depot_items.c.number > depot_items.c.taken,
    or_(depot_items.c.until.is_(None), depot_items.c.until >= bindparam("today")),
)
REVISION = select(depot.c.revision)
BY_WHOM = (
    select(depot_reservations, people.c.name, depot_items.c.until)
    .outerjoin(people, people.c.id == depot_reservations.c.person_id)
    .outerjoin(depot_items, depot_items.c.id == depot_reservations.c.item)
)
