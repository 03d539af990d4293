"""Writes what a launch brought: person, identity, class, context, link, role and enrollment; each write can repeat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from gateway.store.events.telling import What, tell
from gateway.store.ids import new_id
from gateway.store.tables import classes, contexts, enrollments, identities, resource_links, roles, users
from gateway.store.tables.columns import NOT_ROSTERED
from gateway.store.upsert import insert_or_ignore


class Collision(Exception):
    """Another launch made the same row at the same moment: roll back and look again."""


def _insert_first(connection: Connection, table: Table, keys: list[str], values: dict[str, Any]) -> None:
    if not insert_or_ignore(connection, table, keys, values):
        raise Collision


def add_user(
    connection: Connection,
    *,
    tenant_id: str,
    integration_id: str,
    subject: str,
    profile: dict[str, Any],
    roster_id: str | None = None,
    at: datetime,
) -> str:
    """Make a user with their identity and return the sourcedId. Raises Collision when the identity exists."""
    user_id = new_id()
    connection.execute(
        insert(users), {"sourced_id": user_id, "tenant_id": tenant_id, "date_last_modified": at, **profile}
    )
    add_identity(
        connection,
        tenant_id=tenant_id,
        integration_id=integration_id,
        subject=subject,
        user_id=user_id,
        sis_id=profile.get("identifier"),
        roster_id=roster_id,
        at=at,
    )
    tell(connection, tenant_id, "users", "added", [user_id], at)
    return user_id


def add_identity(
    connection: Connection,
    *,
    tenant_id: str,
    integration_id: str,
    subject: str,
    user_id: str,
    sis_id: str | None,
    roster_id: str | None = None,
    at: datetime,
) -> None:
    """Say who a subject of an integration is. Raises Collision when that was said before."""
    identity = {
        "id": new_id(),
        "tenant_id": tenant_id,
        "integration_id": integration_id,
        "subject": subject,
        "user_sourced_id": user_id,
        "sis_id": sis_id,
        "roster_id": roster_id,
        "created_at": at,
    }
    _insert_first(connection, identities, ["integration_id", "subject"], identity)


def change_ids(connection: Connection, tenant_id: str, integration_id: str, subject: str, ids: dict[str, str]) -> None:
    """Keep the `sis_id` or `roster_id` that a platform signed for its subject."""
    target = (
        identities.c.tenant_id == tenant_id,
        identities.c.integration_id == integration_id,
        identities.c.subject == subject,
    )
    connection.execute(update(identities).where(*target).values(**ids))


def tenant_of_user(connection: Connection, user_id: str) -> str | None:
    """Return the tenant of a user, or None when there is no such user. For operators, who belong to no tenant."""
    return connection.execute(select(users.c.tenant_id).where(users.c.sourced_id == user_id)).scalar_one_or_none()


_OF_IDENTITY = select(identities.c.user_sourced_id).where(
    identities.c.tenant_id == bindparam("tenant"),
    identities.c.integration_id == bindparam("integration"),
    identities.c.subject == bindparam("subject"),
)


def user_of_identity(connection: Connection, tenant_id: str, integration_id: str, subject: str) -> str | None:
    """Return the user whom this integration calls by this id, or None."""
    values = {"tenant": tenant_id, "integration": integration_id, "subject": subject}
    return connection.execute(_OF_IDENTITY, values).scalar()


def change_user(connection: Connection, tenant_id: str, user_id: str, profile: dict[str, Any], at: datetime) -> None:
    """Change fields of a user of this tenant."""
    target = (users.c.tenant_id == tenant_id) & (users.c.sourced_id == user_id)
    connection.execute(update(users).where(target).values(date_last_modified=at, **profile))
    tell(connection, tenant_id, "users", "changed", [user_id], at)


def add_class(  # noqa: PLR0913 - one keyword for each column
    connection: Connection,
    *,
    tenant_id: str,
    school_id: str,
    deployment_row_id: str,
    context_id: str,
    fields: dict[str, Any],
    sis_id: str | None = None,
    record_ref: str | None = None,
    at: datetime,
) -> str:
    """Make a class with its LTI context and return the sourcedId. Raises Collision when the context exists."""
    class_id = new_id()
    connection.execute(
        insert(classes),
        {
            "sourced_id": class_id,
            "tenant_id": tenant_id,
            "school_sourced_id": school_id,
            "date_last_modified": at,
            **fields,
        },
    )
    add_context(
        connection,
        tenant_id=tenant_id,
        deployment_row_id=deployment_row_id,
        context_id=context_id,
        class_id=class_id,
        sis_id=sis_id,
        record_ref=record_ref,
        at=at,
    )
    tell(connection, tenant_id, "classes", "added", [class_id], at)
    return class_id


def add_context(
    connection: Connection,
    *,
    tenant_id: str,
    deployment_row_id: str,
    context_id: str,
    class_id: str,
    sis_id: str | None,
    record_ref: str | None = None,
    at: datetime,
) -> None:
    """Say which class a deployment's context is. Raises Collision when that was said before."""
    context = {
        "id": new_id(),
        "tenant_id": tenant_id,
        "deployment_row_id": deployment_row_id,
        "context_id": context_id,
        "class_sourced_id": class_id,
        "sis_id": sis_id,
        "record_ref": record_ref,
        "created_at": at,
    }
    _insert_first(connection, contexts, ["deployment_row_id", "context_id"], context)


