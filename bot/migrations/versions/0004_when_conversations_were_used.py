"""When conversations were used, so that they can be deleted when that is long ago."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("used", MOMENT))
    conversations = sa.table("conversations", sa.column("used", MOMENT))
    # When those of before were used is not known; their time begins now.
    op.execute(conversations.update().values(used=datetime.now(UTC)))
    op.create_index("ix_conversations_used", "conversations", ["used"])


def downgrade() -> None:
    op.drop_index("ix_conversations_used", "conversations")
    op.drop_column("conversations", "used")
