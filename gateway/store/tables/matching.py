"""Which integrations share ids, which records were joined with people and classes that were there, and which may be."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text, UniqueConstraint

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_key, tenant_reference

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
    # Of two rows that became one: the last change of the roster before that. What came later was told of `kept`.
    Column("change_id", BigInteger),
    Column("actor", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    tenant_reference("user_sourced_id", "users"),
    tenant_reference("other_user_sourced_id", "users"),
    tenant_reference("class_sourced_id", "classes"),
    tenant_reference("other_class_sourced_id", "classes"),
    tenant_reference("roster_source_id", "roster_sources", "id"),
    tenant_reference("integration_id", "integrations", "id"),
    tenant_key("id"),
    Index(None, "roster_source_id", "source_id"),
    Index(None, "user_sourced_id"),
    Index(None, "class_sourced_id"),
)

link_traces = Table(
    "link_traces",
    metadata,
    # What a link did to rows of the house, so that it can be taken back: `changed` has the row as it was, `moved` led
    # to the other row, `ended` was active. What the roster tells is in none of these: it always goes with its record.
    tenant_id(),
    Column("link_id", Integer, primary_key=True, autoincrement=False),
    Column("place", String(32), primary_key=True),
    Column("row_id", String(36), primary_key=True),
    Column("action", String(16), nullable=False),
    Column("before", JSON),
    tenant_reference("link_id", "record_links", "id"),
)

match_proposals = Table(
    "match_proposals",
    metadata,
    # Two users of one tenant who may be one person: one whom no roster owns, and one whom a roster's record made.
    # An open one that no longer holds is deleted; a decision stays for ever.
    Column("id", Integer, primary_key=True, autoincrement=True),
    tenant_id(),
    Column("user_sourced_id", String(36), nullable=False),
    Column("rostered_user_sourced_id", String(36), nullable=False),
    Column("roster_source_id", Integer, nullable=False),
    Column("source_id", Text().with_variant(Text(collation="C"), "postgresql"), nullable=False),
    Column("reasons", Text, nullable=False),  # words, separated by a space, the strongest first
    Column("state", String(16), nullable=False),
    Column("link_id", Integer),
    Column("decided_by", Text),
    Column("decided_at", Moment),
    Column("created_at", Moment, nullable=False),
    tenant_reference("user_sourced_id", "users"),
    tenant_reference("rostered_user_sourced_id", "users"),
    tenant_reference("roster_source_id", "roster_sources", "id"),
    tenant_reference("link_id", "record_links", "id"),
    UniqueConstraint("roster_source_id", "source_id", "user_sourced_id"),
    Index(None, "tenant_id", "state"),
    Index(None, "user_sourced_id"),
)
