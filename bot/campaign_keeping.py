"""What is kept of one person in campaigns, and for how long: until they have it deleted, or it was kept long enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, select, update

from bot.campaign_audience import Audience, load_audience
from bot.campaign_effect import effect
from bot.campaign_lists import lines_of
from bot.campaign_pictures import drop_unused_pictures
from bot.campaign_tables import campaign_optouts, campaign_returns, campaigns
from bot.campaign_tables import campaign_recipients as rows
from bot.campaigns import NO_MORE_LABEL, RECIPIENT_NAMES, SENDS, State
from bot.rights import GONE

PLANNED: Final[frozenset[State]] = frozenset({"released", "paused"})
"""Still needs its list, however long ago it was written."""
RETURNED: Final = {
    "tap": "je koos: {}",
    "answer": "je antwoordde: {}",
    "question": "je stelde een vraag",
    "seen": "gezien",
}
"""What somebody did with a campaign, in words."""


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


def unlink_old(connection: Connection, before: datetime, now: datetime, most: int) -> int:
    """Take people off campaigns that did not change since then, and the lists out; what they asked stays in totals.

    Gives of how many rows and lists.
    """
    over = select(campaigns.c.id).where(campaigns.c.changed < before, campaigns.c.state.not_in(SENDS))
    named = select(rows.c.id, rows.c.campaign).where(rows.c.campaign.in_(over), rows.c.person_id != GONE.id)
    found = connection.execute(named.order_by(rows.c.campaign, rows.c.id).limit(most)).all()
    for id_ in {row.campaign for row in found}:
        _keep_effect(connection, id_, now)
        connection.execute(
            update(campaign_returns).where(campaign_returns.c.campaign == id_).values(person_id=GONE.id)
        )
    new = {"person_id": GONE.id, "conversation": None, "activity": None, "address": None}
    connection.execute(update(rows).where(rows.c.id.in_([row.id for row in found])).values(**new))
    done = campaigns.c.changed < before, campaigns.c.state.not_in(SENDS | PLANNED)
    listed = [(id_, audience) for id_, audience in _audiences(connection, *done) if _lines(audience)]
    for id_, audience in listed[: most - len(found)]:
        _keep_lines(connection, id_, audience, lambda _line: False)
    return len(found) + len(listed[: most - len(found)])


def _keep_effect(connection: Connection, id_: str, now: datetime) -> None:
    """Count before and after once more, while it is still known who got it."""
    counted = effect(connection, id_, now)
    uncounted = campaigns.c.id == id_, campaigns.c.effect.is_(None)
    if counted:
        connection.execute(update(campaigns).where(*uncounted).values(effect=counted.dump()))


def delete_old(connection: Connection, before: datetime, most: int) -> int:
    """Delete campaigns that did not change since then, with their ledger and pictures; gives how many."""
    old = select(campaigns.c.id).where(campaigns.c.changed < before, campaigns.c.state.not_in(SENDS))
    ids = list(connection.execute(old.order_by(campaigns.c.id).limit(most)).scalars())
    for table in (rows, campaign_returns):
        connection.execute(delete(table).where(table.c.campaign.in_(ids)))
    gone = connection.execute(delete(campaigns).where(campaigns.c.id.in_(ids))).rowcount
    drop_unused_pictures(connection)
    return gone


def campaigns_of(connection: Connection, person_id: str) -> list[dict[str, Any]]:
    """What this person got or would get, with its title, and what they did with it."""
    mine = select(rows, campaigns.c.title).join(campaigns)
    found = connection.execute(mine.where(rows.c.person_id == person_id)).mappings().all()
    back: dict[str, list[str]] = defaultdict(list)
    returns = select(campaign_returns).where(campaign_returns.c.person_id == person_id)
    for one in connection.execute(returns.order_by(campaign_returns.c.kind, campaign_returns.c.what)):
        said = "je meldde je af" if one.what == NO_MORE_LABEL else RETURNED[one.kind].format(one.what)
        back[one.campaign].append(said)
    return [
        dict(row) | {"state": RECIPIENT_NAMES.get(row["state"], "wacht"), "returned": back[row["campaign"]]}
        for row in found
    ]


def optouts_of(connection: Connection, person_id: str) -> list[dict[str, Any]]:
    """Which campaigns this person wants none of, by subject; an empty one means all."""
    mine = select(campaign_optouts.c.subject, campaign_optouts.c.since)
    found = connection.execute(mine.where(campaign_optouts.c.person_id == person_id)).mappings()
    return [dict(row) for row in found]


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
