"""Notices of platforms, and the copies of courses that they tell of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _deployment(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "deployment_row_id"],
        ["deployments.tenant_id", "deployments.id"],
        name=op.f(f"fk_{table}_tenant_id_deployment_row_id"),
    )


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("registration_id", sa.String(length=36), nullable=False),
        sa.Column("integration_id", sa.String(length=36), nullable=False),
        sa.Column("deployment_row_id", sa.String(length=36), nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        _deployment("notices"),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"], name=op.f("fk_notices_registration_id")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_notices")),
        sa.UniqueConstraint("deployment_row_id", "notice_id", name=op.f("uq_notices_deployment_row_id_notice_id")),
    )
    op.create_index(op.f("ix_notices_created_at"), "notices", ["created_at"], unique=False)
    op.create_index(op.f("ix_notices_registration_id_state"), "notices", ["registration_id", "state"], unique=False)
    op.create_table(
        "course_copies",
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("deployment_row_id", sa.String(length=36), nullable=False),
        sa.Column("context_id", sa.Text(), nullable=False),
        sa.Column("origin_context_id", sa.Text(), nullable=False),
        sa.Column("told_at", Moment, nullable=False),
        _deployment("course_copies"),
        sa.PrimaryKeyConstraint("deployment_row_id", "context_id", "origin_context_id", name=op.f("pk_course_copies")),
    )
