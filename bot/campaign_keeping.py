"""What is kept of one person in campaigns, and for how long: until they have it deleted, or it was kept long enough."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from bot.campaign_effect import effect
from bot.campaign_pictures import drop_unused_pictures
from bot.campaign_tables import campaign_optouts, campaign_returns, campaigns
from bot.campaign_tables import campaign_recipients as rows
from bot.campaigns import RECIPIENT_NAMES, SENDS
from bot.rights import GONE

RETURNED: Final = {
    "tap": "je koos: {}",
    "answer": "je antwoordde: {}",
    "question": "je stelde een vraag",
    "seen": "gezien",
}
"""What somebody did with a campaign, in words."""


def forget_in_campaigns(connection: Connection, person_id: str) -> None:
    """Take where it is off what somebody got; who waits gets nothing. The ledger still adds up."""
    mine = rows.c.person_id == person_id
    connection.execute(update(rows).where(mine, rows.c.state == "waiting").values(state="unknown"))
    connection.execute(update(rows).where(mine).values(conversation=None, activity=None))


def unlink_old(connection: Connection, before: datetime, now: datetime, most: int) -> int:
    """Take people off campaigns that did not change since then, and keep what they asked in totals; gives of how many rows."""
    over = select(campaigns.c.id).where(campaigns.c.changed < before, campaigns.c.state.not_in(SENDS))
    named = select(rows.c.id, rows.c.campaign).where(rows.c.campaign.in_(over), rows.c.person_id != GONE.id)
    found = connection.execute(named.order_by(rows.c.campaign, rows.c.id).limit(most)).all()
    for id_ in {row.campaign for row in found}:
        _keep_effect(connection, id_, now)
        connection.execute(
            update(campaign_returns).where(campaign_returns.c.campaign == id_).values(person_id=GONE.id)
        )
    new = {"person_id": GONE.id, "conversation": None, "activity": None}
    connection.execute(update(rows).where(rows.c.id.in_([row.id for row in found])).values(**new))
    return len(found)


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
        back[one.campaign].append(RETURNED[one.kind].format(one.what))
    return [
        dict(row) | {"state": RECIPIENT_NAMES.get(row["state"], "wacht"), "returned": back[row["campaign"]]}
        for row in found
    ]


def optouts_of(connection: Connection, person_id: str) -> list[dict[str, Any]]:
    """Which campaigns this person wants none of, by subject; an empty one means all."""
    mine = select(campaign_optouts.c.subject, campaign_optouts.c.since)
    found = connection.execute(mine.where(campaign_optouts.c.person_id == person_id)).mappings()
    return [dict(row) for row in found]
