"""Finds the registration of a login request, and remembers registrations for a few seconds between launches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from gateway.lti.catalogue import refusal
from gateway.lti.login import LoginRequest
from gateway.store import Store
from gateway.store.registrations import (
    LTI,
    Registration,
    registration_with,
    registrations_holding,
    registrations_of,
    registrations_with_client,
)
from providers.contract import LtiEndpoints

REMEMBERED = timedelta(seconds=5)
_MOST = 20_000


class Registrations:
    """Thread-safe. What is remembered serves logins and key look-ups; whether a registration is still switched on
    is asked of the database at each launch.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self._remembered: dict[tuple[str, str | None], tuple[datetime, list[Registration]]] = {}

    def for_login(self, request: LoginRequest, registration_id: str | None = None) -> Registration:
        """Return the one registration that a login request means (Core 4.1).

        Raises:
            Misconfigured: ``lti.issuer_unknown`` or ``lti.registration_ambiguous``.
            Refused: ``lti.registration_disabled``.
        """
        found = self._candidates(request)
        if registration_id is not None:
            found = [one for one in found if one.id == registration_id]
        if len(found) > 1 and request.deployment_id:
            holding = registrations_holding(self._store, [one.id for one in found], request.deployment_id)
            found = [one for one in found if one.id in holding] or found
        if not found:
            raise refusal("lti.issuer_unknown")
        if len(found) > 1:
            raise refusal("lti.registration_ambiguous", f"{len(found)} registrations")
        if found[0].status != "active":
            raise refusal("lti.registration_disabled")
        return found[0]

    def resembling(self, request: LoginRequest) -> Registration | None:
        """Return the one registration with the same client id or, if there is none, with the same issuer.

        Nobody comes in by it: whoever connects that system just now learns what it sends.
        """
        same_client = registrations_with_client(self._store, request.client_id) if request.client_id else []
        near = _of_lti(same_client) or _of_lti(registrations_of(self._store, request.issuer, None))
        return near[0] if len(near) == 1 else None

    def with_id(self, registration_id: str) -> Registration:
        """Return the registration that a state names. Raises Refused when it was removed since."""
        row = self._remember((registration_id, None), lambda: self._load(registration_id))
        if not row:
            raise refusal("lti.registration_disabled", "removed since the login")
        return row[0]

    def _candidates(self, request: LoginRequest) -> list[Registration]:
        key = (request.issuer, request.client_id or "")
        return self._remember(key, lambda: _of_lti(registrations_of(self._store, request.issuer, request.client_id)))

    def _load(self, registration_id: str) -> list[Registration]:
        row = registration_with(self._store, registration_id)
        return [] if row is None else [row]

    def _remember(self, key: tuple[str, str | None], load: Callable[[], list[Registration]]) -> list[Registration]:
        now = self._now()
        remembered = self._remembered.get(key)
        if remembered is not None and now - remembered[0] < REMEMBERED:
            return remembered[1]
        rows = load()
        if rows:  # unknown issuers are not remembered: they would let anybody fill the memory
            if len(self._remembered) >= _MOST:
                self._remembered.clear()
            self._remembered[key] = (now, rows)
        return rows


def _of_lti(found: list[Registration]) -> list[Registration]:
    """Leave the clients of portals out: nobody launches through one."""
    return [one for one in found if one.kind == LTI]


def endpoints_of(registration: Registration) -> LtiEndpoints:
    """Return a stored registration as the verifier reads it."""
    return LtiEndpoints(
        issuer=registration.issuer,
        client_id=registration.client_id,
        auth_login_url=registration.auth_login_url,
        auth_token_url=registration.auth_token_url,
        key_set_url=registration.key_set_url,
        auth_audience=registration.auth_audience,
        algorithms=tuple(registration.algorithms),
        leeway_seconds=registration.leeway_seconds,
        allow_anonymous=registration.allow_anonymous,
    )
