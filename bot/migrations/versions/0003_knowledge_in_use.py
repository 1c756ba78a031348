"""Knowledge in use, and what was not recognised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "knowledge_versions",
        sa.Column("version", sa.String(), primary_key=True),
        sa.Column("files", JSON, nullable=False),
        sa.Column("first_used", MOMENT, nullable=False),
        sa.Column("last_taken_up", MOMENT, nullable=False),
    )
    op.create_index("ix_knowledge_versions_last_taken_up", "knowledge_versions", ["last_taken_up"])
    op.create_table(
        "knowledge_files",
        sa.Column("hash", sa.String(), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "unrecognised",
        sa.Column("text", sa.String(), primary_key=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_week", sa.Date(), nullable=False),
        sa.Column("last_week", sa.Date(), nullable=False),
    )
    op.create_index("ix_unrecognised_last_week", "unrecognised", ["last_week"])


def downgrade() -> None:
    for table in ("unrecognised", "knowledge_files", "knowledge_versions"):
        op.drop_table(table)
