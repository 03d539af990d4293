"""Invite links as callers of the API make, see and revoke them: an application its own, operators all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.services.api.callers import Caller
from gateway.services.connecting.links import Links, Made
from gateway.store import Connection, Store
from gateway.store.invites import Invite, find_invite, list_invites, revoke_invite
from gateway.store.orgs import find_org
from providers.contract import Misconfigured, Refused


def state_of(invite: Invite, now: datetime) -> str:
    """Return how far an invite is: `open`, `used` (set up or waiting), `connected`, `revoked` or `expired`."""
    if invite.connected_at is not None:
        return "connected"
    if invite.revoked_at is not None:
        return "revoked"
    if invite.used_at is not None:
        return "used"
    return "open" if now < invite.expires_at else "expired"


@dataclass(frozen=True, slots=True)
class Invitations:
    """Thread-safe."""

    store: Store
    links: Links
    now: Callable[[], datetime]

    def make(
        self,
        caller: Caller,
        connection: Connection,
        *,
        org_id: str,
        provider: str | None,
        application_id: str | None,
        expires_in: timedelta,
    ) -> Made:
        """Make an invite in the caller's transaction; an application's always lead to itself.

        Raises:
            Refused: ``invite.other_application``.
            Misconfigured: ``org.unknown``, also for an org that was not granted, and what `Links.invite` raises.
        """
        if caller.application is not None:
            if application_id not in {None, caller.application.id}:
                raise Refused("invite.other_application", "An application makes invites for itself only.")
            application_id = caller.application.id
            org = find_org(self.store, org_id)
            if org is not None and not caller.may_see(org.tenant_id):
                org_id = ""  # said in the words for one that is not there
        return self.links.invite(
            org_id=org_id,
            provider=provider,
            expires_in=expires_in,
            actor=caller.actor,
            application_id=application_id,
            connection=connection,
        )

    def every(self, caller: Caller, *, org_id: str | None, before: str | None, limit: int) -> list[Invite]:
        """Return those that a caller may see, newest first, older than `before`."""
        application = caller.application
        return list_invites(
            self.store,
            application_id=application.id if application else None,
            tenants=None if application is None or application.all_tenants else application.tenants,
            org_id=org_id,
            before=before,
            limit=limit,
        )

    def find(self, caller: Caller, invite_id: str) -> Invite:
        """Return one. Raises Misconfigured (``invite.unknown_id``), also for one of somebody else's."""
        invite = find_invite(self.store, invite_id)
        mine = invite is not None and (
            caller.application is None
            or (invite.application_id == caller.application.id and caller.may_see(invite.tenant_id))
        )
        if invite is None or not mine:
            raise Misconfigured("invite.unknown_id", "There is no such invite.")
        return invite

    def revoke(self, caller: Caller, invite_id: str) -> Invite:
        """Make a link worthless; what it led to stays. Raises as `find`."""
        invite = self.find(caller, invite_id)
        if invite.revoked_at is None:
            revoke_invite(self.store, invite, actor=caller.actor, at=self.now())
        return self.find(caller, invite_id)
