"""What became of a call to Teams for one person of a campaign, written down in their row of the ledger.

Functions of a connection. A call that was overtaken, because somebody asked to send again meanwhile, changes nothing any more.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select, update

from bot import campaign_pace
from bot.campaign_tables import campaign_recipients as rows
from bot.campaign_tables import campaigns

MOST_TRIES = 8
FIRST_PAUSE, TIMES, LONGEST_PAUSE = 0.5, 3.0, 300.0  # Seconds; all tries together take about eight minutes.
NOT_CHANGED = "niet bij te werken of terug te halen"
NO_ROOM, NOT_THERE = "Teams had geen ruimte", "Teams was niet bereikbaar"


@dataclass(frozen=True, slots=True)
class Call:
    """One call to Teams, begun `at` a moment: send it there, or do something with the `activity` that is there: `correct` it or take
    it back."""

    id: str
    person_id: str
    tries: int
    at: datetime
    service_url: str
    conversation: str
    activity: str = ""
    correct: bool = False


def arrived(connection: Connection, call: Call, activity: str, now: datetime) -> None:
    """It was sent, or it was taken back; a later word on what was called uncertain."""
    campaign_pace.accepted(connection, now)
    if call.activity:
        changed(connection, call.id, "corrected" if call.correct else "recalled")
        return
    place = {"conversation": call.conversation, "activity": activity or None}
    new = {"state": "sent", "reason": "", "after": None, **place}
    connection.execute(update(rows).where(*_open(call)).values(**new))


def lost(connection: Connection, call: Call) -> None:
    """Nobody can know whether it was sent."""
    connection.execute(update(rows).where(*_open(call)).values(state="uncertain"))


def refused(connection: Connection, call: Call, state: str, now: datetime, reason: str = "") -> None:
    """Teams will not have it for this person."""
    campaign_pace.accepted(connection, now)
    _give_up(connection, call, state, reason)


def nobody_there(connection: Connection, call: Call, state: str, now: datetime) -> None:
    """Moi is not with this person in Teams: on the web instead, at the next step, or else `state`."""
    campaign_pace.accepted(connection, now)
    if call.activity:
        not_changed(connection, call.id)
    else:
        _put_back(connection, call, {"reason": state})


def later(connection: Connection, call: Call, wait: float | None, now: datetime, reason: str) -> None:
    """It surely did not land: try again later, some times; where Teams refuses everybody, everybody waits and no try counts."""
    if campaign_pace.refused(connection, call.id, wait, now):
        _put_back(connection, call, {})
    elif call.tries + 1 >= MOST_TRIES:
        _give_up(connection, call, "failed", reason)
    else:
        pause = max(wait or 0.0, min(FIRST_PAUSE * TIMES**call.tries, LONGEST_PAUSE))
        # Not all at once, as Microsoft asks.
        after = now + timedelta(seconds=pause * random.uniform(1, 1.05))  # noqa: S311
        _put_back(connection, call, {"tries": call.tries + 1, "after": after})


def held_back(connection: Connection, call: Call, wait: float, now: datetime) -> None:
    """Moi itself has no place for it: this conversation had its share for now. It never left, so it is no try."""
    _put_back(connection, call, {"after": now + timedelta(seconds=wait)})


def changed(connection: Connection, row_id: str, state: str, **new: Any) -> None:
    """What the run of the campaign was to do with this message is done."""
    _set(connection, row_id, state=state, run=_RUN, reason="", tries=0, after=None, **new)


def not_changed(connection: Connection, row_id: str) -> None:
    """What is there stays there, with the reason."""
    _set(connection, row_id, run=_RUN, reason=NOT_CHANGED, tries=0, after=None)


def _give_up(connection: Connection, call: Call, state: str, reason: str) -> None:
    if call.activity:
        not_changed(connection, call.id)
    else:
        new = {"state": state, "reason": reason, "sent": None}
        connection.execute(update(rows).where(*_open(call)).values(**new))


def _put_back(connection: Connection, call: Call, new: Mapping[str, Any]) -> None:
    """Back among those who wait, unless the campaign was stopped meanwhile."""
    if call.activity:
        _set(connection, call.id, **new)
        return
    for states, became in (
        (("sending", "paused"), {"state": "waiting", **new}),
        (("done",), {"state": "failed", "reason": NOT_THERE}),
        (("stopped", "recalling", "recalled"), {"state": "recalled"}),
    ):
        in_it = exists().where(campaigns.c.id == rows.c.campaign, campaigns.c.state.in_(states))
        connection.execute(update(rows).where(*_open(call), in_it).values(sent=None, **became))


def _open(call: Call) -> tuple[ColumnElement[bool], ...]:
    """The row, for as long as this call is what it waits for; with another worker it may be called uncertain already."""
    return rows.c.id == call.id, rows.c.state.in_(("sending", "uncertain")), rows.c.sent == call.at


def _set(connection: Connection, row_id: str, **new: Any) -> None:
    if new:
        connection.execute(update(rows).where(rows.c.id == row_id).values(**new))


_RUN = select(campaigns.c.run).where(campaigns.c.id == rows.c.campaign).scalar_subquery()
