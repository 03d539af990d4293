"""The operator's list: connections and deployments that wait, each with its evidence, and one step to decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from gateway.services.connecting.connections import Connections
from gateway.services.integrations import Integrations
from gateway.services.joining import Prepared, endpoints_for
from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from gateway.store.approvals import Approval, decide, find_approval, list_approvals
from gateway.store.integrations import find_integration
from gateway.store.invites import find_invite, give_integration
from gateway.store.registrations import (
    Deployment,
    find_deployment,
    integrations_of,
    list_deployments,
    registration_with,
)
from providers.contract import Misconfigured


class Waiting(NamedTuple):
    """One thing that waits. `kind` is `connection` or `deployment`; `evidence` is what to judge it by."""

    id: str
    kind: str
    provider: str | None
    org: str | None
    reasons: list[str]
    evidence: dict[str, Any]
    since: datetime


@dataclass(frozen=True, slots=True)
class Approvals:
    """Thread-safe."""

    store: Store
    rooms: RoomSettings
    connections: Connections
    integrations: Integrations
    now: Callable[[], datetime]

    def waiting(self) -> list[Waiting]:
        """Return everything that waits, oldest first."""
        found = [_connection(each) for each in list_approvals(self.store)]
        found += [self._deployment(row) for row in list_deployments(self.store, status="pending")]
        return sorted(found, key=lambda each: each.since)

    def _deployment(self, row: Deployment) -> Waiting:
        """Return an unknown deployment with what the registration's own platform signed, and whose it may be."""
        registration = registration_with(self.store, row.registration_id)
        assert registration is not None  # a foreign key holds it
        homes = [find_integration(self.store, home) for home, _, _ in integrations_of(self.store, row.registration_id)]
        schools = [home.org_name for home in homes if home is not None]
        evidence = {
            **(row.evidence or {}),
            "issuer": registration.issuer,
            "client_id": registration.client_id,
            "schools": schools,
            "deployment": row.deployment_id,
            "registration": row.registration_id,
        }
        org = schools[0] if len(schools) == 1 else None
        reason = f"Deployment {row.deployment_id} is new to us."
        return Waiting(row.id, "deployment", registration.provider, org, [reason], evidence, row.created_at)

    def approve(self, waiting_id: str, *, actor: str, org_id: str | None = None) -> str:
        """Let it be: make what was asked for; return the id of the integration.

        Raises:
            Misconfigured: ``approval.unknown``, ``approval.decided``, or what `Integrations.accept` raises.
        """
        approval = find_approval(self.store, waiting_id)
        if approval is None:
            self._known_deployment(waiting_id)
            return str(self.integrations.accept(waiting_id, org_id=org_id, actor=actor).integration_id)
        prepared = self._prepared(approval)
        invite = find_invite(self.store, approval.invite_id)
        assert invite is not None  # a foreign key holds it
        at = self.now()
        with self.store.transaction() as connection:
            self._decide(connection, approval, "approved", actor, at)
            integration_id = self.connections.make(
                connection, invite, prepared, actor=actor, at=at, replaces=approval.evidence.get("replaces")
            )
            give_integration(connection, invite.id, integration_id)
        return integration_id

    def reject(self, waiting_id: str, *, actor: str) -> None:
        """Refuse it. A deployment's launches are refused from now on; a connection's link may be used again.

        Raises:
            Misconfigured: ``approval.unknown``, ``approval.decided``.
        """
        approval = find_approval(self.store, waiting_id)
        if approval is None:
            self._known_deployment(waiting_id)
            self.integrations.disable_deployment(waiting_id, actor=actor)
            return
        with self.store.transaction() as connection:
            self._decide(connection, approval, "rejected", actor, self.now())

    def _decide(self, connection: Any, approval: Approval, status: str, actor: str, at: datetime) -> None:
        if not decide(connection, approval, status, actor=actor, at=at):
            raise Misconfigured("approval.decided", "Somebody has decided this already.")

    def _known_deployment(self, row_id: str) -> None:
        if find_deployment(self.store, row_id) is None:
            raise Misconfigured("approval.unknown", f"Nothing called {row_id!r} waits: see schoolgate approvals list.")

    def _prepared(self, approval: Approval) -> Prepared:
        """Return the settings as they were checked when they came; their secrets stay sealed."""
        plate = self.rooms.room(approval.provider)
        settings = self.rooms.open(f"approval:{approval.id}", plate, approval.settings)
        return Prepared(plate, approval.settings, endpoints_for(plate, settings))


def _connection(approval: Approval) -> Waiting:
    reasons = [str(reason["sentence"]) for reason in approval.evidence["reasons"]]
    evidence = {name: value for name, value in approval.evidence.items() if name != "reasons"}
    return Waiting(
        approval.id, "connection", approval.provider, approval.org_name, reasons, evidence, approval.created_at
    )
