"""The refresh token: good once, and once more for a moment, so that two tabs of one page do not end each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from authlib.oauth2.rfc6749 import InvalidGrantError
from authlib.oauth2.rfc6749.grants import RefreshTokenGrant

from gateway.services.oidc.claims import id_token_claims
from gateway.services.oidc.client import PROVING_METHODS, Client
from gateway.services.oidc.house import House
from gateway.services.oidc.tokens import OFFLINE, keep_tokens
from gateway.services.oidc.wire import ProtocolRequest
from gateway.store.sessions import Session
from gateway.store.tokens import Token, end_session_of, find_token, use_refresh_token
from keys.sealing import fingerprint
from providers.contract import Refused

# Two tabs, or a client whose answer was lost on the way, ask again within seconds; a thief seldom does (attack G3).
GRACE = timedelta(seconds=30)


class Refresh:
    """A kept refresh token as Authlib's grant reads it."""

    def __init__(self, token: Token) -> None:
        self.kept = token

    def check_client(self, client: Client) -> bool:
        """Return whether it was given to this client."""
        return self.kept.session.application_id == client.get_client_id()

    def get_scope(self) -> str:
        """Return the scopes it carries."""
        return self.kept.scope


class RefreshGrant(RefreshTokenGrant):
    """Authlib's grant over our tables, with rotation (RFC 9700 4.14.2) at each use."""

    TOKEN_ENDPOINT_AUTH_METHODS = [*PROVING_METHODS, "none"]  # noqa: RUF012 - declared as Authlib does
    INCLUDE_NEW_REFRESH_TOKEN = True

    request: ProtocolRequest

    @property
    def _house(self) -> House:
        return cast(House, self.server.house)

    def authenticate_refresh_token(self, refresh_token: str) -> Refresh | None:
        """Return the token, if it and its session still count. Nothing is used up before the client is compared."""
        found = find_token(self._house.store, fingerprint(refresh_token))
        if found is None or found.kind != "refresh" or not found.is_good(self._house.now()):
            return None
        return Refresh(found)

    def authenticate_user(self, token: Refresh) -> Session:
        """Use the token up and return its session, if its person may still come in.

        A second use after the grace is somebody else's: the session ends, for the thief and for the person.
        """
        house, now = self._house, self._house.now()
        first = use_refresh_token(house.store, fingerprint(self.request.form["refresh_token"]), now)
        if not first and (token.kept.used_at or now) + GRACE < now:
            end_session_of(house.store, token.kept.session.id, now, tell=True)
            raise InvalidGrantError("This refresh token was used before: its session has ended")
        try:
            house.admit(token.kept.session)
        except Refused as refusal:
            raise InvalidGrantError(refusal.sentence) from refusal
        return token.kept.session

    def issue_token(self, user: Session, refresh_token: Refresh) -> dict[str, Any]:
        """Return the new tokens, with an ID token that says who it is today (OpenID Connect Core 12.2)."""
        token: dict[str, Any] = super().issue_token(user, refresh_token)
        if OFFLINE not in token["scope"].split():  # asked for less this time: what it may ask next stays
            token |= self._next_refresh_token(refresh_token)
        if "openid" in token["scope"].split():
            claims = id_token_claims(
                user,
                token["scope"],
                issuer=self._house.issuer,
                nonce=None,
                access_token=token["access_token"],
                now=self._house.now(),
            )
            token["id_token"] = self._house.sign(claims | self._house.entitled(user, token["scope"]))
        return token

    def save_token(self, token: dict[str, Any]) -> None:
        """Keep the new tokens; the refresh token carries all its scopes on (RFC 6749 6)."""
        kept, application = self.request.refresh_token, self.request.client.application
        keep_tokens(self._house, token, self.request.user, application, refresh_scope=kept.get_scope())

    def revoke_old_credential(self, _refresh_token: Refresh) -> None:
        """Do nothing: it was used up before, and is kept to notice a second use."""

    def _next_refresh_token(self, refresh_token: Refresh) -> dict[str, Any]:
        whole = self.generate_token(scope=refresh_token.get_scope(), include_refresh_token=True)
        return {"refresh_token": whole["refresh_token"]}
