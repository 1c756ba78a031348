"""The contracts under which can be ordered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_list",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contract_list"),
    )
    op.create_table(
        "contracts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("product_group", sa.String()),
        sa.Column("for_whom", sa.String(), nullable=False),
        sa.Column("start", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("notice_before", sa.Date()),
        sa.Column("how_to_order", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("manager", sa.String()),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contracts"),
    )
    for column in ("until", "notice_before"):
        op.create_index(f"ix_contracts_{column}", "contracts", [column])


def downgrade() -> None:
    op.drop_table("contracts")
    op.drop_table("contract_list")
