"""An application's secret before its newest, while both count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("applications", sa.Column("previous_secret_hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column("applications", sa.Column("previous_secret_until", Moment, nullable=True))
