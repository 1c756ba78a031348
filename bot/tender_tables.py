"""The tables of the aanbestedingskalender, beside those in `bot/tables.py`: what comes up, what was changed, and the nudges."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from bot.tables import AnyJson, Moment, metadata

# What comes up, a purchase per row. Empty text is what is not known.
tenders = Table(
    "tenders",
    metadata,
    Column("id", String, primary_key=True),
    # Of which list it is, and by what that list knows it.
    Column("source", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("what", String, nullable=False),
    Column("product_group", String, nullable=False),
    Column("category", String, nullable=False),
    Column("team", String, nullable=False),
    Column("domain", String, nullable=False),
    # A role, or the colleague who is to hear of it.
    Column("client", String, nullable=False),
    Column("start", Date, nullable=False, index=True),
    Column("award", Date),
    Column("contract_start", Date),
    # The columns that a person changed, which no file overwrites.
    Column("by_hand", AnyJson, nullable=False),
    Column("changed", Moment, nullable=False),
    # Since when it is off the list.
    Column("gone", Moment),
)
Index("ix_tenders_source_reference", tenders.c.source, tenders.c.reference, unique=True)

# Who changed what of it, and when.
tender_changes = Table(
    "tender_changes",
    metadata,
    Column("id", String, primary_key=True),
    Column("tender", String, ForeignKey("tenders.id"), nullable=False, index=True),
    Column("person_id", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("what", String, nullable=False),
    Column("changes", AnyJson, nullable=False),
)

# A file that was read and waits for a yes.
tender_imports = Table(
    "tender_imports",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("name", String, nullable=False),
    Column("source", String, nullable=False),
    Column("lines", AnyJson, nullable=False),
)

# A nudge about a tender: one row per moment of it, made when that moment has come. Without a person it is of the MVOI team.
nudges = Table(
    "nudges",
    metadata,
    Column("id", String, primary_key=True),
    Column("tender", String, ForeignKey("tenders.id"), nullable=False, index=True),
    Column("moment", String, nullable=False),
    Column("person_id", String, index=True),
    # open, begun, or stopped.
    Column("state", String, nullable=False),
    Column("moved", Integer, nullable=False),
    Column("made", Moment, nullable=False),
    # When a card may come; none when it came.
    Column("next_at", Moment, index=True),
    Column("last_card", Moment, index=True),
    # How far the card is.
    Column("told", String, nullable=False, index=True),
    # The talk that it opened, and the record that came of that.
    Column("talk", String, index=True),
    Column("record", String),
)
