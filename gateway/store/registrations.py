"""Registrations, (issuer, client id), and the deployments under them: an LTI platform's, or a portal's districts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.tables import deployments, integrations, orgs, registrations
from gateway.store.upsert import insert_or_ignore

LTI, SIGN_IN = "lti", "sign_in"


class Registration(NamedTuple):
    """What we are to one platform, as stored: `kind` is `lti` or `sign_in`."""

    id: str
    provider: str
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str | None
    key_set_url: str
    auth_audience: str | None
    algorithms: list[str]
    leeway_seconds: int
    allow_anonymous: bool
    status: str
    kind: str = LTI


class Deployment(NamedTuple):
    """One deployment: `active`, `pending` (an operator has not accepted it yet) or `disabled`."""

    id: str
    registration_id: str
    deployment_id: str
    tenant_id: str | None
    integration_id: str | None
    status: str
    evidence: dict[str, Any] | None
    created_at: datetime


_COLUMNS = [registrations.c[name] for name in Registration._fields]
_DEPLOYMENT = [deployments.c[name] for name in Deployment._fields]


def registrations_of(store: Store, issuer: str, client_id: str | None) -> list[Registration]:
    """Return the registrations with exactly this issuer and, when given, this client id."""
    question = select(*_COLUMNS).where(registrations.c.issuer == issuer)
    if client_id is not None:
        question = question.where(registrations.c.client_id == client_id)
    with store.statements() as connection:
        return [Registration._make(row) for row in connection.execute(question.limit(50))]


def registrations_with_client(store: Store, client_id: str) -> list[Registration]:
    """Return the first two registrations with this client id, whatever their issuer."""
    question = select(*_COLUMNS).where(registrations.c.client_id == client_id).limit(2)
    with store.statements() as connection:
        return [Registration._make(row) for row in connection.execute(question)]


def registration_with(store: Store, registration_id: str) -> Registration | None:
    """Return one registration by its own id."""
    with store.statements() as connection:
        row = connection.execute(select(*_COLUMNS).where(registrations.c.id == registration_id)).first()
    return None if row is None else Registration._make(row)


def registrations_holding(store: Store, ids: list[str], deployment_id: str) -> set[str]:
    """Return which of these registrations know a deployment of that name."""
    question = select(deployments.c.registration_id).where(
        deployments.c.registration_id.in_(ids), deployments.c.deployment_id == deployment_id
    )
    with store.statements() as connection:
        return set(connection.execute(question).scalars())


def save_registration(connection: Connection, values: dict[str, Any], at: datetime) -> str:
    """Make a registration, or find the one with the same issuer, client id and key set; return its id."""
    keys = ["issuer", "client_id", "key_set_url"]
    row = {"id": new_id(), "created_at": at, "status": "active", **values}
    insert_or_ignore(connection, registrations, keys, row)
    found = select(registrations.c.id).where(*[registrations.c[key] == values[key] for key in keys])
    return str(connection.execute(found).scalar_one())


def replace_registration(connection: Connection, registration_id: str, values: dict[str, Any]) -> None:
    """Give a registration other endpoints and switch it on."""
    target = update(registrations).where(registrations.c.id == registration_id)
    connection.execute(target.values(status="active", **values))


def forget_deployments(connection: Connection, integration_id: str) -> None:
    """Forget the deployments of an integration that nobody came in through; a used one is held by its contexts."""
    connection.execute(delete(deployments).where(deployments.c.integration_id == integration_id))


def note_pending(
    store: Store, *, registration_id: str, deployment_id: str, evidence: dict[str, Any], at: datetime, most: int
) -> bool:
    """Put an unknown deployment of a proven launch on the pending list; False when the list is full."""
    values = {
        "id": new_id(),
        "registration_id": registration_id,
        "deployment_id": deployment_id,
        "status": "pending",
        "evidence": evidence,
        "created_at": at,
    }
    waiting = select(deployments.c.id).where(
        deployments.c.registration_id == registration_id, deployments.c.status == "pending"
    )
    with store.transaction() as connection:
        if len(connection.execute(waiting.limit(most)).all()) >= most:
            return False
        insert_or_ignore(connection, deployments, ["registration_id", "deployment_id"], values)
        return True


def list_deployments(store: Store, *, status: str | None = None) -> list[Deployment]:
    """Return deployments, oldest first."""
    question = select(*_DEPLOYMENT).order_by(deployments.c.created_at)
    if status is not None:
        question = question.where(deployments.c.status == status)
    with store.statements() as connection:
        return [Deployment._make(row) for row in connection.execute(question)]


def find_deployment(store: Store, row_id: str) -> Deployment | None:
    """Return one deployment by its row id."""
    with store.statements() as connection:
        row = connection.execute(select(*_DEPLOYMENT).where(deployments.c.id == row_id)).first()
    return None if row is None else Deployment._make(row)


def add_deployment(
    connection: Connection, *, registration_id: str, deployment_id: str, integration: tuple[str, str], at: datetime
) -> bool:
    """Give a deployment to an integration (its tenant and id); False when another integration has it."""
    tenant_id, integration_id = integration
    values = {
        "id": new_id(),
        "registration_id": registration_id,
        "deployment_id": deployment_id,
        "tenant_id": tenant_id,
        "integration_id": integration_id,
        "status": "active",
        "created_at": at,
    }
    same = ["registration_id", "deployment_id"]
    if insert_or_ignore(connection, deployments, same, values):
        return True
    claim = update(deployments).where(
        *[deployments.c[name] == values[name] for name in same], deployments.c.integration_id.is_(None)
    )
    owned = {"tenant_id": tenant_id, "integration_id": integration_id, "status": "active"}
    return connection.execute(claim.values(**owned)).rowcount == 1


def accept_deployment(
    store: Store, row_id: str, *, tenant_id: str, integration_id: str, actor: str, at: datetime
) -> bool:
    """Let a pending or disabled deployment in; False when it already belongs to another tenant."""
    target = update(deployments).where(
        deployments.c.id == row_id,
        (deployments.c.integration_id.is_(None)) | (deployments.c.integration_id == integration_id),
    )
    with store.transaction() as connection:
        owned = {"tenant_id": tenant_id, "integration_id": integration_id, "status": "active"}
        done = connection.execute(target.values(**owned)).rowcount == 1
        if done:
            note(
                connection, at=at, actor=actor, action="deployment.accepted", subject=row_id, tenant_id=tenant_id,
                detail={"integration": integration_id},
            )  # fmt: skip
    return done


def disable_deployment(store: Store, deployment: Deployment, *, actor: str, at: datetime) -> None:
    """Refuse a deployment's launches from now on."""
    with store.transaction() as connection:
        target = update(deployments).where(deployments.c.id == deployment.id)
        connection.execute(target.values(status="disabled"))
        tenant_id = deployment.tenant_id
        note(connection, at=at, actor=actor, action="deployment.disabled", subject=deployment.id, tenant_id=tenant_id)


