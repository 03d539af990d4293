"""An application's gradebook (categories, score scales, line items, results) and the scores on their way to LMSs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from gateway.store.tables.columns import Moment, metadata, oneroster_base, tenant_id, tenant_key, tenant_reference


def _own() -> tuple[Column[Any], ...]:
    """Return what every object of an application's gradebook has; its ids are the application's own (attack H7)."""
    return (
        Column("application_id", String(64), ForeignKey("applications.id"), nullable=False),
        Column("sourced_id", Text, nullable=False),
        Column("metadata", JSON),
        Column("created_at", Moment, nullable=False),
        *oneroster_base(),
    )


grade_categories = Table(
    "grade_categories",
    metadata,
    Column("id", String(36), primary_key=True),
    *_own(),
    Column("title", Text, nullable=False),
    Column("weight", Float),
    UniqueConstraint("application_id", "sourced_id"),
)

score_scales = Table(
    "score_scales",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    *_own(),
    Column("class_sourced_id", String(36), nullable=False),
    Column("title", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("values", JSON, nullable=False),  # [{itemValueLHS, itemValueRHS}, …]
    tenant_reference("class_sourced_id", "classes"),
    UniqueConstraint("application_id", "sourced_id"),
    Index(None, "class_sourced_id"),
)

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
    Column("status", String(16), nullable=False, server_default="active"),
    Column("description", Text),
    Column("assign_date", Moment),
    Column("due_date", Moment),
    Column("category", Text, nullable=False, server_default="general"),  # the application's own id of it
    Column("score_scale", Text),  # likewise
    Column("grading_period_sourced_id", String(36)),
    Column("academic_session_sourced_id", String(36)),
    Column("result_value_min", Float),
    Column("learning_objectives", JSON),
    Column("metadata", JSON),
    tenant_key("id"),
    tenant_reference("class_sourced_id", "classes"),
    UniqueConstraint("application_id", "sourced_id"),
)

results = Table(
    "results",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    *_own(),
    Column("line_item_id", String(36), nullable=False),
    Column("class_sourced_id", String(36), nullable=False),
    Column("user_sourced_id", String(36), nullable=False),
    Column("score", Float),
    Column("text_score", Text),
    Column("score_status", String(32), nullable=False),
    Column("score_date", Date, nullable=False),
    Column("comment", Text),
    Column("score_scale", Text),
    Column("in_progress", Boolean),
    Column("incomplete", Boolean),
    Column("late", Boolean),
    Column("missing", Boolean),
    Column("learning_objectives", JSON),
    Column("score_id", BigInteger().with_variant(Integer, "sqlite")),  # its newest score; None: nothing for an LMS
    tenant_reference("line_item_id", "line_items", "id"),
    tenant_reference("class_sourced_id", "classes"),
    tenant_reference("user_sourced_id", "users"),
    UniqueConstraint("application_id", "sourced_id"),
    Index(None, "line_item_id"),
    Index(None, "class_sourced_id"),
    Index(None, "user_sourced_id"),
    Index(None, "score_id"),
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
