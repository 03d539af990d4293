"""Events for applications: how far back the feed reaches, who is told by webhook, and what became of each message."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    literal_column,
)

from gateway.store.tables.columns import Moment, metadata, tenant_id

_COUNTER = BigInteger().with_variant(Integer, "sqlite")
_WAITING = literal_column("state = 'waiting'", Boolean)

# One row: the newest change that is too old to be told. A cursor before it has missed something.
event_marks = Table(
    "event_marks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("xid", BigInteger, nullable=False),
    Column("change_id", BigInteger, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("application_id", String(64), ForeignKey("applications.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("secret_sealed", Text, nullable=False),
    # While a new secret is carried to the receiver, messages are signed with both.
    Column("previous_secret_sealed", Text),
    Column("previous_secret_until", Moment),
    Column("event_types", JSON, nullable=False),  # empty: all
    Column("status", String(16), nullable=False, server_default="active"),
    Column("status_reason", String(128)),
    # Up to which change its messages are written down.
    Column("after_xid", BigInteger, nullable=False),
    Column("after_id", BigInteger, nullable=False),
    Column("misses", Integer, nullable=False, server_default="0"),  # failures since it last took a message
    Column("failing_since", Moment),
    Column("paused_until", Moment),
    Column("slowest_seconds", Integer, nullable=False, server_default="0"),  # in the last round
    Column("succeeded_at", Moment),
    Column("created_at", Moment, nullable=False),
    Index(None, "application_id"),
)

webhook_messages = Table(
    "webhook_messages",
    metadata,
    # In the feed's order, whatever the changes' own numbers say.
    Column("id", _COUNTER, primary_key=True, autoincrement=True),
    tenant_id(),
    Column("webhook_id", String(36), ForeignKey("webhooks.id"), nullable=False),
    Column("change_xid", BigInteger, nullable=False),
    Column("change_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("action", String(16), nullable=False),
    Column("sourced_id", String(36), nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(16), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("first_tried_at", Moment),
    Column("reason", String(128)),
    Column("sent_at", Moment),
    Index(None, "webhook_id", "change_id", unique=True),
    Index("ix_webhook_messages_waiting", "webhook_id", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("ix_webhook_messages_of_entity", "webhook_id", "sourced_id"),
    Index(None, "at"),
)
