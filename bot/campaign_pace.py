"""How fast Moi sends to Teams of its own accord, counted in the database: for all campaigns and all instances together.

Teams says "no room" (429) for two reasons that look the same: one conversation gets too much, or the whole app does. So one
refusal holds back whoever it was about, and several in a row about different people hold back everything. Source: Microsoft's
rate-limit page for Teams bots (per bot per thread; 50 a second per app per tenant); decision 73.

Functions of a connection. Whoever comes first locks the one row, so that two workers never take the same place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from bot.campaign_tables import campaign_pace as pace

TOGETHER = 40
"""Calls a second at most of all that Moi sends of its own accord; Teams takes 50, and answers go before."""
# What was not sent in time, because the machine was busy, is caught up when it is not longer ago than `LATE`, but only so much
# `FASTER`, and of what was for the last moment several begin at once: 47 at most in any second at 40 a second.
LATE, FASTER, AT_ONCE = timedelta(seconds=1), 1.05, timedelta(seconds=0.1)
FURTHEST = timedelta(seconds=2)  # A place further away than this comes from a clock that was put back.
IN_A_ROW = 3
FIRST_HOLD, LONGEST_HOLD = 1.0, 60.0  # Seconds at least, longer each time.


@dataclass(frozen=True, slots=True)
class Room:
    """How many calls may begin now, and when none, in how many seconds one may; places are free since `late` at the pace itself, and
    since `free` at that of catching up."""

    late: datetime
    free: datetime
    calls: int = 0
    wait: float = 0.0


def room(connection: Connection, rate: float, now: datetime) -> Room:
    """What there is room for at so many calls a second; `took` says what was done with it, in the same transaction."""
    row = _locked(connection)
    late, free = _since(row.turn, now, LATE), _since(row.free, now, AT_ONCE)
    if row.hold and row.hold > now:
        return Room(late, free, wait=(row.hold - now).total_seconds())
    slow, fast = (now - late).total_seconds(), (now - free).total_seconds()
    if min(slow, fast) < 0:
        return Room(late, free, wait=-min(slow, fast))
    return Room(late, free, calls=1 + int(min(slow * rate, fast * rate * FASTER) + 0.001))


def took(connection: Connection, room: Room, rate: float, now: datetime, calls: int) -> float:
    """So many calls begin now; gives the seconds until the next one may."""
    turn = room.late + timedelta(seconds=calls / rate)
    free = room.free + timedelta(seconds=calls / (rate * FASTER))
    connection.execute(update(pace).values(turn=turn, free=free))
    return max((max(turn, free) - now).total_seconds(), 0.0)


def make_way(connection: Connection, now: datetime, calls: int) -> None:
    """So many calls begin now that do not wait for campaigns: campaigns wait for them."""
    took(connection, room(connection, TOGETHER, now), TOGETHER, now, calls)


def refused(connection: Connection, about: str, wait: float | None, now: datetime) -> bool:
    """Teams had no room, or was not there, for the person in this row of a ledger; whether everything has to `wait` now."""
    row = _locked(connection)
    asked = None if wait is None else now + timedelta(seconds=wait)
    if row.hold and row.hold > now:
        # It was in the air already when the others were refused.
        if asked and asked > row.hold:
            connection.execute(update(pace).values(hold=asked))
        return True
    many = row.refused + (row.last != about)
    new: dict[str, Any] = {"refused": many, "last": about}
    holds: bool = many >= IN_A_ROW
    if holds:
        longer = timedelta(seconds=min(FIRST_HOLD * 2.0 ** (many - IN_A_ROW), LONGEST_HOLD))
        # Also where Teams asks for no time at all, and goes on refusing.
        new["hold"] = max(asked or now, now + longer)
    connection.execute(update(pace).values(**new))
    return holds


def accepted(connection: Connection, now: datetime) -> None:
    """Teams took a call, or refused it for a reason of its own: there is room."""
    over = pace.c.refused > 0, or_(pace.c.hold.is_(None), pace.c.hold <= now)
    connection.execute(update(pace).where(*over).values(refused=0, last=None))


def _since(moment: datetime | None, now: datetime, longest: timedelta) -> datetime:
    if moment is None or moment > now + FURTHEST:
        return now
    return max(moment, now - longest)


def _locked(connection: Connection) -> Row[Any]:
    found = select(pace).with_for_update()
    row = connection.execute(found).one_or_none()
    if row is None:
        # Two that do so at the same moment are set right by the database, which lets one of them do it again.
        connection.execute(insert(pace).values(id=1, refused=0))
        row = connection.execute(found).one()
    return row
