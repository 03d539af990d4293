"""Identities of people whose provider calls them otherwise from now on, and proves that both ids are one person's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.people import add_identity, user_of_identity
from gateway.store.tables import deployments


def needs_renewal(store: Store, home: tuple[str, str], subject: str, earlier: str) -> bool:
    """Return whether somebody is known by the earlier id alone. `home`: tenant and integration."""
    with store.statements() as connection:
        is_known = user_of_identity(connection, *home, subject) is not None
        return not is_known and user_of_identity(connection, *home, earlier) is not None


def home_of(store: Store, registration_id: str, deployment_id: str) -> tuple[str, str] | None:
    """Return tenant and integration of a deployment that is let in."""
    question = select(deployments.c.tenant_id, deployments.c.integration_id).where(
        deployments.c.registration_id == registration_id,
        deployments.c.deployment_id == deployment_id,
        deployments.c.status == "active",
    )
    with store.statements() as connection:
        row = connection.execute(question).first()
    return None if row is None or None in row else (str(row[0]), str(row[1]))


def renew(connection: Connection, home: tuple[str, str], subject: str, earlier: str, at: datetime) -> None:
    """Let the new id lead to the person whom the earlier one leads to. Raises Collision when that was just done."""
    tenant_id, integration_id = home
    user_id = user_of_identity(connection, tenant_id, integration_id, earlier)
    if user_id is None:
        return
    add_identity(
        connection, tenant_id=tenant_id, integration_id=integration_id, subject=subject, user_id=user_id,
        sis_id=None, roster_id=None, at=at,
    )  # fmt: skip
    note(connection, at=at, actor="sign-in", action="identity.renewed", subject=user_id, tenant_id=tenant_id)
