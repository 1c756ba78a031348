"""The tables about the knowledge, beside those in `bot/tables.py`: its versions, and what people said of it."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, LargeBinary, String, Table

from bot.tables import AnyJson, Moment, metadata

# Which knowledge was in use: per version its files by name, each as the hash of its content.
knowledge_versions = Table(
    "knowledge_versions",
    metadata,
    Column("version", String, primary_key=True),
    Column("files", AnyJson, nullable=False),
    Column("first_used", Moment, nullable=False),
    Column("last_taken_up", Moment, nullable=False, index=True),
)

# The contents by their hash, compressed, so that a small edit costs only the file that was edited.
knowledge_files = Table(
    "knowledge_files",
    metadata,
    Column("hash", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# What was said and not recognised: nobody's, of no talk, and no finer in time than a week (its Monday).
unrecognised = Table(
    "unrecognised",
    metadata,
    Column("text", String, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("first_week", Date, nullable=False),
    Column("last_week", Date, nullable=False, index=True),
)

# What people thought, per question or of the advice: nobody's, with the words or (empty) in all; weeks as above.
feedback = Table(
    "feedback",
    metadata,
    Column("about", String, primary_key=True),
    Column("verdict", String, primary_key=True),
    Column("text", String, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("first_week", Date, nullable=False),
    Column("last_week", Date, nullable=False, index=True),
)
