"""By which way a line item came into its LMS: a launch's service claim or the roster's own credentials."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("line_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("way", sa.String(length=8), nullable=True))
    op.execute("UPDATE line_items SET way = 'launch' WHERE url IS NOT NULL")
