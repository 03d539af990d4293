"""The order in which an application reads the enrollments of its districts."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enrollments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enrollments_tenant_id_sourced_id"), ["tenant_id", "sourced_id"], unique=False
        )
