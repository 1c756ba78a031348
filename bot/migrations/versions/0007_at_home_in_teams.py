"""By which message an answer was given, in which team the procurement channel is, and what people thought of answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("talks", sa.Column("given", JSON))
    op.add_column("team_channels", sa.Column("team", sa.String()))
    op.create_table(
        "feedback",
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_week", sa.Date(), nullable=False),
        sa.Column("last_week", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("about", "verdict", "text", name="pk_feedback"),
    )
    op.create_index("ix_feedback_last_week", "feedback", ["last_week"])


def downgrade() -> None:
    op.drop_index("ix_feedback_last_week", "feedback")
    op.drop_table("feedback")
    op.drop_column("team_channels", "team")
    op.drop_column("talks", "given")
