"""Ids of LTI 1.1 beside ours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legacy_ids",
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("integration_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("legacy_id", sa.Text(), nullable=False),
        sa.Column("sourced_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "integration_id"],
            ["integrations.tenant_id", "integrations.id"],
            name=op.f("fk_legacy_ids_tenant_id_integration_id"),
        ),
        sa.PrimaryKeyConstraint("integration_id", "kind", "legacy_id", "sourced_id", name=op.f("pk_legacy_ids")),
    )