def change_class(connection: Connection, tenant_id: str, class_id: str, fields: dict[str, Any], at: datetime) -> None:
    """Change fields of a class of this tenant."""
    target = (classes.c.tenant_id == tenant_id) & (classes.c.sourced_id == class_id)
    connection.execute(update(classes).where(target).values(date_last_modified=at, **fields))
    tell(connection, tenant_id, "classes", "changed", [class_id], at)


def change_context(
    connection: Connection, tenant_id: str, deployment_row_id: str, context_id: str, fields: dict[str, Any]
) -> None:
    """Change what is known of a course's services."""
    target = (
        (contexts.c.tenant_id == tenant_id)
        & (contexts.c.deployment_row_id == deployment_row_id)
        & (contexts.c.context_id == context_id)
    )
    connection.execute(update(contexts).where(target).values(**fields))


def add_link(
    connection: Connection,
    *,
    tenant_id: str,
    deployment_row_id: str,
    resource_link_id: str,
    class_id: str | None,
    fields: dict[str, Any],
    at: datetime,
) -> str:
    """Make a resource link and return its row id. Raises Collision when it exists."""
    row_id = new_id()
    link = {
        "id": row_id,
        "tenant_id": tenant_id,
        "deployment_row_id": deployment_row_id,
        "resource_link_id": resource_link_id,
        "class_sourced_id": class_id,
        "created_at": at,
        **fields,
    }
    _insert_first(connection, resource_links, ["deployment_row_id", "resource_link_id"], link)
    return row_id


def change_link(connection: Connection, tenant_id: str, row_id: str, fields: dict[str, Any]) -> None:
    """Change fields of a resource link of this tenant."""
    target = (resource_links.c.tenant_id == tenant_id) & (resource_links.c.id == row_id)
    connection.execute(update(resource_links).where(target).values(**fields))


def _activate(
    connection: Connection, table: Table, keys: list[str], values: dict[str, Any], at: datetime
) -> tuple[str, What] | None:
    """Insert a role or an enrollment, or bring it back to active; return its id and which of the two it was."""
    row = {"sourced_id": new_id(), "status": "active", "date_last_modified": at, **values}
    if insert_or_ignore(connection, table, keys, row, where=NOT_ROSTERED):
        return row["sourced_id"], "added"
    match = [*(table.c[key] == values[key] for key in keys), table.c.source != "roster"]
    back = update(table).where(*match, table.c.status != "active")
    returned = back.values(status="active", date_last_modified=at).returning(table.c.sourced_id)
    found = connection.execute(returned).scalar()
    return None if found is None else (str(found), "returned")


def add_role(
    connection: Connection,
    *,
    tenant_id: str,
    user_id: str,
    org_id: str,
    role: str,
    is_primary: bool,
    is_told: bool = True,
    at: datetime,
) -> None:
    """Give a user a role at an org; the same call again changes nothing. Of a user who is new `is_told` already."""
    values = {
        "tenant_id": tenant_id,
        "user_sourced_id": user_id,
        "org_sourced_id": org_id,
        "role": role,
        "role_type": "primary" if is_primary else "secondary",
    }
    done = _activate(connection, roles, ["user_sourced_id", "org_sourced_id", "role"], values, at)
    if done is not None and is_told:
        tell(connection, tenant_id, "users", "changed", [user_id], at)


def add_enrollment(
    connection: Connection,
    *,
    tenant_id: str,
    user_id: str,
    class_id: str,
    school_id: str,
    role: str,
    at: datetime,
) -> None:
    """Enroll a user in a class; the same call again changes nothing."""
    values = {
        "tenant_id": tenant_id,
        "user_sourced_id": user_id,
        "class_sourced_id": class_id,
        "school_sourced_id": school_id,
        "role": role,
    }
    done = _activate(connection, enrollments, ["user_sourced_id", "class_sourced_id", "role"], values, at)
    if done is not None:
        tell(connection, tenant_id, "enrollments", done[1], [done[0]], at)
