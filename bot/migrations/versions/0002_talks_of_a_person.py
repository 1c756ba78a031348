"""Talks of a person."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_talks_person_id_changed", "talks", ["person_id", "changed"])


def downgrade() -> None:
    op.drop_index("ix_talks_person_id_changed", "talks")
