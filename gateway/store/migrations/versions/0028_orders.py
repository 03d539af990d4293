"""Orders, access codes and who redeemed one; an org's number at the publisher."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.store.tables.columns import Moment

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("org_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("buyer_email", sa.Text(), nullable=False),
        sa.Column("buyer_email_key", sa.Text(), nullable=False),
        sa.Column("entitlements", sa.JSON(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("seats_used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment, nullable=True),
        _within("orders", "org_sourced_id", "orgs", "sourced_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_orders_tenant_id_id")),
    )
    op.create_index("ix_orders_buyer_email_key", "orders", ["buyer_email_key"])
    op.create_index("ix_orders_tenant_id_org_sourced_id", "orders", ["tenant_id", "org_sourced_id"])
    _create_codes()
    _create_redemptions()
    bytewise = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("orgs", sa.Column("customer_number", bytewise, nullable=True))
    op.create_index("uq_orgs_customer_number", "orgs", ["customer_number"], unique=True)


def _within(table: str, column: str, other: str, key: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_tenant_id_{column}")
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{other}.tenant_id", f"{other}.{key}"], name=name)


def _create_codes() -> None:
    op.create_table(
        "access_codes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("mailed_at", Moment, nullable=True),
        sa.Column("revoked_at", Moment, nullable=True),
        _within("access_codes", "order_id", "orders", "id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_access_codes_code_hash")),
    )
    op.create_index("ix_access_codes_order_id", "access_codes", ["order_id"])


def _create_redemptions() -> None:
    op.create_table(
        "redemptions",
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("user_sourced_id", sa.String(length=36), nullable=False),
        sa.Column("at", Moment, nullable=False),
        _within("redemptions", "order_id", "orders", "id"),
        _within("redemptions", "user_sourced_id", "users", "sourced_id"),
        sa.PrimaryKeyConstraint("order_id", "user_sourced_id", name=op.f("pk_redemptions")),
    )
    op.create_index("ix_redemptions_user_sourced_id", "redemptions", ["user_sourced_id"])
