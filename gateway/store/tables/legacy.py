"""What people, classes and links were called under LTI 1.1."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from gateway.store.tables.columns import metadata, tenant_id, tenant_reference

legacy_ids = Table(
    "legacy_ids",
    metadata,
    tenant_id(),
    Column("integration_id", String(36), primary_key=True),
    Column("kind", String(16), primary_key=True),  # user, class or resource_link
    Column("legacy_id", Text, primary_key=True),
    Column("sourced_id", String(36), primary_key=True),  # two courses may share what was one link
    tenant_reference("integration_id", "integrations", "id"),
)
