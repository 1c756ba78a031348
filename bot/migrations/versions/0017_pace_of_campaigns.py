"""One pace for all campaigns, and who is next found without sorting everybody who waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "campaign_pace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turn", moment),
        sa.Column("free", moment),
        sa.Column("hold", moment),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("last", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_pace"),
    )
    op.drop_column("campaigns", "hold")
    op.drop_index("ix_campaign_recipients_campaign_state", "campaign_recipients")
    op.create_index("ix_campaign_recipients_next", "campaign_recipients", ["campaign", "state", "id"])


def downgrade() -> None:
    op.drop_index("ix_campaign_recipients_next", "campaign_recipients")
    op.create_index("ix_campaign_recipients_campaign_state", "campaign_recipients", ["campaign", "state"])
    op.add_column("campaigns", sa.Column("hold", sa.DateTime(timezone=True)))
    op.drop_table("campaign_pace")
