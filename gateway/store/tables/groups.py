"""Groups of classes as their LMSs have them, in the manner of OneRoster: an end is a status."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text, UniqueConstraint

from gateway.store.tables.columns import metadata, oneroster_base, sourced_id, tenant_id, tenant_key, tenant_reference

class_groups = Table(
    "class_groups",
    metadata,
    sourced_id(),
    *oneroster_base(),
    tenant_id(),
    Column("class_sourced_id", String(36), nullable=False),
    Column("context_row_id", String(36), ForeignKey("contexts.id"), nullable=False),
    Column("group_id", Text, nullable=False),  # the platform's own
    Column("title", Text, nullable=False),
    Column("set_id", Text),
    Column("set_title", Text),
    Column("tag", Text),
    tenant_key(),
    tenant_reference("class_sourced_id", "classes"),
    UniqueConstraint("context_row_id", "group_id"),
)

group_members = Table(
    "group_members",
    metadata,
    tenant_id(),
    Column("group_sourced_id", String(36), primary_key=True),
    Column("user_sourced_id", String(36), primary_key=True),
    *oneroster_base(),
    tenant_reference("group_sourced_id", "class_groups"),
    tenant_reference("user_sourced_id", "users"),
)
