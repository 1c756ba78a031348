"""How long is known who got a campaign: until they have their data deleted, or until it was kept long enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, select, update

from bot.campaign_audience import Audience, load_audience
from bot.campaign_lists import lines_of
from bot.campaign_tables import campaign_recipients as rows
from bot.campaign_tables import campaigns
from bot.campaigns import SENDS, State
from bot.rights import GONE

PLANNED: Final[frozenset[State]] = frozenset({"released", "paused"})
"""Still needs its list, however long ago it was written."""


def forget_in_campaigns(connection: Connection, person_id: str) -> None:
    """Take where it is off what somebody got, and their line off every list; who waits gets nothing. The ledger still
    adds up."""
    mine = rows.c.person_id == person_id
    connection.execute(update(rows).where(mine, rows.c.state == "waiting").values(state="unknown"))
    connection.execute(update(rows).where(mine).values(conversation=None, activity=None, address=None))
    with_lists = [(id_, audience) for id_, audience in _audiences(connection) if audience.has("lijst")]
    lines = lines_of(connection, person_id) if with_lists else ()
    for id_, audience in with_lists:
        _keep_lines(connection, id_, audience, lambda line: line.casefold() not in lines)


def unlink_old(connection: Connection, before: datetime, most: int) -> int:
    """Take people off campaigns that did not change since then, and the lists out; gives of how many rows and lists."""
    over = select(campaigns.c.id).where(campaigns.c.changed < before, campaigns.c.state.not_in(SENDS))
    named = select(rows.c.id).where(rows.c.campaign.in_(over), rows.c.person_id != GONE.id)
    ids = list(connection.execute(named.order_by(rows.c.id).limit(most)).scalars())
    new = {"person_id": GONE.id, "conversation": None, "activity": None, "address": None}
    connection.execute(update(rows).where(rows.c.id.in_(ids)).values(**new))
    done = campaigns.c.changed < before, campaigns.c.state.not_in(SENDS | PLANNED)
    listed = [(id_, audience) for id_, audience in _audiences(connection, *done) if _lines(audience)]
    for id_, audience in listed[: most - len(ids)]:
        _keep_lines(connection, id_, audience, lambda _line: False)
    return len(ids) + len(listed[: most - len(ids)])


def delete_old(connection: Connection, before: datetime, most: int) -> int:
    """Delete campaigns that did not change since then, with their ledger; gives how many."""
    old = select(campaigns.c.id).where(campaigns.c.changed < before, campaigns.c.state.not_in(SENDS))
    ids = list(connection.execute(old.order_by(campaigns.c.id).limit(most)).scalars())
    connection.execute(delete(rows).where(rows.c.campaign.in_(ids)))
    return connection.execute(delete(campaigns).where(campaigns.c.id.in_(ids))).rowcount


def _audiences(connection: Connection, *of: ColumnElement[bool]) -> list[tuple[str, Audience]]:
    found = connection.execute(select(campaigns.c.id, campaigns.c.audience).where(*of))
    return [(row.id, load_audience(row.audience)) for row in found]


def _lines(audience: Audience) -> int:
    return sum(len(part.rows) for part in audience.parts)


def _keep_lines(connection: Connection, id_: str, audience: Audience, stays: Callable[[str], bool]) -> None:
    """Take the other lines out of the lists of a campaign."""
    parts = (replace(one, rows=tuple(row for row in one.rows if stays(row[1]))) for one in audience.parts)
    less = Audience(tuple(parts))
    if less != audience:
        connection.execute(update(campaigns).where(campaigns.c.id == id_).values(audience=less.dump()))
