"""The procurement channel in Teams, and what is done there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "team_channels",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("service_url", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
    )
    op.add_column("posts", sa.Column("shown", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")))
    op.create_table(
        "channel_work",
        sa.Column("record", sa.String(), sa.ForeignKey("records.id"), primary_key=True),
        sa.Column("taken_by", sa.String()),
        sa.Column("taken_role", sa.String()),
        sa.Column("taken_at", MOMENT),
        sa.Column("discussed", MOMENT),
        sa.Column("discussed_by", sa.String()),
    )
    op.create_table(
        "channel_messages",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("record", sa.String(), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("question", sa.String()),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("to_id", sa.String()),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    for column in ("record", "question", "to_id", "state"):
        op.create_index(f"ix_channel_messages_{column}", "channel_messages", [column])


def downgrade() -> None:
    op.drop_table("channel_messages")
    op.drop_table("channel_work")
    op.drop_column("posts", "shown")
    op.drop_table("team_channels")
