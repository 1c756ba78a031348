"""Where somebody works and under which addresses, as the provider said at the last sign-in; and lines of a pasted list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    for name, kind in (("team", sa.String()), ("domain", sa.String()), ("accounts", json)):
        op.add_column("sign_ins", sa.Column(name, kind))
    op.add_column("campaign_recipients", sa.Column("address", sa.String()))


def downgrade() -> None:
    op.drop_column("campaign_recipients", "address")
    for name in ("accounts", "domain", "team"):
        op.drop_column("sign_ins", name)
