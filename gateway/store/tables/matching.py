"""Which integrations share ids, and which records were joined with people and classes that launches had made."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, UniqueConstraint

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_reference

integration_pairs = Table(
    "integration_pairs",
    metadata,
    # An operator's word that the ids which one integration's launches sign are the other's roster ids.
    Column("id", Integer, primary_key=True, autoincrement=True),
    tenant_id(),
    Column("launch_integration_id", String(36), nullable=False),
    Column("roster_integration_id", String(36), nullable=False),
    Column("match", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    tenant_reference("launch_integration_id", "integrations", "id"),
    tenant_reference("roster_integration_id", "integrations", "id"),
    UniqueConstraint("launch_integration_id", "roster_integration_id"),
    Index(None, "roster_integration_id"),
)

record_links = Table(
    "record_links",
    metadata,
    # A row is never deleted: `undone` and `rejected` also say that this pair must not be joined again by itself.
    Column("id", Integer, primary_key=True, autoincrement=True),
    tenant_id(),
    Column("status", String(16), nullable=False),
    Column("how", String(16), nullable=False),
    Column("evidence", String(16), nullable=False),
    # One of the two pairs is filled in: the row that stays, and the one it took in, if that was a row of its own.
    Column("user_sourced_id", String(36)),
    Column("other_user_sourced_id", String(36)),
    Column("class_sourced_id", String(36)),
    Column("other_class_sourced_id", String(36)),
    Column("roster_source_id", Integer, nullable=False),
    Column("source_id", Text().with_variant(Text(collation="C"), "postgresql"), nullable=False),
    Column("integration_id", String(36), nullable=False),
    Column("arrival_key", Text),  # the subject that was joined by a launch; of a class: deployment and context
    Column("sync_id", Integer),
    Column("before", JSON),  # the rows as they were, for undo
    Column("actor", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    tenant_reference("user_sourced_id", "users"),
    tenant_reference("other_user_sourced_id", "users"),
    tenant_reference("class_sourced_id", "classes"),
    tenant_reference("other_class_sourced_id", "classes"),
    tenant_reference("roster_source_id", "roster_sources", "id"),
    tenant_reference("integration_id", "integrations", "id"),
    Index(None, "roster_source_id", "source_id"),
    Index(None, "user_sourced_id"),
    Index(None, "class_sourced_id"),
)
