"""Grades on their way to an LMS: an application's line items, and every score that is to be written there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from gateway.store.tables.columns import Moment, metadata, tenant_id, tenant_key, tenant_reference

line_items = Table(
    "line_items",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("application_id", String(64), ForeignKey("applications.id"), nullable=False),
    Column("sourced_id", Text, nullable=False),  # the application's own id; another's is another line item (attack H7)
    Column("class_sourced_id", String(36), nullable=False),
    Column("resource_link_row_id", String(36)),
    Column("title", Text, nullable=False),
    Column("score_maximum", Float, nullable=False),
    Column("url", Text),  # its column in the LMS, once that is found or made
    Column("way", String(8)),  # `launch` or `roster`: who made that column; nobody else may make a second one
    Column("created_at", Moment, nullable=False),
    Column("date_last_modified", Moment, nullable=False),
    tenant_key("id"),
    tenant_reference("class_sourced_id", "classes"),
    UniqueConstraint("application_id", "sourced_id"),
)

scores = Table(
    "scores",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    tenant_id(),
    Column("application_id", String(64), nullable=False),
    Column("line_item_id", String(36), nullable=False),
    Column("class_sourced_id", String(36), nullable=False),
    Column("user_sourced_id", String(36), nullable=False),
    Column("result_id", Text, nullable=False),  # the application's own id of the result
    Column("score", Float),
    Column("score_status", String(32), nullable=False),
    Column("comment", Text),
    Column("scored_at", Moment),  # as the application says
    # As the LMS is told: later than that of every earlier score of this student in this line item.
    Column("timestamp", Moment, nullable=False),
    Column("state", String(16), nullable=False, server_default="waiting"),
    Column("reason", String(128)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("created_at", Moment, nullable=False),
    tenant_reference("line_item_id", "line_items", "id"),
    tenant_reference("class_sourced_id", "classes"),
    tenant_reference("user_sourced_id", "users"),
    Index(None, "line_item_id", "user_sourced_id", "timestamp", unique=True),
    Index(None, "class_sourced_id", "state", "due_at"),
    Index(None, "application_id", "result_id"),
    Index(None, "state", "due_at"),
)
