"""Who wants no campaigns: on one subject, or none at all. Functions of a connection."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Select, delete, insert, select

from bot.campaign_tables import campaign_optouts as rows

ALL = ""
"""The subject of whoever wants no campaigns at all."""


def opt_out(connection: Connection, person_id: str, now: datetime, subject: str = ALL) -> None:
    """From now on this person gets no campaigns on this subject."""
    there = select(rows.c.person_id).where(rows.c.person_id == person_id, rows.c.subject == subject)
    if connection.execute(there).first() is None:
        connection.execute(insert(rows).values(person_id=person_id, subject=subject, since=now))


def opt_in(connection: Connection, person_id: str, subject: str = ALL) -> None:
    """This person gets campaigns on this subject again; without a subject every campaign."""
    mine = delete(rows).where(rows.c.person_id == person_id)
    connection.execute(mine if subject == ALL else mine.where(rows.c.subject == subject))


def has_opted_out(connection: Connection, person_id: str, subject: str = ALL) -> bool:
    """Whether this person gets no campaigns on this subject."""
    return bool(opted_out_of(connection, [person_id], subject))


def opted_out_of(connection: Connection, people: Collection[str], subject: str = ALL) -> set[str]:
    """Who of these people get no campaigns on this subject."""
    found = opted_out(subject).where(rows.c.person_id.in_(people))
    return {row.person_id for row in connection.execute(found)}


def opted_out(subject: str = ALL) -> Select[tuple[str]]:
    """Who gets no campaigns on this subject, by id."""
    return select(rows.c.person_id).where(rows.c.subject.in_({ALL, subject})).distinct()
