"""Makes what an invite was for: an integration at once where everything fits, else a request to an operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from gateway.services.connecting.trust import Reason, strange_hosts
from gateway.services.joining import Prepared, deploy, join, registration_row
from gateway.services.room_settings import RoomSettings
from gateway.store import Connection, Store
from gateway.store.approvals import add_approval, withdraw_approvals
from gateway.store.integrations import find_integration, replace_integration, set_status
from gateway.store.invites import Invite, note_connected, release_invite, use_invite
from gateway.store.orgs import Org, find_org
from gateway.store.registrations import (
    Registration,
    forget_deployments,
    integrations_of,
    registrations_of,
    replace_registration,
)
from providers.contract import LtiEndpoints, Misconfigured, Refused

# What of a registration a launch or a service call depends on: it never changes without an operator (attack B5).
_LIVE = ("auth_login_url", "auth_token_url", "key_set_url", "auth_audience", "algorithms")


class Connected(NamedTuple):
    """What came of an attempt: an integration, or an entry on the operator's list."""

    integration_id: str | None = None
    approval_id: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where settings came from: `way`, the configuration's address if there was one, and what the platform said."""

    way: str
    configuration_url: str | None = None
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How the settings stand to what is registered: what an operator must look at, and what is there already."""

    reasons: list[Reason]
    replaces: str | None = None  # the live integration that would change
    same: str | None = None  # an integration that has exactly these endpoints


@dataclass(frozen=True, slots=True)
class Connections:
    """Thread-safe."""

    store: Store
    rooms: RoomSettings
    now: Callable[[], datetime]

    def connect(self, invite: Invite, prepared: Prepared, origin: Origin) -> Connected:
        """Use the invite up for these settings.

        Raises:
            Refused: ``invite.used`` when somebody else was quicker.
            Misconfigured: ``deployment.taken``, ``registration.deployment_needed``.
        """
        standing = self._standing(invite, prepared, origin)
        actor, at = f"invite:{invite.id}", self.now()
        with self.store.transaction() as connection:
            if standing.reasons:
                evidence = _evidence(prepared, origin, standing)
                _use(connection, invite, None, at)
                key = prepared.plate.key
                return Connected(approval_id=add_approval(connection, invite, key, prepared.stored, evidence, at))
            integration_id = standing.same or self.make(connection, invite, prepared, actor=actor, at=at)
            _use(connection, invite, integration_id, at)
            if standing.same:  # it lives already, so starting over must not take it back
                note_connected(connection, invite, at)
        return Connected(integration_id=integration_id)

    def make(
        self,
        connection: Connection,
        invite: Invite,
        prepared: Prepared,
        *,
        actor: str,
        at: datetime,
        replaces: str | None = None,
    ) -> str:
        """Write an integration and return its id.

        What this invite made before is corrected. `replaces` is a live integration that an operator lets be changed.
        """
        over = replaces or self._correctable(invite, prepared)
        if over is None:
            org = self._org(invite)
            joined = join(connection, prepared, org, application_id=invite.application_id, actor=actor, at=at)
            return joined.integration_id
        key, endpoints = prepared.plate.key, prepared.endpoints
        registration_id = replace_integration(
            connection, over, provider=key, settings=prepared.stored, actor=actor, at=at
        )
        if endpoints is not None and registration_id is not None:
            replace_registration(connection, registration_id, registration_row(prepared.plate, endpoints))
            if replaces is None:
                forget_deployments(connection, over)  # nobody came in through them
            deploy(connection, endpoints, registration_id, (invite.tenant_id, over), at)
        return over

    def _correctable(self, invite: Invite, prepared: Prepared) -> str | None:
        """Return the integration that this invite made, if it may become what is wanted now."""
        if invite.integration_id is None:
            return None
        made = find_integration(self.store, invite.integration_id)
        endpoints = prepared.endpoints
        if made is None or (made.registration_id is None) != (endpoints is None):
            return None
        if endpoints is None:
            return made.id
        taken = registrations_of(self.store, endpoints.issuer, endpoints.client_id)
        return made.id if {each.id for each in taken} <= {made.registration_id} else None

    def start_over(self, invite: Invite) -> None:
        """Take back what an invite led to, as long as nobody has come in through it.

        Raises:
            Refused: ``invite.connected``.
        """
        if invite.connected_at is not None:
            raise Refused("invite.connected", "This connection works already; nothing was changed.")
        integration = find_integration(self.store, invite.integration_id) if invite.integration_id else None
        if integration is not None and integration.status == "active":
            set_status(self.store, integration, "disabled", actor=f"invite:{invite.id}", at=self.now())
        with self.store.transaction() as connection:
            withdraw_approvals(connection, invite.id, self.now())
            release_invite(connection, invite.id)

    def _standing(self, invite: Invite, prepared: Prepared, origin: Origin) -> _Standing:
        endpoints, registration = prepared.endpoints, prepared.plate.registration
        if endpoints is None or registration is None:
            return _Standing([])
        reasons = strange_hosts(endpoints, registration, origin.configuration_url)
        if registration.shared_client and origin.way != "dynamic":
            if not endpoints.deployment_ids:
                raise Misconfigured(
                    "registration.deployment_needed",
                    "Fill in your own ID, too: that of the deployment or the district.",
                )
            reasons.append(Reason("client_shared", "The ID was typed in, and many schools share the client."))
        for known in registrations_of(self.store, endpoints.issuer, endpoints.client_id):
            homes = integrations_of(self.store, known.id)
            if [home[0] for home in homes] == [invite.integration_id]:
                continue  # made by this very link, and taken back
            if {home[2] for home in homes} != {invite.org_sourced_id}:
                taken = Reason("client_known", "Another school is connected under the same issuer and client ID.")
                return _Standing([*reasons, taken])
            if changed := differences(known, endpoints):
                sentence = f"It would change a live connection: {', '.join(changed)}."
                return _Standing([*reasons, Reason("registration_changes", sentence)], replaces=homes[0][0])
            return _Standing(reasons, same=homes[0][0])
        return _Standing(reasons)

    def _org(self, invite: Invite) -> Org:
        org = find_org(self.store, invite.org_sourced_id)
        if org is None:  # pragma: no cover - a foreign key holds it
            raise Misconfigured("org.unknown", "The school of this link is gone.")
        return org


def _use(connection: Connection, invite: Invite, integration_id: str | None, at: datetime) -> None:
    if not use_invite(connection, invite, integration_id, at):
        raise Refused("invite.used", "This link has been used. Ask for a new one if that was not you.")


def differences(known: Registration, endpoints: LtiEndpoints) -> list[str]:
    """Name what of a live registration would change."""
    wanted = {**{name: getattr(endpoints, name) for name in _LIVE}, "algorithms": list(endpoints.algorithms)}
    return [name for name in _LIVE if getattr(known, name) != wanted[name]]


def _evidence(prepared: Prepared, origin: Origin, standing: _Standing) -> dict[str, Any]:
    endpoints = prepared.endpoints
    assert endpoints is not None
    return {
        "reasons": [reason._asdict() for reason in standing.reasons],
        "way": origin.way,
        "configuration": origin.configuration_url,
        "platform": dict(origin.told),
        "issuer": endpoints.issuer,
        "client_id": endpoints.client_id,
        "auth_login_url": endpoints.auth_login_url,
        "auth_token_url": endpoints.auth_token_url,
        "key_set_url": endpoints.key_set_url,
        "deployments": list(endpoints.deployment_ids),
        "replaces": standing.replaces,
    }
