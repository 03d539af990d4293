"""Signing out: where browsers go on afterwards, and where an application's server is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "applications", sa.Column("post_logout_redirect_uris", sa.JSON(), server_default="[]", nullable=False)
    )
    op.add_column("applications", sa.Column("backchannel_logout_uri", sa.Text(), nullable=True))
