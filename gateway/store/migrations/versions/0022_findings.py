"""What a first look at a system with rosters found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invites", sa.Column("findings", sa.JSON(), nullable=True))
