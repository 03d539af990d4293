"""Schools that connect themselves: invite links, and what waits for an operator's approval."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_key, tenant_reference

invites = Table(
    "invites",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("org_sourced_id", String(36), nullable=False),
    Column("provider", String(64)),  # None: the school's administrator chooses
    Column("application_id", String(64), ForeignKey("applications.id")),
    Column("token_hash", LargeBinary(32), unique=True, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    # Used: it led to an integration, or to something that waits for approval. Nothing else uses a link up.
    Column("used_at", Moment),
    Column("integration_id", String(36)),
    Column("connected_at", Moment),
    # Why the last attempt ended, for the page that waits: {"code", "sentence", "detail"}.
    Column("problem", JSON),
    Column("findings", JSON),  # of the first look at a system with rosters: [check, ok, advice] each
    tenant_reference("org_sourced_id", "orgs"),
    tenant_reference("integration_id", "integrations", "id"),
    tenant_key("id"),
    Index(None, "integration_id"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("invite_id", String(36), nullable=False),
    Column("provider", String(64), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    tenant_reference("invite_id", "invites", "id"),
    Index(None, "status", "created_at"),
    Index(None, "invite_id"),
)
