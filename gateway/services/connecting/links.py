"""Invite links and the sealed texts that stand for one: a browser's session, and the address that an LMS is given."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Final, NamedTuple
from uuid import UUID

from gateway.services.room_settings import RoomSettings
from gateway.store import Connection, Store
from gateway.store.applications import find_application
from gateway.store.invites import Invite, add_invite, find_invite, invite_with_hash
from gateway.store.orgs import Org, find_org
from keys.sealing import SealBroken, Sealer, fingerprint
from providers.contract import Misconfigured, Refused

LONGEST: Final = timedelta(days=90)
# An address that an LMS was given lies in its logs: it is good for a working day, and once.
REGISTRATION_ADDRESS: Final = timedelta(hours=24)
_SESSION, _REGISTRATION = "connect-session", "registration-address"
_FORM_BYTES: Final = 16


class Made(NamedTuple):
    """A new invite with the token of its link, which is known now and never again."""

    invite: Invite
    token: str


class Visit(NamedTuple):
    """A browser that opened an invite's link. `form_token` must come back with every form that it posts."""

    invite: Invite
    form_token: str


@dataclass(frozen=True, slots=True)
class Links:
    """Thread-safe."""

    store: Store
    rooms: RoomSettings
    sealer: Sealer
    now: Callable[[], datetime]

    def invite(
        self,
        *,
        org_id: str,
        provider: str | None,
        expires_in: timedelta,
        actor: str,
        application_id: str | None = None,
        connection: Connection | None = None,
    ) -> Made:
        """Make an invite for an org, for one provider or for whichever the administrator chooses.

        Written in the caller's transaction, if there is one.

        Raises:
            Misconfigured: ``org.unknown``, ``provider.unknown``, ``provider.not_connectable``, ``invite.expiry``,
                ``application.unknown``, ``application.not_granted``.
        """
        org = find_org(self.store, org_id)
        if org is None:
            raise Misconfigured("org.unknown", "There is no such org: see schoolgate orgs list.")
        if application_id is not None:
            self._must_be_granted(application_id, org)
        if provider is not None and self.rooms.room(provider).registration is None:
            raise Misconfigured("provider.not_connectable", f"{provider} offers no way to connect by a link.")
        if not timedelta(0) < expires_in <= LONGEST:
            raise Misconfigured("invite.expiry", f"A link is good for at most {LONGEST.days} days.")
        token, at = secrets.token_urlsafe(24), self.now()
        row = {
            "provider": provider,
            "application_id": application_id,
            "token_hash": fingerprint(token),
            "created_by": actor,
            "created_at": at,
            "expires_at": at + expires_in,
        }
        with nullcontext(connection) if connection else self.store.transaction() as hold:
            invite = add_invite(hold, org, row)
        return Made(invite, token)

    def _must_be_granted(self, application_id: str, org: Org) -> None:
        application = find_application(self.store, application_id)
        if application is None:
            raise Misconfigured("application.unknown", "There is no such application: see schoolgate apps list.")
        if not application.may_see(org.tenant_id):
            raise Misconfigured("application.not_granted", "The application was not granted this org's district.")

    def open(self, token: str) -> Invite:
        """Return the invite of a link that may still be opened.

        Raises:
            Refused: ``invite.unknown``, ``invite.expired``, ``invite.used`` (attack B1).
        """
        invite = self._still_good(self.of_link(token))
        if invite.used_at is not None:
            raise Refused("invite.used", "This link has been used. Ask for a new one if that was not you.")
        return invite

    def of_link(self, token: str) -> Invite | None:
        """Return the invite of a link in whatever state it is."""
        return invite_with_hash(self.store, fingerprint(token))

    def session(self, invite: Invite) -> str:
        """Return the text for the cookie of a browser that opened a link; new at every opening (attack J2)."""
        body = UUID(invite.id).bytes + secrets.token_bytes(_FORM_BYTES)
        return self.sealer.seal(body, purpose=_SESSION)

    def visit(self, session: str | None) -> Visit:
        """Return who a browser's cookie stands for. Raises Refused (``invite.session``, ``invite.expired``)."""
        try:
            body = self.sealer.open(session or "", purpose=_SESSION)
        except SealBroken:
            raise Refused("invite.session", "Open the link from your invitation again.") from None
        invite = find_invite(self.store, str(UUID(bytes=body[:16])))
        return Visit(self._still_good(invite), body[16:].hex())

    def registration_token(self, invite: Invite, provider: str) -> str:
        """Return the secret part of the address that an LMS is given; nothing of it is stored."""
        body = UUID(invite.id).bytes + int(self.now().timestamp()).to_bytes(8) + provider.encode()
        return self.sealer.seal(body, purpose=_REGISTRATION)

    def registering(self, token: str) -> tuple[Invite, str]:
        """Return (invite, provider) of such an address.

        Raises:
            Refused: ``invite.unknown``, ``invite.expired``, ``invite.used`` (attack B1).
        """
        try:
            body = self.sealer.open(token, purpose=_REGISTRATION)
        except SealBroken:
            raise Refused("invite.unknown", "This address is not one that we gave out.") from None
        made_at = datetime.fromtimestamp(int.from_bytes(body[16:24]), UTC)
        invite = self._still_good(find_invite(self.store, str(UUID(bytes=body[:16]))))
        if invite.used_at is not None:
            raise Refused("invite.used", "This address has been used; it works once.")
        if self.now() - made_at > REGISTRATION_ADDRESS:
            raise Refused("invite.expired", "This address has expired. Copy a new one from the page you had it from.")
        return invite, body[24:].decode()

    def _still_good(self, invite: Invite | None) -> Invite:
        if invite is None or invite.revoked_at is not None:
            raise Refused("invite.unknown", "This link is not one that we gave out, or it was taken back.")
        if invite.expires_at <= self.now():
            raise Refused("invite.expired", "This link has expired. Ask for a new one.")
        return invite


def is_form_of(visit: Visit, form_token: str | None) -> bool:
    """Whether a form was made for this very visit (attack J2)."""
    return compare_digest(visit.form_token.encode(), (form_token or "").encode())
