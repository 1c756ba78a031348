"""The log of actions, read back: who did what about what, newest first, by day and by action."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.rights import Action
from bot.tables import audit, people

HERE = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Entry:
    """One action; `name` is who did it as far as that is still known."""

    person_id: str
    name: str
    action: str
    about: str
    at: datetime


def read_log(
    actions: Collection[Action], first: date | None, last: date | None, most: int, connection: Connection
) -> list[Entry]:
    """At most so many of these actions, done from the first day up to and including the last (our own time)."""
    known = select(audit, people.c.name).outerjoin(people, people.c.id == audit.c.person_id)
    known = known.where(audit.c.action.in_(actions)).order_by(audit.c.at.desc(), audit.c.id).limit(most)
    if first:
        known = known.where(audit.c.at >= _begin(first))
    if last and last < date.max:
        known = known.where(audit.c.at < _begin(last + timedelta(days=1)))
    return [
        Entry(row.person_id, row.name or row.person_id, row.action, row.about, row.at)
        for row in connection.execute(known)
    ]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), HERE)
