"""Deep linking requests and their answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deep_linking_requests",
        sa.Column("launch_ref", sa.String(length=16), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("registration_id", sa.String(length=36), nullable=False),
        sa.Column("deployment_id", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("answered_at", Moment, nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("ticket_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("sent_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_deep_linking_requests_registration_id"),
        ),
        sa.PrimaryKeyConstraint("launch_ref", name=op.f("pk_deep_linking_requests")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_deep_linking_requests_ticket_hash")),
    )
    with op.batch_alter_table("deep_linking_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deep_linking_requests_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deep_linking_requests_registration_id"), ["registration_id"], unique=False)
