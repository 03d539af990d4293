"""Native accounts: a user's way in at a school without an integration, its sessions, one-time links and tries."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_key, tenant_reference

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("user_sourced_id", String(36), unique=True, nullable=False),
    Column("username", Text, nullable=False),  # as it was chosen, for showing
    # Folded; one for the whole gateway, as there is one sign-in page and children choose no school there (ADR 15).
    Column("username_key", Text, unique=True, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False, server_default="0"),
    # Proven by a link that was sent there. Nothing is joined by it: it is where a new password is asked for.
    Column("email", Text),
    Column("email_key", Text, index=True),
    Column("email_verified_at", Moment),
    Column("status", String(16), nullable=False, server_default="active"),  # or `deactivated`
    Column("created_at", Moment, nullable=False),
    Column("password_changed_at", Moment, nullable=False),
    Column("signed_in_at", Moment),
    tenant_key("id"),
    tenant_reference("user_sourced_id", "users"),
)

account_sessions = Table(
    "account_sessions",
    metadata,
    Column("session_hash", LargeBinary(32), primary_key=True),
    Column("id", String(36), unique=True, nullable=False),  # what a list of sessions may name
    tenant_id(),
    Column("account_id", String(36), nullable=False),
    Column("device", Text, nullable=False),  # browser and system in words, such as "Firefox on Windows"
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),  # to the minute
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    tenant_reference("account_id", "accounts", "id"),
    Index(None, "account_id"),
    Index(None, "expires_at"),
)

# What a link in an e-mail carries: to verify that address, or to choose a new password.
account_links = Table(
    "account_links",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    tenant_id(),
    Column("account_id", String(36), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("email", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    tenant_reference("account_id", "accounts", "id"),
    Index(None, "account_id"),
    Index(None, "expires_at"),
)

# How often something was tried; the key is a hash of what is limited and for whom, such as one code or one session.
attempts = Table(
    "attempts",
    metadata,
    Column("key_hash", LargeBinary(32), primary_key=True),
    Column("spent", Integer, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "expires_at"),
)
