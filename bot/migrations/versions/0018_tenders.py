"""What comes up by the aanbestedingskalender, who changed it, and the nudges about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "tenders",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in (
                *("id", "source", "reference", "what", "product_group"),
                *("category", "team", "domain", "client"),
            )
        ),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("award", sa.Date()),
        sa.Column("contract_start", sa.Date()),
        sa.Column("by_hand", json, nullable=False),
        sa.Column("changed", moment, nullable=False),
        sa.Column("gone", moment),
        sa.PrimaryKeyConstraint("id", name="pk_tenders"),
    )
    op.create_index("ix_tenders_start", "tenders", ["start"])
    op.create_index("ix_tenders_source_reference", "tenders", ["source", "reference"], unique=True)
    op.create_table(
        "tender_changes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tender", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("changes", json, nullable=False),
        sa.ForeignKeyConstraint(["tender"], ["tenders.id"], name="fk_tender_changes_tender"),
        sa.PrimaryKeyConstraint("id", name="pk_tender_changes"),
    )
    op.create_table(
        "tender_imports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("lines", json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tender_imports"),
    )
    op.create_table(
        "nudges",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tender", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("person_id", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("made", moment, nullable=False),
        sa.Column("next_at", moment),
        sa.Column("last_card", moment),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("talk", sa.String()),
        sa.Column("record", sa.String()),
        sa.ForeignKeyConstraint(["tender"], ["tenders.id"], name="fk_nudges_tender"),
        sa.PrimaryKeyConstraint("id", name="pk_nudges"),
    )
    for table, columns in (
        ("tender_changes", ("tender", "person_id")),
        ("tender_imports", ("person_id",)),
        ("nudges", ("tender", "person_id", "next_at", "last_card", "told", "talk")),
    ):
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table in ("nudges", "tender_imports", "tender_changes", "tenders"):
        op.drop_table(table)
