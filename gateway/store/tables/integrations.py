"""How schools are joined to us: integrations, LTI registrations and deployments, identities, contexts and links."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from gateway.store.tables.columns import Moment, bytewise, metadata, tenant_id, tenant_key, tenant_reference

registrations = Table(
    "registrations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("provider", String(64), nullable=False),
    Column(
        "kind", String(16), nullable=False, server_default="lti"
    ),  # or `sign_in`: never the one in place of the other
    Column("issuer", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("auth_login_url", Text, nullable=False),
    Column("auth_token_url", Text),
    Column("key_set_url", Text, nullable=False),
    Column("auth_audience", Text),
    Column("algorithms", JSON, nullable=False),
    Column("leeway_seconds", Integer, nullable=False, server_default="60"),
    Column("allow_anonymous", Boolean, nullable=False, server_default="0"),
    Column("status", String(16), nullable=False, server_default="active"),
    Column("created_at", Moment, nullable=False),
    # Self-hosted platforms share an issuer and even a client id; their key set tells them apart.
    UniqueConstraint("issuer", "client_id", "key_set_url"),
)

integrations = Table(
    "integrations",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("org_sourced_id", String(36), nullable=False),
    Column("provider", String(64), nullable=False),
    Column("registration_id", String(36), ForeignKey("registrations.id")),
    Column("application_id", String(64), ForeignKey("applications.id")),
    Column("settings", JSON, nullable=False),
    Column("status", String(16), nullable=False, server_default="active"),
    Column("created_at", Moment, nullable=False),
    tenant_key("id"),
    tenant_reference("org_sourced_id", "orgs"),
    Index(None, "tenant_id", "org_sourced_id"),
    Index(None, "registration_id"),
)

deployments = Table(
    "deployments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("registration_id", String(36), ForeignKey("registrations.id"), nullable=False),
    Column("deployment_id", Text, nullable=False),
    # A pending deployment belongs to nobody yet: an operator accepts it into an integration.
    Column("tenant_id", String(36)),
    Column("integration_id", String(36)),
    Column("status", String(16), nullable=False),
    Column("evidence", JSON),
    Column("created_at", Moment, nullable=False),
    # Notices: the platform's service and our address that it was asked to send to, and how that ended.
    Column("notices_asked", Text),
    Column("notices_due_at", Moment),  # a launch asks again then
    Column("notices_registered_at", Moment),
    Column("notices_fault", String(128)),
    tenant_reference("integration_id", "integrations", "id"),
    tenant_key("id"),
    UniqueConstraint("registration_id", "deployment_id"),
    Index(None, "integration_id"),
)

identities = Table(
    "identities",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("integration_id", String(36), nullable=False),
    Column("subject", Text, nullable=False),
    Column("user_sourced_id", String(36), nullable=False),
    Column("sis_id", bytewise()),  # the school's own id of this person, as the platform signed it
    Column("roster_id", bytewise()),  # what this provider's own roster calls this person
    Column("created_at", Moment, nullable=False),
    tenant_reference("integration_id", "integrations", "id"),
    tenant_reference("user_sourced_id", "users"),
    UniqueConstraint("integration_id", "subject"),
    Index(None, "user_sourced_id"),
    Index(None, "integration_id", "sis_id"),
    Index(None, "integration_id", "roster_id"),
)

contexts = Table(
    "contexts",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("deployment_row_id", String(36), nullable=False),
    Column("context_id", Text, nullable=False),
    Column("class_sourced_id", String(36), nullable=False),
    Column("sis_id", bytewise()),  # the school's own id of this section or course, as the platform signed it
    Column("record_ref", bytewise()),  # what this integration's own roster calls it: classes/… or courses/…
    Column("created_at", Moment, nullable=False),
    # What launches told of the LMS's services, and how far the member list was read.
    Column("members_url", Text),
    Column("line_items_url", Text),
    Column("grades_scopes", Text),
    Column("members_asked_at", Moment),  # a launch asked for the list
    Column("members_read_at", Moment),  # it was read, wholly or its changes: "as of"
    Column("members_full_at", Moment),  # it was read wholly
    Column("members_since", Text),  # where the LMS tells the changes
    Column("members_fault", String(128)),  # why the last reading, or a part of it, was not applied
    Column("groups_url", Text),
    Column("group_sets_url", Text),
    Column("groups_read_at", Moment),
    Column("groups_fault", String(128)),  # why the last reading of groups was not applied
    Column("copied_from", Text),  # our classes that this course was copied from; empty: none that we know
    tenant_reference("deployment_row_id", "deployments", "id"),
    tenant_reference("class_sourced_id", "classes"),
    UniqueConstraint("deployment_row_id", "context_id"),
    Index(None, "class_sourced_id"),
    Index(None, "sis_id"),
)

resource_links = Table(
    "resource_links",
    metadata,
    Column("id", String(36), primary_key=True),
    tenant_id(),
    Column("deployment_row_id", String(36), nullable=False),
    Column("resource_link_id", Text, nullable=False),
    Column("title", Text),
    Column("class_sourced_id", String(36)),
    Column("created_at", Moment, nullable=False),
    Column("line_item_url", Text),  # the link's own column in the LMS's gradebook
    Column("copied_from", Text),  # our links that this one was copied from; empty: none that we know
    tenant_reference("deployment_row_id", "deployments", "id"),
    tenant_reference("class_sourced_id", "classes"),
    UniqueConstraint("deployment_row_id", "resource_link_id"),
)
