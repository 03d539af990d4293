"""When rosters are synced by themselves, and which folders are watched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_schedules",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("integration_id", sa.String(length=36), nullable=False),
        sa.Column("daily_at", sa.String(length=5), nullable=True),
        sa.Column("zone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=True),
        sa.Column("next_at", Moment, nullable=True),
        sa.Column("paused_at", Moment, nullable=True),
        sa.Column("freeze_from", sa.Date(), nullable=True),
        sa.Column("freeze_until", sa.Date(), nullable=True),
        sa.Column("frozen", sa.String(length=16), server_default="preview", nullable=False),
        sa.Column("watch_folder", sa.Text(), nullable=True),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "integration_id"],
            ["integrations.tenant_id", "integrations.id"],
            name=op.f("fk_roster_schedules_tenant_id_integration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_schedules")),
        sa.UniqueConstraint("integration_id", name=op.f("uq_roster_schedules_integration_id")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_roster_schedules_tenant_id_id")),
    )
    with op.batch_alter_table("roster_schedules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_schedules_next_at"), ["next_at"], unique=False)
