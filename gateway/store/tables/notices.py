"""Notices that platforms sent without anybody clicking, and which course was copied from which, as they told."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_reference

notices = Table(
    "notices",
    metadata,
    Column("ref", String(16), primary_key=True),
    tenant_id(),
    Column("created_at", Moment, nullable=False),
    Column("registration_id", String(36), ForeignKey("registrations.id"), nullable=False),
    Column("integration_id", String(36), nullable=False),
    Column("deployment_row_id", String(36), nullable=False),
    Column("notice_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("told", JSON, nullable=False),  # ids of courses, nothing of people
    Column("state", String(16), nullable=False),  # waiting, or what became of it: linked, kept, noted
    Column("trace", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),  # its token could be sent again until then
    tenant_reference("deployment_row_id", "deployments", "id"),
    # A notice counts once, however often it arrives (attack A25).
    UniqueConstraint("deployment_row_id", "notice_id"),
    Index(None, "registration_id", "state"),
    Index(None, "created_at"),
)

# Kept for good, by the platform's own ids: a copy's first launch may come long after the notice.
course_copies = Table(
    "course_copies",
    metadata,
    tenant_id(),
    Column("deployment_row_id", String(36), primary_key=True),
    Column("context_id", Text, primary_key=True),
    Column("origin_context_id", Text, primary_key=True),
    Column("told_at", Moment, nullable=False),
    tenant_reference("deployment_row_id", "deployments", "id"),
)
