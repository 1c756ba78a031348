"""What came back of a campaign, and which subjects somebody wants none about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BEFORE = sa.table("campaign_optouts", sa.column("person_id", sa.String), sa.column("since", MOMENT))
ONCE = sa.text("person_id <> 'verwijderd'")


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("campaigns", sa.Column("effect", json))
    op.create_table(
        "campaign_returns",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaigns.id"], name="fk_campaign_returns_campaign"),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_returns"),
    )
    for column in ("campaign", "person_id"):
        op.create_index(f"ix_campaign_returns_{column}", "campaign_returns", [column])
    op.create_index(
        "ix_campaign_returns_once",
        "campaign_returns",
        ["campaign", "person_id", "kind", "what"],
        unique=True,
        sqlite_where=ONCE,
        postgresql_where=ONCE,
    )
    op.execute(
        "insert into campaign_returns (id, campaign, person_id, kind, what) "
        "select id, campaign, person_id, 'tap', pressed from campaign_recipients where pressed is not null"
    )
    op.drop_column("campaign_recipients", "pressed")
    _optouts(per_subject=True)


def downgrade() -> None:
    _optouts(per_subject=False)
    op.add_column("campaign_recipients", sa.Column("pressed", sa.String()))
    op.drop_table("campaign_returns")
    op.drop_column("campaigns", "effect")


def _optouts(*, per_subject: bool) -> None:
    """Make the table anew: a column of a primary key cannot be added to one that is there."""
    of_all = BEFORE.select() if per_subject else BEFORE.select().where(sa.text("subject = ''"))
    kept = [dict(row) for row in op.get_bind().execute(of_all).mappings()]
    op.drop_table("campaign_optouts")
    key = ["person_id", "subject"] if per_subject else ["person_id"]
    made = op.create_table(
        "campaign_optouts",
        *(sa.Column(name, sa.String(), nullable=False) for name in key),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(*key, name="pk_campaign_optouts"),
    )
    if kept:
        op.bulk_insert(made, [row | ({"subject": ""} if per_subject else {}) for row in kept])
