"""Who gets a campaign: everybody, or who asked Moi about something; who is left out, and who wants none at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, Select, func, insert, or_, select

from bot.campaign_rules import HERE, WEEK, CampaignRules
from bot.campaign_tables import campaign_optouts, campaign_recipients
from bot.tables import conversations, people, records, talks


@dataclass(frozen=True, slots=True)
class Audience:
    """Everyone whom Moi knows, or who asked about this product group or category on one of these days."""

    about: str = ""
    first: date | None = None
    last: date | None = None

    def dump(self) -> dict[str, str]:
        """As it is kept; `load_audience` reads it."""
        days = {"first": self.first, "last": self.last}
        return {"about": self.about} | {name: day.isoformat() for name, day in days.items() if day}


def load_audience(kept: Mapping[str, str]) -> Audience:
    """An audience as it was kept."""
    first, last = (date.fromisoformat(kept[name]) if kept.get(name) else None for name in ("first", "last"))
    return Audience(kept.get("about", ""), first, last)


@dataclass(frozen=True, slots=True)
class Size:
    """How many people an audience is, and who of them would get nothing now."""

    everybody: int
    opted_out: int
    capped: int
    nowhere: int

    @property
    def reached(self) -> int:
        """How many would get it."""
        return self.everybody - self.opted_out - self.capped - self.nowhere


def everybody_in(audience: Audience) -> Select[tuple[str]]:
    """Who is in an audience, by id."""
    found = select(people.c.id)
    if not audience.about:
        return found
    asked = []
    for table, when, what in (
        (records, records.c.made, (records.c.category, records.c.product_group)),
        (
            talks,
            talks.c.changed,
            (
                talks.c.answers[("wat", "categorie")].as_string(),
                talks.c.answers[("wat", "groep")].as_string(),
            ),
        ),
    ):
        about = select(table.c.person_id).where(or_(*(column == audience.about for column in what)))
        if audience.first:
            about = about.where(when >= _begin(audience.first))
        if audience.last:
            about = about.where(when < _begin(audience.last + timedelta(days=1)))
        asked.append(people.c.id.in_(about))
    return found.where(or_(*asked))


def size(connection: Connection, audience: Audience, rules: CampaignRules, now: datetime) -> Size:
    """How many people this is, and who would get nothing now; each counts once, by the first reason."""
    ids = set(connection.execute(everybody_in(audience)).scalars())
    out = ids & set(connection.execute(select(campaign_optouts.c.person_id)).scalars())
    many = select(campaign_recipients.c.person_id).where(campaign_recipients.c.sent > now - WEEK)
    many = many.group_by(campaign_recipients.c.person_id).having(func.count() >= rules.cap)
    capped = ids & set(connection.execute(many).scalars()) - out
    places = set(connection.execute(select(conversations.c.person_id).distinct()).scalars())
    return Size(len(ids), len(out), len(capped), len(ids - out - capped - places))


def opt_out(connection: Connection, person_id: str, now: datetime) -> None:
    """From now on this person gets no campaigns."""
    if not has_opted_out(connection, person_id):
        connection.execute(insert(campaign_optouts).values(person_id=person_id, since=now))


def opt_in(connection: Connection, person_id: str) -> None:
    """This person gets campaigns again."""
    connection.execute(campaign_optouts.delete().where(campaign_optouts.c.person_id == person_id))


def has_opted_out(connection: Connection, person_id: str) -> bool:
    """Whether this person gets no campaigns."""
    found = select(campaign_optouts.c.person_id).where(campaign_optouts.c.person_id == person_id)
    return connection.execute(found).first() is not None


def opted_out_of(connection: Connection, people: Collection[str]) -> set[str]:
    """Who of these people get no campaigns."""
    found = select(campaign_optouts.c.person_id).where(campaign_optouts.c.person_id.in_(people))
    return set(connection.execute(found).scalars())


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), HERE).astimezone(UTC)
