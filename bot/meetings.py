"""Two colleagues who look for the same thing: asked one after the other, and named to each other when both said yes.

Functions of a connection. Who looks now is asked first, with the advice; only when they say yes is the other asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, bindparam, insert, or_, select, update

from bot.own_chat import BUSY, DUE, SENT, WAITING
from bot.people import Person
from bot.rights import GONE, MOI, note
from bot.tables import meetings, people, records

State = Literal["offered", "asked", "met", "declined", "withdrawn"]
"""Declined by who looked before; withdrawn by who looks now, or because the other may not be asked now."""
Said = Literal["gevraagd", "nu-niet", "samen", "goed", "onbekend"]
RECENT = timedelta(days=30)
"""How long ago a request still makes it worth asking."""
REST = timedelta(days=7)
"""Nobody is asked more often than this."""
LOOKED_AT = 20
NOT_BOUGHT = "niet-gekocht"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One colleague (`first`) looks for what another looked for before, on the day of `before`; the last of them to be
    asked was so `at` this moment."""

    id: str
    group: str
    first: str
    other: str
    state: State
    before: datetime
    at: datetime

    def side(self, person_id: str) -> Literal["first", "other"] | None:
        """On which side a person is; None for everybody else."""
        return "first" if person_id == self.first else "other" if person_id == self.other else None


def propose(connection: Connection, person: Person, group: str, now: datetime) -> Meeting | None:
    """Keep that somebody may be asked whether to look together, when another looked for it and neither was asked of late.

    Nobody else is asked anything yet.
    """
    alike = {"group": group, "since": now - RECENT, "but": [person.id, GONE.id]}
    found = connection.execute(LOOKED_FOR, alike).all()
    asked = _asked_of_late(connection, {person.id, *(row.person_id for row in found)}, now)
    other = next((row for row in found if row.person_id not in asked), None)
    if other is None or person.id in asked:
        return None
    made = Meeting(uuid.uuid4().hex, group, person.id, other.person_id, "offered", other.made, now)
    row = {"id": made.id, "product_group": group, "person_id": made.first, "other_id": made.other}
    moments = {"before": made.before, "at": now, "changed": now}
    connection.execute(insert(meetings), row | moments | {"state": "offered", "told": "", "told_other": ""})
    return made


def answer(
    connection: Connection, person: Person, meeting: str, now: datetime, *, yes: bool
) -> tuple[Said, Meeting | None]:
    """Take a yes or a no; the same again changes nothing. A no is told to nobody."""
    found = meeting_of(connection, meeting, locked=True)
    side = found.side(person.id) if found else None
    if found is None or side is None:
        return "onbekend", None
    if found.state == "met":
        return "samen", found
    if not yes:
        if found.state == "asked" or (found.state == "offered" and side == "first"):
            _change(connection, found, now, state="withdrawn" if side == "first" else "declined")
            note(connection, MOI, "samen zoeken afgeslagen", found.group)
        return "goed", found
    if found.state == "declined" and side == "first":
        # Whoever asked hears nothing of a no, so also not by asking again.
        return "gevraagd", found
    if found.state == "asked" and side == "first":
        return "gevraagd", found
    if found.state == "offered" and side == "first" and now - found.at < RECENT:
        # Whoever is asked by two at the same moment is asked by one.
        connection.execute(select(people.c.id).where(people.c.id == found.other).with_for_update())
        if found.other in _asked_of_late(connection, {found.other}, now):
            _change(connection, found, now, state="withdrawn")
            return "nu-niet", found
        _change(connection, found, now, state="asked", told_other=DUE, at=now)
        note(connection, MOI, "samen zoeken toegezegd", found.group)
        return "gevraagd", found
    if found.state != "asked":
        return "onbekend", None
    _change(connection, found, now, state="met", told=DUE)
    note(connection, MOI, "samen zoeken toegezegd", found.group)
    return "samen", found


