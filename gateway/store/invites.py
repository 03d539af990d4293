"""Invite links: only their hash is kept, and one of them makes at most one integration."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, null, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.orgs import Org
from gateway.store.tables import deployments, integrations, invites, orgs


class Invite(NamedTuple):
    """One invite link as stored. `problem` says why the last attempt ended: code, sentence and detail.

    `findings` are what a first look at a system with rosters found: (check, ok, advice) each; None: nobody has looked.
    """

    id: str
    tenant_id: str
    org_sourced_id: str
    org_name: str
    provider: str | None
    application_id: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    integration_id: str | None
    connected_at: datetime | None
    problem: dict[str, str] | None
    findings: list[tuple[str, bool, str]] | None


def _question() -> Any:
    columns = [invites.c[name] if name != "org_name" else orgs.c.name for name in Invite._fields]
    return select(*columns).join(orgs, orgs.c.sourced_id == invites.c.org_sourced_id)


_SELECT = _question()


def add_invite(connection: Connection, org: Org, values: dict[str, Any]) -> Invite:
    """Make an invite for an org in the caller's transaction."""
    row = {"id": new_id(), "tenant_id": org.tenant_id, "org_sourced_id": org.sourced_id, **values}
    connection.execute(insert(invites), row)
    note(
        connection, at=row["created_at"], actor=row["created_by"], action="invite.added", subject=str(row["id"]),
        tenant_id=org.tenant_id, detail={"org": org.sourced_id, "provider": row["provider"]},
    )  # fmt: skip
    return Invite._make(connection.execute(_SELECT.where(invites.c.id == row["id"])).one())


def invite_with_hash(store: Store, token_hash: bytes) -> Invite | None:
    """Return the invite whose link has this hash."""
    return _one(store, invites.c.token_hash == token_hash)


def find_invite(store: Store, invite_id: str) -> Invite | None:
    """Return one invite."""
    return _one(store, invites.c.id == invite_id)


def _one(store: Store, condition: Any) -> Invite | None:
    with store.statements() as connection:
        row = connection.execute(_SELECT.where(condition)).first()
    return None if row is None else Invite._make(row)


def list_invites(
    store: Store,
    *,
    application_id: str | None = None,
    tenants: Collection[str] | None = None,
    org_id: str | None = None,
    before: str | None = None,
    limit: int | None = None,
) -> list[Invite]:
    """Return invites, newest first: those that fit what is given. `before` is the id of a newer one."""
    question = _SELECT.order_by(invites.c.id.desc()).limit(limit)
    if application_id is not None:
        question = question.where(invites.c.application_id == application_id)
    if tenants is not None:
        question = question.where(invites.c.tenant_id.in_(tenants))
    if org_id is not None:
        question = question.where(invites.c.org_sourced_id == org_id)
    if before is not None:
        question = question.where(invites.c.id < before)
    with store.statements() as connection:
        return [Invite._make(row) for row in connection.execute(question)]


def use_invite(connection: Connection, invite: Invite, integration_id: str | None, at: datetime) -> bool:
    """Use a link up, for an integration or (None) for an approval; False when somebody was quicker (attack B1)."""
    target = update(invites).where(
        invites.c.id == invite.id, invites.c.used_at.is_(None), invites.c.revoked_at.is_(None)
    )
    values: dict[str, Any] = {"used_at": at, "problem": null()}
    if integration_id is not None:
        values["integration_id"] = integration_id
    return connection.execute(target.values(**values)).rowcount == 1


def give_integration(connection: Connection, invite_id: str, integration_id: str) -> None:
    """Note the integration that an approval made."""
    connection.execute(update(invites).where(invites.c.id == invite_id).values(integration_id=integration_id))


def release_invite(connection: Connection, invite_id: str) -> None:
    """Let a link be used again, after what it led to was taken back."""
    connection.execute(
        update(invites).where(invites.c.id == invite_id).values(used_at=None, problem=null(), findings=null())
    )


def revoke_invite(store: Store, invite: Invite, *, actor: str, at: datetime) -> None:
    """Make a link worthless; what it led to stays."""
    with store.transaction() as connection:
        connection.execute(update(invites).where(invites.c.id == invite.id).values(revoked_at=at))
        note(connection, at=at, actor=actor, action="invite.revoked", subject=invite.id, tenant_id=invite.tenant_id)


def keep_findings(connection: Connection, invite_id: str, findings: list[list[Any]] | None) -> None:
    """Keep what a first look found, or (None) forget it."""
    target = update(invites).where(invites.c.id == invite_id)
    connection.execute(target.values(findings=null() if findings is None else findings))


def note_problem(store: Store, invite_id: str, problem: dict[str, str] | None) -> None:
    """Keep why the last attempt ended, or (None) forget it."""
    with store.statements() as connection:
        target = update(invites).where(invites.c.id == invite_id)
        connection.execute(target.values(problem=null() if problem is None else problem))


def note_connected(connection: Connection, invite: Invite, at: datetime) -> None:
    """Note that the first launch came in; later calls change nothing."""
    target = update(invites).where(invites.c.id == invite.id, invites.c.connected_at.is_(None))
    if connection.execute(target.values(connected_at=at)).rowcount:
        note(
            connection, at=at, actor=f"invite:{invite.id}", action="invite.connected", subject=invite.id,
            tenant_id=invite.tenant_id,
        )  # fmt: skip


class Awaiting(NamedTuple):
    """The integration that an invited registration waits for its first launch in."""

    invite_id: str
    tenant_id: str
    integration_id: str


def awaiting_first_launch(connection: Connection, registration_id: str, at: datetime) -> Awaiting | None:
    """Return whose first launch this may be: of the only integration of a registration that an unexpired invite
    made, while the registration has no accepted deployment.
    """
    own = select(invites.c.id, integrations.c.tenant_id, integrations.c.id).join(
        integrations, integrations.c.id == invites.c.integration_id
    )
    own = own.where(
        integrations.c.registration_id == registration_id,
        integrations.c.status == "active",
        invites.c.used_at.isnot(None),
        invites.c.expires_at > at,
    )
    users = select(func.count()).where(integrations.c.registration_id == registration_id)
    accepted = select(func.count()).where(
        deployments.c.registration_id == registration_id, deployments.c.status != "pending"
    )
    found = connection.execute(own.limit(2)).all()
    if len(found) != 1 or connection.execute(users).scalar_one() != 1 or connection.execute(accepted).scalar_one():
        return None
    return Awaiting._make(found[0])
