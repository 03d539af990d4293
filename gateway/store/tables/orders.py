"""What schools bought: orders, the access codes that lead to them, and who redeemed one."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, String, Table, Text

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_key, tenant_reference

orders = Table(
    "orders",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("org_sourced_id", String(36), nullable=False),
    Column("reference", Text),  # the publisher's own number of it
    Column("buyer_email", Text, nullable=False),
    Column("buyer_email_key", Text, nullable=False, index=True),
    Column("entitlements", JSON, nullable=False),  # texts that mean something to applications alone
    Column("role", String(32), nullable=False),  # the highest that its codes grant
    Column("seats", Integer),  # how many people may redeem its codes; None: as many as like
    Column("seats_used", Integer, nullable=False, server_default="0"),
    Column("expires_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    tenant_key("id"),
    tenant_reference("org_sourced_id", "orgs"),
    Index(None, "tenant_id", "org_sourced_id"),
)

# An order may have several: each mail carries one of its own, as nobody can read an earlier one again.
access_codes = Table(
    "access_codes",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("order_id", String(36), nullable=False),
    Column("code_hash", LargeBinary(32), unique=True, nullable=False),
    Column("role", String(32), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("mailed_at", Moment),  # None: made to be handed over, or the mail still waits
    Column("revoked_at", Moment),
    tenant_reference("order_id", "orders", "id"),
    Index(None, "order_id"),
)

redemptions = Table(
    "redemptions",
    metadata,
    tenant_id(),
    Column("order_id", String(36), primary_key=True),
    Column("user_sourced_id", String(36), primary_key=True),
    Column("at", Moment, nullable=False),
    tenant_reference("order_id", "orders", "id"),
    tenant_reference("user_sourced_id", "users"),
    Index(None, "user_sourced_id"),
)
