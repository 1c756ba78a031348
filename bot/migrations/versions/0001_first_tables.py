"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("last_seen", sa.Date(), nullable=False),
    )
    op.create_table(
        "talks",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("dialog", sa.String(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("record", sa.String()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String()),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_index(
        "ix_talks_open", "talks", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "deliveries",
        sa.Column("channel", sa.String(), primary_key=True),
        sa.Column("delivery", sa.String(), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_deliveries_at", "deliveries", ["at"])
    op.create_table(
        "records",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("category", sa.String()),
        sa.Column("product_group", sa.String()),
        sa.Column("value_band", sa.String(), nullable=False),
        sa.Column("advice", JSON, nullable=False),
        sa.Column("knowledge_version", sa.String(), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
    )
    op.create_index("ix_records_person_id", "records", ["person_id"])
    op.create_index("ix_records_made", "records", ["made"])
    op.create_table(
        "posts",
        sa.Column("record", sa.String(), sa.ForeignKey("records.id"), primary_key=True),
        sa.Column("target", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("posted_version", sa.Integer(), nullable=False),
        sa.Column("noticed_version", sa.Integer(), nullable=False),
        sa.Column("external", sa.String()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_posts_state", "posts", ["state"])
    op.create_index("ix_posts_revision", "posts", ["revision"])
    channel = op.create_table("channel", sa.Column("revision", sa.BigInteger(), primary_key=True))
    op.bulk_insert(channel, [{"revision": 0}])
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reference", JSON),
        sa.Column("last_seq", sa.Integer(), nullable=False),
    )
    op.create_index("ix_conversations_person_id", "conversations", ["person_id"])
    op.create_table(
        "activities",
        sa.Column("conversation", sa.String(), sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("activity", JSON, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def downgrade() -> None:
    for table in (
        "audit", "activities", "conversations", "channel", "posts", "records", "deliveries", "talks", "people",
    ):  # fmt: skip
        op.drop_table(table)
