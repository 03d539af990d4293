"""A sync's lines lie together: PostgreSQL finds them by blocks, and keeps nothing for each of a million."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_roster_changes_sync_id", "roster_changes")
        op.create_index("ix_roster_changes_sync_id", "roster_changes", ["sync_id"], postgresql_using="brin")
