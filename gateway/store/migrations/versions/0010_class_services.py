"""What launches told of an LMS's services, and how far a class's members were read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contexts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("members_url", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("line_items_url", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("grades_scopes", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("members_asked_at", Moment, nullable=True))
        batch_op.add_column(sa.Column("members_read_at", Moment, nullable=True))
        batch_op.add_column(sa.Column("members_full_at", Moment, nullable=True))
        batch_op.add_column(sa.Column("members_since", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("members_fault", sa.String(length=128), nullable=True))

    with op.batch_alter_table("resource_links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("line_item_url", sa.Text(), nullable=True))
