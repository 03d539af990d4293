"""Connections that wait for an operator: what would be made, and the evidence to judge it by."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from gateway.store.audit import note
from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.invites import Invite
from gateway.store.tables import approvals, invites, orgs


class Approval(NamedTuple):
    """One connection: `pending`, `approved`, `rejected` or `withdrawn`; secrets among its settings are sealed."""

    id: str
    tenant_id: str
    invite_id: str
    provider: str
    settings: dict[str, Any]
    evidence: dict[str, Any]
    status: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    org_sourced_id: str
    org_name: str


def _question() -> Any:
    elsewhere = {"org_sourced_id": invites.c.org_sourced_id, "org_name": orgs.c.name}
    columns = [elsewhere[name] if name in elsewhere else approvals.c[name] for name in Approval._fields]
    joined = select(*columns).join(invites, invites.c.id == approvals.c.invite_id)
    return joined.join(orgs, orgs.c.sourced_id == invites.c.org_sourced_id)


_SELECT = _question()


def add_approval(
    connection: Connection, invite: Invite, provider: str, settings: dict[str, Any], evidence: dict[str, Any],
    at: datetime,
) -> str:  # fmt: skip
    """Put a connection on the list and return its id."""
    row = {
        "id": new_id(),
        "tenant_id": invite.tenant_id,
        "invite_id": invite.id,
        "provider": provider,
        "settings": settings,
        "evidence": evidence,
        "status": "pending",
        "created_at": at,
    }
    connection.execute(insert(approvals), row)
    note(
        connection, at=at, actor=f"invite:{invite.id}", action="approval.asked", subject=str(row["id"]),
        tenant_id=invite.tenant_id, detail={"provider": provider},
    )  # fmt: skip
    return str(row["id"])


def list_approvals(store: Store, *, status: str | None = "pending") -> list[Approval]:
    """Return the list, oldest first; None as status returns all."""
    question = _SELECT.order_by(approvals.c.created_at, approvals.c.id)
    if status is not None:
        question = question.where(approvals.c.status == status)
    with store.statements() as connection:
        return [Approval._make(row) for row in connection.execute(question)]


def find_approval(store: Store, approval_id: str) -> Approval | None:
    """Return one entry of the list."""
    with store.statements() as connection:
        row = connection.execute(_SELECT.where(approvals.c.id == approval_id)).first()
    return None if row is None else Approval._make(row)


def approval_of(store: Store, invite_id: str) -> Approval | None:
    """Return the newest entry that an invite led to."""
    newest = _SELECT.where(approvals.c.invite_id == invite_id).order_by(approvals.c.created_at.desc())
    with store.statements() as connection:
        row = connection.execute(newest.limit(1)).first()
    return None if row is None else Approval._make(row)


def decide(connection: Connection, approval: Approval, status: str, *, actor: str, at: datetime) -> bool:
    """Make a pending entry `approved` or `rejected`; False when another operator was quicker."""
    target = update(approvals).where(approvals.c.id == approval.id, approvals.c.status == "pending")
    done = connection.execute(target.values(status=status, decided_at=at, decided_by=actor)).rowcount == 1
    if done:
        note(
            connection, at=at, actor=actor, action=f"approval.{status}", subject=approval.id,
            tenant_id=approval.tenant_id,
        )  # fmt: skip
    return done


def withdraw_approvals(connection: Connection, invite_id: str, at: datetime) -> None:
    """Take back what an invite asked for and nobody has decided."""
    target = update(approvals).where(approvals.c.invite_id == invite_id, approvals.c.status == "pending")
    connection.execute(target.values(status="withdrawn", decided_at=at, decided_by=f"invite:{invite_id}"))