def meeting_of(connection: Connection, meeting: str, *, locked: bool = False) -> Meeting | None:
    """One of them; None when there is none (any more)."""
    found = select(meetings).where(meetings.c.id == meeting)
    row = connection.execute(found.with_for_update() if locked else found).one_or_none()
    return _meeting(row) if row else None


def name_of(connection: Connection, person_id: str) -> str | None:
    """What a colleague is called; None when that is no longer known."""
    return connection.execute(select(people.c.name).where(people.c.id == person_id)).scalar_one_or_none()


def to_tell(connection: Connection, meeting: str) -> tuple[Meeting, Literal["first", "other"], str] | None:
    """Whom something must be told, and how far that is: the other the question, then the first that it is a yes."""
    row = connection.execute(select(meetings).where(meetings.c.id == meeting)).one_or_none()
    if row is None:
        return None
    if row.state == "asked" and row.told_other in (DUE, BUSY):
        return _meeting(row), "other", row.told_other
    if row.state == "met" and row.told in (DUE, BUSY):
        return _meeting(row), "first", row.told
    return None


def mark(meeting: str, side: Literal["first", "other"], state: str, connection: Connection) -> None:
    """Write down how far the message to one of them is."""
    column = "told" if side == "first" else "told_other"
    connection.execute(update(meetings).where(meetings.c.id == meeting).values({column: state}))


def due_meetings(connection: Connection) -> set[str]:
    """Those of which something must still be told."""
    due = or_(
        and_(meetings.c.state == "asked", meetings.c.told_other.in_((DUE, BUSY))),
        and_(meetings.c.state == "met", meetings.c.told.in_((DUE, BUSY))),
    )
    return set(connection.execute(select(meetings.c.id).where(due)).scalars())


def waits_for(person_id: str, connection: Connection) -> bool:
    """Whether something waits until this person comes back."""
    return connection.execute(select(meetings.c.id).where(_waiting(person_id))).first() is not None


def told_late(person_id: str, connection: Connection) -> list[Meeting]:
    """What waited for somebody who was nowhere; from now on it is told."""
    found = [_meeting(row) for row in connection.execute(select(meetings).where(_waiting(person_id)))]
    for one in found:
        mark(one.id, one.side(person_id) or "other", SENT, connection)
    return found


def _waiting(person_id: str) -> Any:
    return or_(
        and_(meetings.c.other_id == person_id, meetings.c.state == "asked", meetings.c.told_other == WAITING),
        and_(meetings.c.person_id == person_id, meetings.c.state == "met", meetings.c.told == WAITING),
    )


def _asked_of_late(connection: Connection, people_ids: Collection[str], now: datetime) -> set[str]:
    """Who of these people was asked of late: with their advice, or by Moi for somebody else."""
    rows = connection.execute(ASKED, {"people": list(people_ids), "since": now - REST}).all()
    return {row.person_id for row in rows} | {row.other_id for row in rows if row.told_other}


def _change(connection: Connection, found: Meeting, now: datetime, **values: Any) -> None:
    changed = update(meetings).where(meetings.c.id == found.id)
    connection.execute(changed.values({**values, "changed": now}))


def _meeting(row: Row[Any]) -> Meeting:
    return Meeting(row.id, row.product_group, row.person_id, row.other_id, row.state, row.before, row.at)


# Made once: asked at the end of every talk.
LOOKED_FOR = (
    select(records.c.person_id, records.c.made)
    .join(people, people.c.id == records.c.person_id)
    .where(
        records.c.product_group == bindparam("group"),
        records.c.made >= bindparam("since"),
        records.c.outcome != NOT_BOUGHT,
        records.c.person_id.not_in(bindparam("but", expanding=True)),
    )
    .order_by(records.c.made.desc())
    .limit(LOOKED_AT)
)
ASKED = select(meetings.c.person_id, meetings.c.other_id, meetings.c.told_other).where(
    or_(
        meetings.c.person_id.in_(bindparam("people", expanding=True)),
        and_(meetings.c.other_id.in_(bindparam("people", expanding=True)), meetings.c.told_other != ""),
    ),
    meetings.c.at > bindparam("since"),
)
