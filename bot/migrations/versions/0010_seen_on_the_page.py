"""What is kept is on Moi's own page at once; what still had to land there, is there."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE posts SET state = 'posted', posted_version = due_version WHERE target = 'page'")


def downgrade() -> None:
    """Nothing: what is on the page stays there."""
