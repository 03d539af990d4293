"""Who calls /api/v1: an application with a token of its own, or an operator with a key; by the Bearer header alone."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.services.api.scopes import covers
from gateway.services.oidc.house import House
from gateway.services.oidc.machine_grant import token_of
from gateway.services.operators.keys import PREFIX, is_alive
from gateway.store.applications import Application
from gateway.store.operator_keys import note_use, operator_key_with
from keys.sealing import fingerprint
from providers.contract import Refused, Untrusted


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller that may do what it asks. `actor` is its name in the audit log; operators have no application."""

    actor: str
    application: Application | None = None

    def may_see(self, tenant_id: str) -> bool:
        """Return whether it may hear of this district (attack G4)."""
        return self.application is None or self.application.may_see(tenant_id)


@dataclass(frozen=True, slots=True)
class Callers:
    """Thread-safe."""

    house: House

    def of(self, authorization: str | None, scope: str) -> Caller:
        """Return who calls.

        Raises:
            Untrusted: ``api.token_invalid``: no token or key, an unknown, old or revoked one.
            Refused: ``api.scope_missing``: neither it nor its grant allows this.
        """
        secret = bearer(authorization)
        if secret.startswith(PREFIX):
            return self._operator(secret, scope)
        token, application = token_of(self.house, authorization)
        # What was granted counts now, not when the token was made.
        _must(scope, {*token.scope.split()} & {*application.api_scopes})
        return Caller(f"application:{application.id}", application)

    def _operator(self, secret: str, scope: str) -> Caller:
        now = self.house.now()
        key = operator_key_with(self.house.store, fingerprint(secret))
        if key is None or not is_alive(key, now):
            raise Untrusted("api.token_invalid", "This key is unknown, has expired or was taken back.")
        _must(scope, set(key.scopes))
        note_use(self.house.store, key, now)
        return Caller(f"operator_key:{key.id}")


def bearer(authorization: str | None) -> str:
    """Return the secret of an Authorization header, or nothing (RFC 6750 2.1)."""
    kind, _, secret = (authorization or "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _must(scope: str, granted: set[str]) -> None:
    if not covers(granted, scope):
        raise Refused("api.scope_missing", "The access token lacks the scope for this.", scope)
