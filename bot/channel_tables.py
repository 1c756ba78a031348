"""The tables of the procurement channel, beside those in `bot/tables.py`: where it is in Teams, and what is done there."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from bot.tables import Moment, metadata

# The channels in Teams that were the procurement channel; the one without an end is it now.
team_channels = Table(
    "team_channels",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation", String, nullable=False),
    Column("service_url", String, nullable=False),
    Column("tenant_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("team", String),
)

# What the people of procurement did with a summary.
channel_work = Table(
    "channel_work",
    metadata,
    Column("record", String, ForeignKey("records.id"), primary_key=True),
    Column("taken_by", String),
    Column("taken_role", String),
    Column("taken_at", Moment),
    Column("discussed", Moment),
    Column("discussed_by", String),
)

# Questions from the channel to the buyer `to_id`, and the answers to a `question`, each until it is delivered.
channel_messages = Table(
    "channel_messages",
    metadata,
    Column("id", String, primary_key=True),
    Column("record", String, ForeignKey("records.id"), nullable=False, index=True),
    Column("question", String, index=True),
    Column("person_id", String, nullable=False),
    Column("role", String, nullable=False),
    Column("to_id", String, index=True),
    Column("text", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
)
