"""Deep linking requests: what a platform asked for, the application's answer, and whether it was sent."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from gateway.store.tables.columns import Moment, metadata, tenant_id

deep_linking_requests = Table(
    "deep_linking_requests",
    metadata,
    Column("launch_ref", String(16), primary_key=True),
    tenant_id(),
    Column("registration_id", String(36), ForeignKey("registrations.id"), nullable=False),
    Column("deployment_id", Text, nullable=False),  # the platform's own id, which the answer repeats
    Column("settings", JSON, nullable=False),  # the settings claim as the platform signed it
    Column("expires_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("answer", JSON),  # content_items and the messages beside them, checked
    Column("ticket_hash", LargeBinary(32), unique=True),  # opens the page that sends the answer, once
    Column("sent_at", Moment),
    Index(None, "expires_at"),
    Index(None, "registration_id"),
)
