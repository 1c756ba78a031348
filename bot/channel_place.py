"""Which channel in Teams is the procurement channel: connected from inside Teams, and kept.

Functions of a connection. The settings name a channel for the first run only: once a channel was connected, or
disconnected, what is kept here counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, exists, insert, select, update

from bot.channel_posts import TEAMS, next_revision
from bot.channel_tables import team_channels
from bot.people import Person
from bot.rights import MOI
from bot.tables import audit, deliveries, people


@dataclass(frozen=True, slots=True)
class TeamsPlace:
    """A channel in Teams, and where the Bot Connector for it is. A channel from the settings has no `id`."""

    conversation: str
    service_url: str
    id: str = ""
    name: str = ""
    by: str = ""
    since: datetime | None = None
    team: str = ""

    def is_in(self, gone: str) -> bool:
        """Whether this is the channel with this id, or one of the team with this id."""
        return bool(gone) and gone in (self.conversation, self.team)


def connected(connection: Connection) -> TeamsPlace | None:
    """The channel that is connected now; None when there is none."""
    row = connection.execute(CONNECTED).one_or_none()
    return _place(row) if row else None


def chosen(connection: Connection, setting: TeamsPlace | None) -> TeamsPlace | None:
    """Where summaries go in Teams: to the connected channel, or the one in the settings when nobody ever chose."""
    return setting if not _ever_chosen(connection) else connected(connection)


def targets(connection: Connection, from_settings: Sequence[str]) -> tuple[str, ...]:
    """Where a record must go now: what the settings say, with Teams as it was chosen from inside Teams."""
    if not _ever_chosen(connection):
        return tuple(from_settings)
    elsewhere = tuple(target for target in from_settings if target != TEAMS)
    return (*elsewhere, TEAMS) if connected(connection) else elsewhere


def connect(connection: Connection, place: TeamsPlace, tenant_id: str, person: Person) -> None:
    """Make this the procurement channel; another one that was ends."""
    now = datetime.now(UTC)
    _end(connection, now)
    row = {
        "id": uuid.uuid4().hex,
        "conversation": place.conversation,
        "service_url": place.service_url,
        "tenant_id": tenant_id,
        "name": place.name,
        "person_id": person.id,
        "since": now,
        "team": place.team or None,
    }
    connection.execute(insert(team_channels), row)


def disconnect(connection: Connection) -> None:
    """From now on no channel in Teams is the procurement channel."""
    _end(connection, datetime.now(UTC))


def lost(connection: Connection) -> str | None:
    """The name of the channel that was connected last, when it is gone without anybody having disconnected it."""
    if connected(connection):
        return None
    newest = select(team_channels).order_by(team_channels.c.since.desc()).limit(1).subquery()
    by_moi = exists().where(
        audit.c.person_id == MOI.id,
        audit.c.action == "kanaal verbroken",
        audit.c.about == newest.c.conversation,
        audit.c.at >= newest.c.since,
    )
    return connection.execute(select(newest.c.name).where(by_moi)).scalar_one_or_none()


def hold(connection: Connection) -> None:
    """Let whoever else changes the channel wait until this transaction is over."""
    next_revision(connection)


def first_time(connection: Connection, delivery: str) -> bool:
    """Whether this was not dealt with before; from now on it was."""
    known = select(deliveries.c.at).where(deliveries.c.channel == TEAMS, deliveries.c.delivery == delivery)
    if connection.execute(known).first():
        return False
    row = {"channel": TEAMS, "delivery": delivery, "at": datetime.now(UTC)}
    connection.execute(insert(deliveries), row)
    return True


def _ever_chosen(connection: Connection) -> bool:
    return bool(connection.execute(EVER_CHOSEN).scalar_one())


def _end(connection: Connection, now: datetime) -> None:
    connection.execute(update(team_channels).where(team_channels.c.until.is_(None)).values(until=now))


def _place(row: Row[tuple[str, ...]]) -> TeamsPlace:
    by = row.by or "een collega"
    return TeamsPlace(row.conversation, row.service_url, row.id, row.name, by, row.since, row.team or "")


EVER_CHOSEN = select(exists(select(team_channels.c.id)))
CONNECTED = (
    select(team_channels, people.c.name.label("by"))
    .outerjoin(people, people.c.id == team_channels.c.person_id)
    .where(team_channels.c.until.is_(None))
)
