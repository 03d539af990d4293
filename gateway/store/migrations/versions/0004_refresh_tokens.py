"""Refresh tokens: when one was used, and how long an application's sessions may be kept alive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tokens", sa.Column("used_at", Moment, nullable=True))
    op.add_column("applications", sa.Column("session_hours", sa.Integer(), server_default="12", nullable=False))
