"""Class codes, students who wait to be let in, and lists of students on their way in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def _belongs(table: str, column: str, target: str, key: str = "sourced_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{target}.tenant_id", f"{target}.{key}"], name=op.f(f"fk_{table}_tenant_id_{column}")
    )


def _text(name: str, length: int = 36, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "class_codes",
        _text("id"),
        _text("tenant_id"),
        _text("class_sourced_id"),
        _text("code", 8),
        sa.Column("needs_approval", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("locks_at", Moment, nullable=False),
        sa.Column("closed_at", Moment, nullable=True),
        _belongs("class_codes", "class_sourced_id", "classes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_class_codes_code")),
    )
    op.create_index(op.f("ix_class_codes_class_sourced_id"), "class_codes", ["class_sourced_id"])
    op.create_table(
        "class_joins",
        _text("id"),
        _text("tenant_id"),
        _text("class_sourced_id"),
        _text("user_sourced_id"),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", Moment, nullable=True),
        _belongs("class_joins", "class_sourced_id", "classes"),
        _belongs("class_joins", "user_sourced_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_joins")),
    )
    op.create_index(
        op.f("ix_class_joins_class_sourced_id_user_sourced_id"),
        "class_joins",
        ["class_sourced_id", "user_sourced_id"],
        unique=True,
    )
    _create_imports()
    _create_import_rows()


def _create_imports() -> None:
    op.create_table(
        "student_imports",
        _text("id"),
        _text("tenant_id"),
        _text("school_sourced_id"),
        _text("uploader_sourced_id"),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sealed_file", sa.Text(), nullable=True),
        _text("encoding", 32, nullable=True),
        sa.Column("mapping", sa.JSON(), nullable=False),
        _text("state", 16),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        _text("code", 64, nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("passwords_at", Moment, nullable=True),
        _belongs("student_imports", "school_sourced_id", "orgs"),
        _belongs("student_imports", "uploader_sourced_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_imports")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_student_imports_tenant_id_id")),
    )
    op.create_index(op.f("ix_student_imports_uploader_sourced_id"), "student_imports", ["uploader_sourced_id"])
    op.create_index(op.f("ix_student_imports_changed_at"), "student_imports", ["changed_at"])


def _create_import_rows() -> None:
    op.create_table(
        "student_import_rows",
        _text("import_id"),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        _text("tenant_id"),
        _text("action", 16),
        _text("user_sourced_id", nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        _text("decision", 8, nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("sealed_password", sa.Text(), nullable=True),
        _belongs("student_import_rows", "import_id", "student_imports", "id"),
        sa.PrimaryKeyConstraint("import_id", "row", name=op.f("pk_student_import_rows")),
    )
    op.create_index(
        op.f("ix_student_import_rows_import_id_action_row"), "student_import_rows", ["import_id", "action", "row"]
    )
