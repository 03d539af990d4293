"""What the provider needs from the house; everything it touches comes in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from gateway.services.account_state import OrgState, UserState, check_account
from gateway.store import Store
from gateway.store.native.entitlements import entitlements_of
from gateway.store.sessions import Session, tenant_of_session
from providers.contract import Refused


class Signer(Protocol):
    """Signs and recognises our tokens: compact RS256 JWS whose key is in the published key set."""

    def sign(self, claims: Mapping[str, Any], typ: str = "JWT") -> str:
        """Return the signed claims."""
        ...

    def verify(self, token: str) -> Mapping[str, Any] | None:
        """Return the claims of an ID token of ours, its times not looked at, or None when it is not ours."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """`issuer` has no trailing slash."""

    store: Store
    issuer: str
    now: Callable[[], datetime]
    signer: Signer

    def sign(self, claims: Mapping[str, Any], typ: str = "JWT") -> str:
        """Return the signed claims."""
        return self.signer.sign(claims, typ)

    def entitled(self, session: Session, scope: str) -> dict[str, list[str]]:
        """Return the claim of what the person's school, or they themselves, were granted by orders, where it is asked.

        `entitlements` is RFC 9068 2.2.3.1's claim: texts that mean something to the application alone.
        """
        if "entitlements" not in scope.split() or not session.user:
            return {}
        with self.store.statements() as connection:
            tenant_id = tenant_of_session(connection, session.id) or ""
            return {"entitlements": entitlements_of(connection, tenant_id, session.subject, self.now())}

    def admit(self, session: Session) -> None:
        """Raise Refused unless this person may be with this application at this moment (attacks A19, G4)."""
        if not session.granted:
            raise Refused("account.application_not_granted", "Your school has not been opened to this application.")
        user = session.user
        state = None if user is None else UserState(user.get("enabled_user", False), user.get("status", "gone"))
        check_account(state, [OrgState(**org) for org in session.orgs], now=self.now())
