"""Groups of classes, as their LMSs have them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _base() -> list[sa.Column[object]]:
    return [
        sa.Column("status", sa.String(length=16), server_default="active", nullable=False),
        sa.Column("date_last_modified", Moment, nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
    ]


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.sourced_id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
    )


def upgrade() -> None:
    with op.batch_alter_table("contexts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("groups_url", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("group_sets_url", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("groups_read_at", Moment, nullable=True))
        batch_op.add_column(sa.Column("groups_fault", sa.String(length=128), nullable=True))
    op.create_table(
        "class_groups",
        sa.Column("sourced_id", sa.String(length=36), nullable=False),
        *_base(),
        sa.Column("class_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("context_row_id", sa.String(length=36), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("set_id", sa.Text(), nullable=True),
        sa.Column("set_title", sa.Text(), nullable=True),
        sa.Column("tag", sa.Text(), nullable=True),
        _reference("class_groups", "class_sourced_id", "classes"),
        sa.ForeignKeyConstraint(["context_row_id"], ["contexts.id"], name=op.f("fk_class_groups_context_row_id")),
        sa.PrimaryKeyConstraint("sourced_id", name=op.f("pk_class_groups")),
        sa.UniqueConstraint("context_row_id", "group_id", name=op.f("uq_class_groups_context_row_id_group_id")),
        sa.UniqueConstraint("tenant_id", "sourced_id", name=op.f("uq_class_groups_tenant_id_sourced_id")),
    )
    op.create_table(
        "group_members",
        sa.Column("group_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("user_sourced_id", sa.String(length=36), nullable=False),
        *_base(),
        _reference("group_members", "group_sourced_id", "class_groups"),
        _reference("group_members", "user_sourced_id", "users"),
        sa.PrimaryKeyConstraint("group_sourced_id", "user_sourced_id", name=op.f("pk_group_members")),
    )
