"""The gradebook whole: categories, score scales, results, and all that a line item says."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _categories()
    _score_scales()
    _line_items()
    _results()
    _fill()


def _own(table: str, *columns: sa.Column[Any], bound: dict[str, tuple[str, str]]) -> None:
    """Make a table of objects that applications own, each bound to its tenant where it has one."""
    tenant = [sa.Column("tenant_id", sa.String(length=36), nullable=False)] if bound else []
    op.create_table(
        table,
        sa.Column("id", sa.String(length=36), nullable=False),
        *tenant,
        sa.Column("application_id", sa.String(length=64), nullable=False),
        sa.Column("sourced_id", sa.Text(), nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("status", sa.String(length=16), server_default="active", nullable=False),
        sa.Column("date_last_modified", Moment, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f(f"fk_{table}_application_id")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{target}.tenant_id", f"{target}.{key}"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for column, (target, key) in bound.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("application_id", "sourced_id", name=op.f(f"uq_{table}_application_id_sourced_id")),
    )


def _indexes(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def _categories() -> None:
    _own(
        "grade_categories",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=True),
        bound={},
    )


def _score_scales() -> None:
    _own(
        "score_scales",
        sa.Column("class_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        bound={"class_sourced_id": ("classes", "sourced_id")},
    )
    _indexes("score_scales", "class_sourced_id")


def _line_items() -> None:
    with op.batch_alter_table("line_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status", sa.String(length=16), server_default="active", nullable=False))
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("assign_date", Moment, nullable=True))
        batch_op.add_column(sa.Column("due_date", Moment, nullable=True))
        batch_op.add_column(sa.Column("category", sa.Text(), server_default="general", nullable=False))
        batch_op.add_column(sa.Column("score_scale", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("grading_period_sourced_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("academic_session_sourced_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("result_value_min", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("learning_objectives", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("metadata", sa.JSON(), nullable=True))


def _results() -> None:
    _own(
        "results",
        sa.Column("line_item_id", sa.String(length=36), nullable=False),
        sa.Column("class_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("user_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("text_score", sa.Text(), nullable=True),
        sa.Column("score_status", sa.String(length=32), nullable=False),
        sa.Column("score_date", sa.Date(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("score_scale", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=True) for name in ("in_progress", "incomplete", "late", "missing")),
        sa.Column("learning_objectives", sa.JSON(), nullable=True),
        sa.Column("score_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        bound={
            "line_item_id": ("line_items", "id"),
            "class_sourced_id": ("classes", "sourced_id"),
            "user_sourced_id": ("users", "sourced_id"),
        },
    )
    _indexes("results", "line_item_id", "class_sourced_id", "user_sourced_id", "score_id")


def _fill() -> None:
    """What was handed in before are the first results; their line items are in the category General."""
    connection, tables = op.get_bind(), sa.MetaData()
    items, scores, categories, results = (
        sa.Table(name, tables, autoload_with=connection, resolve_fks=False)
        for name in ("line_items", "scores", "grade_categories", "results")
    )
    first = sa.select(items.c.application_id, sa.type_coerce(sa.func.min(items.c.created_at), Moment).label("at"))
    owners = connection.execute(first.group_by(items.c.application_id)).all()
    _add(categories, [_general(*owner) for owner in owners])
    kinds = {name: sa.type_coerce(scores.c[name], Moment).label(name) for name in ("created_at", "scored_at")}
    kept = [scores.c[name] for name in ("id", "result_id", *_KEPT)]
    newest = sa.select(sa.func.max(scores.c.id)).group_by(scores.c.application_id, scores.c.result_id)
    rows = connection.execute(sa.select(*kept, *kinds.values()).where(scores.c.id.in_(newest))).mappings().all()
    _add(results, [_result(row) for row in rows])


_KEPT = (
    *("tenant_id", "application_id", "line_item_id", "class_sourced_id", "user_sourced_id"),
    *("score", "score_status", "comment"),
)


def _general(application_id: str, at: datetime) -> dict[str, Any]:
    row = {"id": str(uuid4()), "application_id": application_id, "sourced_id": "general", "title": "General"}
    return {**row, "created_at": at, "date_last_modified": at}


def _result(row: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "sourced_id": row["result_id"],
        "score_id": row["id"],
        "score_date": (row["scored_at"] or row["created_at"]).date(),
        "created_at": row["created_at"],
        "date_last_modified": row["created_at"],
        **{name: row[name] for name in _KEPT},
    }


def _add(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    moments = {name: sa.type_coerce(sa.bindparam(name), Moment) for name in ("created_at", "date_last_modified")}
    if rows:
        op.get_bind().execute(table.insert().values(**moments), rows)
