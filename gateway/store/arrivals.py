"""One question answers all that a launch must know: registration, deployment, tenant, person, class and roles."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, bindparam, func, literal_column, select

from gateway.store.direct import Direct
from gateway.store.tables import (
    classes,
    contexts,
    deployments,
    enrollments,
    identities,
    integrations,
    orgs,
    registrations,
    resource_links,
    roles,
    users,
)


class Known(NamedTuple):
    """What is stored about a launch that just arrived; None where nothing is.

    `user_roster` and `class_roster` are the rosters that own them, if any;
    `role_names` and `enrollment_roles` are comma-separated active roles of the person at the org and in the class.
    """

    registration_status: str
    deployment_row_id: str | None
    deployment_status: str | None
    integration_id: str | None
    integration_status: str | None
    tenant_id: str | None
    org_id: str | None
    provider: str
    settings: dict[str, Any] | None
    application_id: str | None
    tenant_suspended_at: datetime | None
    tenant_licence_ends_at: datetime | None
    org_suspended_at: datetime | None
    org_licence_ends_at: datetime | None
    user_id: str | None
    user_status: str | None
    user_enabled: bool | None
    given_name: str | None
    middle_name: str | None
    family_name: str | None
    name: str | None
    email: str | None
    identifier: str | None
    username: str | None
    locale: str | None
    picture: str | None
    roster_id: str | None
    class_id: str | None
    class_title: str | None
    class_code: str | None
    has_context: str | None
    link_row_id: str | None
    link_title: str | None
    user_roster: int | None
    class_roster: int | None
    members_url: str | None
    line_items_url: str | None
    grades_scopes: str | None
    groups_url: str | None
    group_sets_url: str | None
    members_asked_at: datetime | None
    line_item_url: str | None
    context_copied_from: str | None
    link_copied_from: str | None
    notices_asked: str | None
    notices_due_at: datetime | None
    role_names: str | None
    enrollment_roles: str | None
    context_sis_id: str | None = None


def _look_up(joined_text: str) -> Select[Any]:
    """Return the question; `joined_text` is the database's function that joins texts.

    (`aggregate_strings` knows both, but renders its separator anew at each execution.)
    """
    join = getattr(func, joined_text)
    comma: ColumnElement[str] = literal_column("','")
    root = orgs.alias("root")
    class_id = func.coalesce(contexts.c.class_sourced_id, resource_links.c.class_sourced_id)
    person_roles = select(join(roles.c.role, comma, type_=Text)).where(
        roles.c.user_sourced_id == identities.c.user_sourced_id,
        roles.c.org_sourced_id == integrations.c.org_sourced_id,
        roles.c.status == "active",
    )
    class_roles = select(join(enrollments.c.role, comma, type_=Text)).where(
        enrollments.c.user_sourced_id == identities.c.user_sourced_id,
        enrollments.c.class_sourced_id == class_id,
        enrollments.c.status == "active",
    )
    joined = (
        registrations.outerjoin(
            deployments,
            and_(
                deployments.c.registration_id == registrations.c.id,
                deployments.c.deployment_id == bindparam("deployment_id"),
            ),
        )
        .outerjoin(integrations, integrations.c.id == deployments.c.integration_id)
        .outerjoin(orgs, orgs.c.sourced_id == integrations.c.org_sourced_id)
        .outerjoin(root, root.c.sourced_id == integrations.c.tenant_id)
        .outerjoin(
            identities,
            and_(identities.c.integration_id == integrations.c.id, identities.c.subject == bindparam("subject")),
        )
        .outerjoin(users, users.c.sourced_id == identities.c.user_sourced_id)
        .outerjoin(
            contexts,
            and_(
                contexts.c.deployment_row_id == deployments.c.id,
                contexts.c.context_id == bindparam("context_id"),
            ),
        )
        .outerjoin(
            resource_links,
            and_(
                resource_links.c.deployment_row_id == deployments.c.id,
                resource_links.c.resource_link_id == bindparam("resource_link_id"),
            ),
        )
        .outerjoin(classes, classes.c.sourced_id == class_id)
    )
    return (
        select(
            registrations.c.status,
            deployments.c.id,
            deployments.c.status,
            integrations.c.id,
            integrations.c.status,
            integrations.c.tenant_id,
            integrations.c.org_sourced_id,
            registrations.c.provider,
            integrations.c.settings,
            integrations.c.application_id,
            root.c.suspended_at,
            root.c.licence_ends_at,
            orgs.c.suspended_at,
            orgs.c.licence_ends_at,
            users.c.sourced_id,
            users.c.status,
            users.c.enabled_user,
            users.c.given_name,
            users.c.middle_name,
            users.c.family_name,
            users.c.name,
            users.c.email,
            users.c.identifier,
            users.c.username,
            users.c.locale,
            users.c.picture,
            identities.c.roster_id,
            classes.c.sourced_id,
            classes.c.title,
            classes.c.class_code,
            contexts.c.id,
            resource_links.c.id,
            resource_links.c.title,
            users.c.roster_source_id,
            classes.c.roster_source_id,
            contexts.c.members_url,
            contexts.c.line_items_url,
            contexts.c.grades_scopes,
            contexts.c.groups_url,
            contexts.c.group_sets_url,
            contexts.c.members_asked_at,
            resource_links.c.line_item_url,
            contexts.c.copied_from,
            resource_links.c.copied_from,
            deployments.c.notices_asked,
            deployments.c.notices_due_at,
            person_roles.scalar_subquery(),
            class_roles.scalar_subquery(),
            contexts.c.sis_id,
        )
        .select_from(joined)
        .where(registrations.c.id == bindparam("registration_id"))
    )


_LOOK_UP = Direct(lambda dialect: _look_up("group_concat" if dialect == "sqlite" else "string_agg"))


def look_up(
    connection: Connection,
    *,
    registration_id: str,
    deployment_id: str,
    subject: str | None,
    context_id: str | None,
    resource_link_id: str | None,
) -> Known | None:
    """Return what is known, or None when the registration is gone."""
    row = _LOOK_UP.first(
        connection,
        {
            "registration_id": registration_id,
            "deployment_id": deployment_id,
            "subject": subject,
            "context_id": context_id,
            "resource_link_id": resource_link_id,
        },
    )
    return None if row is None else Known._make(row)
