"""How long is known who got a campaign: until they have their data deleted, or until it was kept long enough."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.campaign_pictures import drop_unused_pictures
from bot.campaign_tables import campaign_recipients as rows
from bot.campaign_tables import campaigns
from bot.campaigns import SENDS
from bot.rights import GONE


def forget_in_campaigns(connection: Connection, person_id: str) -> None:
    """Take where it is off what somebody got; who waits gets nothing. The ledger still adds up."""
    mine = rows.c.person_id == person_id
    connection.execute(update(rows).where(mine, rows.c.state == "waiting").values(state="unknown"))
    connection.execute(update(rows).where(mine).values(conversation=None, activity=None))


def unlink_old(connection: Connection, before: datetime, most: int) -> int:
    """Take people off campaigns that did not change since then; gives of how many rows."""
    over = select(campaigns.c.id).where(campaigns.c.changed < before, campaigns.c.state.not_in(SENDS))
    named = select(rows.c.id).where(rows.c.campaign.in_(over), rows.c.person_id != GONE.id)
    ids = list(connection.execute(named.order_by(rows.c.id).limit(most)).scalars())
    new = {"person_id": GONE.id, "conversation": None, "activity": None}
    connection.execute(update(rows).where(rows.c.id.in_(ids)).values(**new))
    return len(ids)


def delete_old(connection: Connection, before: datetime, most: int) -> int:
    """Delete campaigns that did not change since then, with their ledger and pictures; gives how many."""
    old = select(campaigns.c.id).where(campaigns.c.changed < before, campaigns.c.state.not_in(SENDS))
    ids = list(connection.execute(old.order_by(campaigns.c.id).limit(most)).scalars())
    connection.execute(delete(rows).where(rows.c.campaign.in_(ids)))
    gone = connection.execute(delete(campaigns).where(campaigns.c.id.in_(ids))).rowcount
    drop_unused_pictures(connection)
    return gone
