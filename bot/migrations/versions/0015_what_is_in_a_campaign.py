"""What a campaign is about, and a picture on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("subject", "picture", "alt"):
        op.add_column("campaigns", sa.Column(column, sa.String()))
    op.create_table(
        "campaign_pictures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_pictures"),
    )


def downgrade() -> None:
    op.drop_table("campaign_pictures")
    for column in ("alt", "picture", "subject"):
        op.drop_column("campaigns", column)
