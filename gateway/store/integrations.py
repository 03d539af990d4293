"""Integrations: one org's live link through one provider."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.tables import deployments, integrations, orgs, registrations


class Integration(NamedTuple):
    """One integration; `settings` is what the room's declaration reads, secrets sealed."""

    id: str
    tenant_id: str
    org_sourced_id: str
    org_name: str
    provider: str
    registration_id: str | None
    application_id: str | None
    settings: dict[str, Any]
    status: str
    created_at: datetime


def _questions() -> Any:
    columns = [integrations.c[name] for name in Integration._fields if name != "org_name"]
    columns.insert(3, orgs.c.name)
    return select(*columns).join(orgs, orgs.c.sourced_id == integrations.c.org_sourced_id)


_SELECT = _questions()


def find_integration(store: Store, integration_id: str) -> Integration | None:
    """Return one integration."""
    with store.statements() as connection:
        row = connection.execute(_SELECT.where(integrations.c.id == integration_id)).first()
    return None if row is None else Integration._make(row)


def list_integrations(store: Store) -> list[Integration]:
    """Return every integration, oldest first."""
    with store.statements() as connection:
        rows = connection.execute(_SELECT.order_by(integrations.c.created_at, integrations.c.id))
        return [Integration._make(row) for row in rows]


def add_integration(connection: Connection, values: dict[str, Any], *, actor: str, at: datetime) -> str:
    """Make an integration in the caller's transaction and return its id."""
    row = {"id": new_id(), "status": "active", "created_at": at, **values}
    connection.execute(insert(integrations), row)
    note(
        connection,
        at=at,
        actor=actor,
        action="integration.added",
        subject=row["id"],
        tenant_id=values["tenant_id"],
        detail={"provider": values["provider"]},
    )
    return str(row["id"])


def replace_integration(
    connection: Connection, integration_id: str, *, provider: str, settings: dict[str, Any], actor: str, at: datetime
) -> str | None:
    """Give an integration other settings and switch it on; return the registration that it has."""
    target = update(integrations).where(integrations.c.id == integration_id)
    connection.execute(target.values(provider=provider, settings=settings, status="active"))
    own = select(integrations.c.registration_id, integrations.c.tenant_id).where(integrations.c.id == integration_id)
    registration_id, tenant_id = connection.execute(own).one()
    note(
        connection, at=at, actor=actor, action="integration.changed", subject=integration_id, tenant_id=tenant_id,
        detail={"provider": provider},
    )  # fmt: skip
    return None if registration_id is None else str(registration_id)


def change_settings(
    store: Store, integration: Integration, settings: dict[str, Any], *, actor: str, at: datetime, names: list[str]
) -> None:
    """Give an integration other settings, sealed as they are; `names` are those that differ, for the audit log."""
    target = update(integrations).where(
        integrations.c.id == integration.id, integrations.c.tenant_id == integration.tenant_id
    )
    with store.transaction() as connection:
        connection.execute(target.values(settings=settings))
        note(
            connection, at=at, actor=actor, action="integration.changed", subject=integration.id,
            tenant_id=integration.tenant_id, detail={"settings": names},
        )  # fmt: skip


def set_status(store: Store, integration: Integration, status: str, *, actor: str, at: datetime) -> None:
    """Switch an integration on or off, and its registration with it when nobody else uses that one."""
    with store.transaction() as connection:
        connection.execute(update(integrations).where(integrations.c.id == integration.id).values(status=status))
        others = select(integrations.c.id).where(
            integrations.c.registration_id == integration.registration_id,
            integrations.c.id != integration.id,
            integrations.c.status == "active",
        )
        if connection.execute(others.limit(1)).first() is None:
            target = update(registrations).where(registrations.c.id == integration.registration_id)
            connection.execute(target.values(status=status))
        note(
            connection,
            at=at,
            actor=actor,
            action=f"integration.{'enabled' if status == 'active' else 'disabled'}",
            subject=integration.id,
            tenant_id=integration.tenant_id,
        )


def deployments_of(store: Store, integration_id: str) -> list[tuple[str, str]]:
    """Return (deployment id, status) of an integration's deployments."""
    question = select(deployments.c.deployment_id, deployments.c.status)
    question = question.where(deployments.c.integration_id == integration_id).order_by(deployments.c.created_at)
    with store.statements() as connection:
        return [(row[0], row[1]) for row in connection.execute(question)]
