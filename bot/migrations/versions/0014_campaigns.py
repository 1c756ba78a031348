"""What the MVOI team sends to colleagues, who gets it, and who wants none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("buttons", json, nullable=False),
        sa.Column("audience", json, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("released_by", sa.String()),
        sa.Column("correction", json, nullable=False),
        sa.Column("due", moment),
        sa.Column("hold", moment),
        sa.Column("made", moment, nullable=False),
        sa.Column("changed", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
    )
    op.create_index("ix_campaigns_state", "campaigns", ["state"])
    op.create_table(
        "campaign_recipients",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("after", moment),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("sent", moment),
        sa.Column("conversation", sa.String()),
        sa.Column("activity", sa.String()),
        sa.Column("pressed", sa.String()),
        sa.ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_campaign_recipients_campaign"),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_recipients"),
    )
    for column in ("person_id", "sent"):
        op.create_index(f"ix_campaign_recipients_{column}", "campaign_recipients", [column])
    op.create_index("ix_campaign_recipients_campaign_state", "campaign_recipients", ["campaign", "state"])
    op.create_index(
        "ix_campaign_recipients_once",
        "campaign_recipients",
        ["campaign", "person_id"],
        unique=True,
        sqlite_where=sa.text("person_id <> 'verwijderd'"),
        postgresql_where=sa.text("person_id <> 'verwijderd'"),
    )
    op.create_table(
        "campaign_optouts",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_campaign_optouts"),
    )


def downgrade() -> None:
    for table in ("campaign_optouts", "campaign_recipients", "campaigns"):
        op.drop_table(table)
