"""Native accounts, their sessions, one-time links and tries; a sign-in with one has no registration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_accounts()
    _create_of_account(
        "account_sessions",
        sa.Column("session_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.UniqueConstraint("id", name=op.f("uq_account_sessions_id")),
    )
    _create_of_account(
        "account_links",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("used_at", Moment, nullable=True),
    )
    op.create_table(
        "attempts",
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_expires_at"), "attempts", ["expires_at"])
    with op.batch_alter_table("launches", schema=None) as batch_op:
        batch_op.alter_column("registration_id", existing_type=sa.String(length=36), nullable=True)


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("user_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("username_key", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("email_verified_at", Moment, nullable=True),
        sa.Column("status", sa.String(length=16), server_default="active", nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("password_changed_at", Moment, nullable=False),
        sa.Column("signed_in_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_sourced_id"],
            ["users.tenant_id", "users.sourced_id"],
            name=op.f("fk_accounts_tenant_id_user_sourced_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_accounts_tenant_id_id")),
        sa.UniqueConstraint("user_sourced_id", name=op.f("uq_accounts_user_sourced_id")),
        sa.UniqueConstraint("username_key", name=op.f("uq_accounts_username_key")),
    )
    op.create_index(op.f("ix_accounts_email_key"), "accounts", ["email_key"])


def _create_of_account(name: str, *parts: sa.schema.SchemaItem) -> None:
    """Create a table of what an account has for a while: its first column is the key."""
    key = parts[0]
    assert isinstance(key, sa.Column)
    op.create_table(
        name,
        *parts,
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f(f"fk_{name}_tenant_id_account_id"),
        ),
        sa.PrimaryKeyConstraint(key.name, name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_account_id"), name, ["account_id"])
    op.create_index(op.f(f"ix_{name}_expires_at"), name, ["expires_at"])
