"""Records that a reading told and the tables can't take yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    name = "roster_waiting"
    bytewise = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        name,
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("roster_source_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source_id", bytewise, nullable=False),
        sa.Column("sync_id", sa.Integer(), nullable=False),
        sa.Column("sourced_id", sa.String(length=36), nullable=False),
        sa.Column("content_hash", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "roster_source_id"],
            ["roster_sources.tenant_id", "roster_sources.id"],
            name=op.f(f"fk_{name}_tenant_id_roster_source_id"),
        ),
        sa.PrimaryKeyConstraint("roster_source_id", "kind", "source_id", name=op.f(f"pk_{name}")),
    )
