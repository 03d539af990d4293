"""Which deployments were asked to send notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deployments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notices_asked", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("notices_due_at", Moment, nullable=True))
        batch_op.add_column(sa.Column("notices_registered_at", Moment, nullable=True))
        batch_op.add_column(sa.Column("notices_fault", sa.String(length=128), nullable=True))