def integrations_of(store: Store, registration_id: str) -> list[tuple[str, str, str]]:
    """Return (id, tenant, org) of the integrations that use a registration, oldest first."""
    question = (
        select(integrations.c.id, integrations.c.tenant_id, integrations.c.org_sourced_id)
        .where(integrations.c.registration_id == registration_id)
        .order_by(integrations.c.created_at, integrations.c.id)
    )
    with store.statements() as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(question)]


def first_integration_of(store: Store, registration_id: str) -> str | None:
    """Return the id of the oldest active integration of a registration: its settings hold the client's own."""
    question = (
        select(integrations.c.id)
        .where(integrations.c.registration_id == registration_id, integrations.c.status == "active")
        .order_by(integrations.c.created_at, integrations.c.id)
    )
    with store.statements() as connection:
        return connection.execute(question.limit(1)).scalar_one_or_none()


class SignInClientRow(NamedTuple):
    """One active integration with sign-ins, and the client that it shares with others."""

    registration_id: str
    provider: str
    tenant_id: str
    application_id: str | None
    org_name: str


def sign_in_clients(store: Store) -> list[SignInClientRow]:
    """Return every active integration with sign-ins, the oldest client first."""
    question = (
        select(
            registrations.c.id,
            registrations.c.provider,
            integrations.c.tenant_id,
            integrations.c.application_id,
            orgs.c.name,
        )
        .join(integrations, integrations.c.registration_id == registrations.c.id)
        .join(orgs, orgs.c.sourced_id == integrations.c.org_sourced_id)
        .where(registrations.c.kind == SIGN_IN, registrations.c.status == "active", integrations.c.status == "active")
        .order_by(registrations.c.created_at, registrations.c.id)
    )
    with store.statements() as connection:
        return [SignInClientRow._make(row) for row in connection.execute(question)]
