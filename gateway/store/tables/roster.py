"""The user and class model, shaped like OneRoster 1.2 (orgs, sessions, courses, classes, users, roles, enrollments)."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, literal_column

from gateway.store.tables.columns import (
    Moment,
    bytewise,
    metadata,
    oneroster_base,
    source,
    sourced_id,
    tenant_id,
    tenant_key,
    tenant_reference,
    unique_unless_rostered,
)

orgs = Table(
    "orgs",
    metadata,
    sourced_id(),
    tenant_id(),
    Column("parent_sourced_id", String(36), ForeignKey("orgs.sourced_id")),
    Column("type", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("identifier", Text),
    Column("suspended_at", Moment),
    Column("licence_ends_at", Moment),
    # The publisher's number of it, which only operators say: rosters can't, or one could pass for another's school.
    Column("customer_number", bytewise()),
    *oneroster_base(),
    tenant_key(),
    Index(None, "parent_sourced_id"),
    Index("uq_orgs_customer_number", "customer_number", unique=True),
)

academic_sessions = Table(
    "academic_sessions",
    metadata,
    sourced_id(),
    tenant_id(),
    Column("org_sourced_id", String(36)),
    Column("title", Text, nullable=False),
    Column("type", String(32), nullable=False),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("parent_sourced_id", String(36)),
    Column("school_year", String(16)),
    *oneroster_base(),
    tenant_key(),
    tenant_reference("org_sourced_id", "orgs"),
    tenant_reference("parent_sourced_id", "academic_sessions"),
)

courses = Table(
    "courses",
    metadata,
    sourced_id(),
    tenant_id(),
    Column("org_sourced_id", String(36), nullable=False),
    Column("school_year_sourced_id", String(36)),
    Column("title", Text, nullable=False),
    Column("course_code", Text),
    Column("grades", JSON),
    Column("subjects", JSON),
    Column("subject_codes", JSON),
    *oneroster_base(),
    tenant_key(),
    tenant_reference("org_sourced_id", "orgs"),
    tenant_reference("school_year_sourced_id", "academic_sessions"),
)

classes = Table(
    "classes",
    metadata,
    sourced_id(),
    tenant_id(),
    Column("course_sourced_id", String(36)),
    Column("school_sourced_id", String(36), nullable=False),
    Column("title", Text),
    Column("class_code", Text),
    Column("class_type", String(32), nullable=False, server_default="scheduled"),
    Column("location", Text),
    Column("grades", JSON),
    Column("subjects", JSON),
    Column("subject_codes", JSON),
    Column("periods", JSON),
    Column("roster_source_id", Integer),  # the roster that owns it: launches then change neither names nor members
    *oneroster_base(),
    tenant_key(),
    tenant_reference("course_sourced_id", "courses"),
    tenant_reference("school_sourced_id", "orgs"),
    Index(None, "tenant_id", "school_sourced_id"),
)

class_academic_sessions = Table(
    "class_academic_sessions",
    metadata,
    tenant_id(),
    Column("class_sourced_id", String(36), primary_key=True),
    Column("academic_session_sourced_id", String(36), primary_key=True),
    tenant_reference("class_sourced_id", "classes"),
    tenant_reference("academic_session_sourced_id", "academic_sessions"),
)

_UNROSTERED = literal_column("roster_source_id IS NULL", Boolean)

users = Table(
    "users",
    metadata,
    sourced_id(),
    tenant_id(),
    Column("enabled_user", Boolean, nullable=False, server_default="1"),
    Column("username", Text),
    Column("user_master_identifier", Text),
    Column("given_name", Text),
    Column("middle_name", Text),
    Column("family_name", Text),
    Column("name", Text),
    Column("identifier", Text),
    Column("email", Text),
    Column("locale", String(32)),
    Column("picture", Text),
    Column("grades", JSON),
    Column("preferred_given_name", Text),
    Column("preferred_middle_name", Text),
    Column("preferred_family_name", Text),
    Column("pronouns", Text),
    Column("phone", Text),
    Column("sms", Text),
    Column("user_ids", JSON),  # [[type, identifier], …]
    Column("agent_source_ids", JSON),  # as the roster names them; their users are found when they are asked for
    Column("primary_org_sourced_id", String(36)),
    Column("roster_source_id", Integer),  # the roster that owns it: launches then change no names
    *oneroster_base(),
    tenant_key(),
    # Of a district's people nearly all are a roster's: the others are found without reading them.
    Index("ix_users_unrostered", "tenant_id", sqlite_where=_UNROSTERED, postgresql_where=_UNROSTERED),
)

# The references of roles and enrollments are the two walls of ADR 13: triggers, and for what new rows
# rosters bring, a million at once, `rosters.walls`.
roles = Table(
    "roles",
    metadata,
    sourced_id(),
    tenant_id(),
    Column("user_sourced_id", String(36), nullable=False),
    Column("org_sourced_id", String(36), nullable=False),
    Column("role", String(32), nullable=False),
    Column("role_type", String(16), nullable=False, server_default="secondary"),
    Column("begin_date", Date),
    Column("end_date", Date),
    source(),
    *oneroster_base(),
    unique_unless_rostered("user_sourced_id", "org_sourced_id", "role"),
    Index(None, "user_sourced_id"),
)

enrollments = Table(
    "enrollments",
    metadata,
    sourced_id(),
    tenant_id(),
    Column("user_sourced_id", String(36), nullable=False),
    Column("class_sourced_id", String(36), nullable=False),
    Column("school_sourced_id", String(36), nullable=False),
    Column("role", String(32), nullable=False),
    Column("primary_teacher", Boolean, nullable=False, server_default="0"),
    Column("begin_date", Date),
    Column("end_date", Date),
    source(),
    *oneroster_base(),
    unique_unless_rostered("user_sourced_id", "class_sourced_id", "role"),
    Index(None, "tenant_id", "sourced_id"),  # the order in which an application reads those of its districts
    Index(None, "user_sourced_id"),
    Index(None, "class_sourced_id"),
)
