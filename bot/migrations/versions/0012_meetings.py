"""Colleagues who looked for the same thing, and how far bringing them together is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("product_group", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("told_other", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
    )
    for column in ("person_id", "other_id", "state"):
        op.create_index(f"ix_meetings_{column}", "meetings", [column])


def downgrade() -> None:
    op.drop_table("meetings")
