"""Grades on their way to an LMS, and tokens of applications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _application_tokens()
    _line_items()
    _scores()
    _score_indexes()


def _application_tokens() -> None:
    op.create_table(
        "application_tokens",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("issued_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_tokens_application_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_application_tokens")),
    )
    with op.batch_alter_table("application_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_tokens_expires_at"), ["expires_at"], unique=False)


def _line_items() -> None:
    op.create_table(
        "line_items",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("application_id", sa.String(length=64), nullable=False),
        sa.Column("sourced_id", sa.Text(), nullable=False),
        sa.Column("class_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("resource_link_row_id", sa.String(length=36), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("score_maximum", sa.Float(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("date_last_modified", Moment, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("fk_line_items_application_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "class_sourced_id"],
            ["classes.tenant_id", "classes.sourced_id"],
            name=op.f("fk_line_items_tenant_id_class_sourced_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_items")),
        sa.UniqueConstraint("application_id", "sourced_id", name=op.f("uq_line_items_application_id_sourced_id")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_line_items_tenant_id_id")),
    )


def _within_tenant(column: str, table: str, key: str) -> sa.ForeignKeyConstraint:
    own, theirs = ["tenant_id", column], [f"{table}.tenant_id", f"{table}.{key}"]
    return sa.ForeignKeyConstraint(own, theirs, name=op.f(f"fk_scores_tenant_id_{column}"))


def _scores() -> None:
    op.create_table(
        "scores",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("application_id", sa.String(length=64), nullable=False),
        sa.Column("line_item_id", sa.String(length=36), nullable=False),
        sa.Column("class_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("user_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("result_id", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("score_status", sa.String(length=32), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("scored_at", Moment, nullable=True),
        sa.Column("timestamp", Moment, nullable=False),
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(length=128), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("sent_at", Moment, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        _within_tenant("class_sourced_id", "classes", "sourced_id"),
        _within_tenant("line_item_id", "line_items", "id"),
        _within_tenant("user_sourced_id", "users", "sourced_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
    )


def _score_indexes() -> None:
    with op.batch_alter_table("scores", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scores_application_id_result_id"), ["application_id", "result_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_scores_class_sourced_id_state_due_at"), ["class_sourced_id", "state", "due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_scores_line_item_id_user_sourced_id_timestamp"),
            ["line_item_id", "user_sourced_id", "timestamp"],
            unique=True,
        )
        batch_op.create_index(batch_op.f("ix_scores_state_due_at"), ["state", "due_at"], unique=False)
