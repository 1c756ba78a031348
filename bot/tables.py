"""The tables of Moi, the same in SQLite and PostgreSQL.

A new database gets them as they are here. A change here needs a migration in `migrations/versions` and its number in
`VERSION`; a test holds that both ways lead to the same tables.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
}

VERSION = "0019"  # The newest migration.

metadata = MetaData(naming_convention=NAMES)
AnyJson = JSON().with_variant(JSONB(), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zones, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        known: datetime | None = value
        return known.replace(tzinfo=known.tzinfo or UTC) if known else None


people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("roles", AnyJson, nullable=False),
    Column("last_seen", Date, nullable=False),
)

# What somebody was at their last sign-in on the web; sessions that began up to `ended` no longer count.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("roles", AnyJson, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended", Moment),
    # Where they work and under which addresses, when the provider says so.
    Column("team", String),
    Column("domain", String),
    Column("accounts", AnyJson),
)

talks = Table(
    "talks",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("dialog", String, nullable=False),
    Column("answers", AnyJson, nullable=False),
    Column("state", String, nullable=False),
    Column("record", String),
    Column("version", Integer, nullable=False),
    Column("asked", String),
    Column("changed", Moment, nullable=False),
    Column("seen", AnyJson),
    # By which message each answer was typed, for when somebody edits or deletes that message.
    Column("given", AnyJson),
)
# At most one open talk per person, on whatever channel: two first messages at once end in one talk.
Index(
    "ix_talks_open",
    talks.c.person_id,
    unique=True,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)
# The last talk of a person, and everything of a person.
Index("ix_talks_person_id_changed", talks.c.person_id, talks.c.changed)

deliveries = Table(
    "deliveries",
    metadata,
    Column("channel", String, primary_key=True),
    Column("delivery", String, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

records = Table(
    "records",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("category", String),
    Column("product_group", String),
    Column("value_band", String, nullable=False),
    Column("advice", AnyJson, nullable=False),
    Column("knowledge_version", String, nullable=False),
    Column("made", Moment, nullable=False, index=True),
    Column("changed", Moment, nullable=False, index=True),
)

posts = Table(
    "posts",
    metadata,
    Column("record", String, ForeignKey("records.id"), primary_key=True),
    Column("target", String, primary_key=True),
    Column("state", String, nullable=False, index=True),
    Column("due_version", Integer, nullable=False),
    Column("posted_version", Integer, nullable=False),
    Column("noticed_version", Integer, nullable=False),
    Column("external", String),
    # The lines of the summary as they were last seen there, to say what is different.
    Column("shown", AnyJson),
    Column("revision", BigInteger, nullable=False, index=True),
)

# One row. Whoever changes a post raises it first, so revisions become visible in order.
channel = Table("channel", metadata, Column("revision", BigInteger, primary_key=True))

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("channel", String, nullable=False),
    Column("reference", AnyJson),
    Column("last_seq", Integer, nullable=False),
    Column("used", Moment, index=True),
)

activities = Table(
    "activities",
    metadata,
    Column("conversation", String, ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("activity", AnyJson, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("action", String, nullable=False),
    Column("about", String, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

# Two colleagues who looked for the same thing, and how far bringing them together is.
meetings = Table(
    "meetings",
    metadata,
    Column("id", String, primary_key=True),
    Column("product_group", String, nullable=False),
    # Who looks now and is asked first, and who looked before.
    Column("person_id", String, nullable=False, index=True),
    Column("other_id", String, nullable=False, index=True),
    Column("state", String, nullable=False, index=True),
    Column("before", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    # How far the message to each of them is.
    Column("told", String, nullable=False),
    Column("told_other", String, nullable=False),
)

# Asking the sender of a record whether it worked out: one row per record and moment, made when that moment has come.
# Whose it is, says the record; so whoever is forgotten there is never asked.
follow_ups = Table(
    "follow_ups",
    metadata,
    Column("id", String, primary_key=True),
    Column("record", String, ForeignKey("records.id"), nullable=False, index=True),
    Column("moment", String, nullable=False),
    # open, done, or stopped by "laat maar".
    Column("state", String, nullable=False),
    # How often it was asked, reminded and put off, and when the next card may come.
    Column("asks", Integer, nullable=False),
    Column("reminders", Integer, nullable=False),
    Column("moved", Integer, nullable=False),
    Column("next_at", Moment, index=True),
    Column("last_card", Moment, index=True),
    # How far the card is.
    Column("told", String, nullable=False, index=True),
    # What was answered, in the words of that day.
    Column("answers", AnyJson),
    Column("answered", Moment),
)

# Kept by Alembic: which migrations this database has had.
migrated = Table("alembic_version", metadata, Column("version_num", String(32), primary_key=True))
