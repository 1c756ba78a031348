"""Asking whether it worked out, and what was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("last_card", sa.DateTime(timezone=True)),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(JSONB(), "postgresql")),
        sa.Column("answered", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name="fk_follow_ups_record"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_ups"),
    )
    for column in ("record", "next_at", "last_card", "told"):
        op.create_index(f"ix_follow_ups_{column}", "follow_ups", [column])
    op.create_index("ix_records_changed", "records", ["changed"])


def downgrade() -> None:
    op.drop_index("ix_records_changed", "records")
    op.drop_table("follow_ups")
