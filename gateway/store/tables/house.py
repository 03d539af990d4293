"""The house's own tables: signing keys, other people's key sets, the audit log."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from gateway.store.tables.columns import Moment, metadata

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", String(64), primary_key=True),
    Column("use", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("public_jwk", JSON, nullable=False),
    Column("sealed_private_jwk", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    # Two processes that start at once can't both make the active (or the next) key of a use.
    Index(
        "uq_signing_keys_use_state",
        "use",
        "state",
        unique=True,
        sqlite_where=Column("state").in_(["next", "active"]),
        postgresql_where=Column("state").in_(["next", "active"]),
    ),
)

remote_key_sets = Table(
    "remote_key_sets",
    metadata,
    Column("url", Text, primary_key=True),
    Column("body", Text),
    Column("fetched_at", Moment),
    Column("fresh_until", Moment),
    Column("attempted_at", Moment, nullable=False),
    Column("fault", Text),
)

# Tokens of other people's services, shared by all processes; `key` is a hash of who asks whom for what.
access_tokens = Table(
    "access_tokens",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("sealed", Text),
    Column("token_hash", LargeBinary(32)),
    Column("expires_at", Moment, nullable=False),
    Column("fetching_until", Moment),
    Index(None, "expires_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("tenant_id", String(36)),
    Column("actor", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "tenant_id", "at"),
)
