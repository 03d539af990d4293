"""Changes registered applications: addresses, secret, districts, on and off."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.services.api.scopes import known_scopes
from gateway.services.applications import Registered, Wanted, check_wanted, keep_application
from gateway.store import Connection, Store
from gateway.store.applications import (
    ACTIVE,
    Application,
    change_application,
    change_application_on,
    find_application,
    set_tenants,
    unknown_tenants,
)
from keys.sealing import fingerprint
from providers.contract import Misconfigured

DISABLED = "disabled"
_CHANGEABLE = (
    "name", "redirect_uris", "login_uri", "session_hours", "post_logout_redirect_uris", "backchannel_logout_uri",
    "jwks",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ApplicationChanges:
    """What an operator does with an application. `actor` is who did it, for the audit log.

    Every call raises Misconfigured (``application.unknown``) for an id that nobody has.
    """

    store: Store
    now: Callable[[], datetime]
    allow_http: bool

    def find(self, id: str) -> Application:
        """Return one application."""
        found = find_application(self.store, id)
        if found is None:
            raise Misconfigured("application.unknown", f"There is no application {id!r}: see schoolgate apps list.")
        return found

    def register(self, wanted: Wanted, *, actor: str, connection: Connection) -> Registered:
        """Register an application in the caller's transaction. Raises Misconfigured, which says what is wrong."""
        check_wanted(self.store, wanted, self.allow_http)
        return keep_application(connection, wanted, actor=actor, now=self.now())

    def change(self, id: str, changes: Mapping[str, Any], *, actor: str, tenants: Collection[str] = ()) -> Application:
        """Change some of name, addresses and session length; nothing is written when one of them is wrong.

        `tenants` are to be granted by the caller's next call, and only looked at here.

        Raises:
            Misconfigured: an address can't be accepted; the sentence says which and why.
        """
        now = asdict(self.find(id))
        if "jwks" in changes and now["jwks"] is None:
            raise Misconfigured(
                "application.keys_invalid", "Only an application that was registered with keys has some."
            )
        after = Wanted(**{name: changes.get(name, now[name]) for name in _CHANGEABLE}, tenants=tenants)
        check_wanted(self.store, after, self.allow_http)
        columns = {name: list(value) if isinstance(value, tuple) else value for name, value in changes.items()}
        if columns:
            change_application(self.store, id, columns, action="application.changed", actor=actor, now=self.now())
        return self.find(id)

    def switch(self, id: str, *, on: bool, actor: str) -> None:
        """Switch an application on or off: off, nobody comes in and no token of it counts."""
        self.find(id)
        action = "application.enabled" if on else "application.disabled"
        status = {"status": ACTIVE if on else DISABLED}
        change_application(self.store, id, status, action=action, actor=actor, now=self.now())

    def rotate_secret(self, id: str, *, overlap: timedelta, actor: str, connection: Connection | None = None) -> str:
        """Return a new secret, known now and never again; the one before counts for `overlap` longer.

        Raises:
            Misconfigured: ``application.public``: it has none.
        """
        application = self.find(id)
        if application.is_public or application.jwks is not None:
            raise Misconfigured(
                "application.public", "This application has no secret: it is public or signs with a key."
            )
        secret, now = secrets.token_urlsafe(32), self.now()
        columns = {
            "secret_hash": fingerprint(secret),
            "previous_secret_hash": application.secret_hash,
            "previous_secret_until": now + overlap,
        }
        with nullcontext(connection) if connection is not None else self.store.transaction() as within:
            action = "application.secret_rotated"
            change_application_on(within, id, columns, action=action, actor=actor, now=now)
        return secret

    def grant(self, id: str, tenants: Collection[str] | None, *, actor: str) -> None:
        """Let an application see exactly these districts, or (None) all, present and future. It counts at once.

        Raises:
            Misconfigured: ``application.org_unknown``.
        """
        self.find(id)
        if unknown := unknown_tenants(self.store, tenants or ()):
            names = ", ".join(sorted(unknown))
            raise Misconfigured("application.org_unknown", f"Not an org at the top of a tree: {names}.")
        set_tenants(self.store, id, tenants, actor=actor, now=self.now())

    def grant_scopes(self, id: str, scopes: Collection[str], *, actor: str) -> None:
        """Let an application ask for exactly these scopes of /api/v1. It counts at once, for tokens it has, too.

        Raises:
            Misconfigured: ``api.scope_unknown``, ``application.public``: without a secret it gets no token of its own.
        """
        application, granted = self.find(id), known_scopes(scopes)
        if granted and application.is_public:
            raise Misconfigured("application.public", "This application is public: it gets no tokens of its own.")
        columns = {"api_scopes": granted}
        change_application(
            self.store, id, columns, action="application.scopes_granted", actor=actor, now=self.now(), told=columns
        )
