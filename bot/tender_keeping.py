"""How long what comes up is kept, and what becomes of it when a colleague is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from bot.own_chat import BUSY, DUE, WAITING
from bot.tables import people
from bot.tender_tables import nudges, tender_changes, tender_imports, tenders

KEEPS_IMPORT = timedelta(days=1)
"""How long a file waits for a yes."""


def forget_in_calendar(connection: Connection, person_id: str) -> None:
    """Take a colleague off what comes up; what they did not hear yet is of nobody, so the MVOI team hears it."""
    name = connection.execute(select(people.c.name).where(people.c.id == person_id)).scalar_one_or_none()
    theirs = or_(tenders.c.client == person_id, func.lower(tenders.c.client) == (name or person_id).lower())
    connection.execute(update(tenders).where(theirs).values(client=""))
    unheard = nudges.c.person_id == person_id, nudges.c.told.in_((DUE, BUSY, WAITING))
    connection.execute(update(nudges).where(*unheard).values(person_id=None, told=DUE))


def delete_old(connection: Connection, before: datetime, now: datetime, most: int) -> int:
    """Delete what started and was not changed since then, with its log and its nudges, and files that nobody said yes to."""
    old = select(tenders.c.id).where(
        tenders.c.start < before.date(),
        func.coalesce(tenders.c.award, tenders.c.start) < before.date(),
        func.coalesce(tenders.c.contract_start, tenders.c.start) < before.date(),
        tenders.c.changed < before,
    )
    off = select(tenders.c.id).where(tenders.c.gone < before)
    ids = list(connection.execute(old.union(off).limit(most)).scalars())
    for table in (tender_changes, nudges):
        connection.execute(delete(table).where(table.c.tender.in_(ids)))
    files = delete(tender_imports).where(tender_imports.c.at < now - KEEPS_IMPORT)
    return connection.execute(delete(tenders).where(tenders.c.id.in_(ids))).rowcount + (
        connection.execute(files).rowcount
    )


def calendar_of(connection: Connection, person_id: str) -> list[dict[str, Any]]:
    """What comes up for a colleague, and what they were told of it."""
    name = connection.execute(select(people.c.name).where(people.c.id == person_id)).scalar_one_or_none()
    heard = select(nudges.c.tender).where(nudges.c.person_id == person_id)
    theirs = or_(
        tenders.c.client == person_id,
        func.lower(tenders.c.client) == (name or person_id).lower(),
        tenders.c.id.in_(heard),
    )
    wanted = (
        select(
            tenders.c.id,
            tenders.c.what,
            tenders.c.start,
            nudges.c.moment,
            nudges.c.last_card,
            nudges.c.state,
            nudges.c.moved,
            nudges.c.next_at,
            nudges.c.talk,
            nudges.c.record,
        )
        .outerjoin(nudges, (nudges.c.tender == tenders.c.id) & (nudges.c.person_id == person_id))
        .where(theirs)
        .order_by(tenders.c.start, tenders.c.id)
    )
    return [dict(row) for row in connection.execute(wanted).mappings()]
