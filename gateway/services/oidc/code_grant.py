"""The authorization code: made from a login hint, good once, for a minute, for one client and one address."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, cast

from authlib.oauth2 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import InvalidGrantError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oidc.core.errors import LoginRequiredError

from gateway.services.oidc.client import PROVING_METHODS, Client
from gateway.services.oidc.house import House
from gateway.services.oidc.wire import ProtocolRequest
from gateway.store.handoffs import Hint, NewCode, UsedCode, end_session_of_code, open_session, use_code
from gateway.store.ids import new_id
from gateway.store.sessions import Session, find_session
from keys.sealing import fingerprint
from providers.contract import Refused

CODE_LIFETIME = timedelta(seconds=60)
_OPEN_AGAIN = "This link works once and for one minute. Please open the application again from your school's LMS."


class AccessDenied(OAuth2Error):
    """The person is known, and may not come in."""

    error = "access_denied"


class Code:
    """A used-up code as Authlib's grants read it."""

    def __init__(self, code: UsedCode) -> None:
        self.kept = code
        self.code_challenge = code.code_challenge

    def get_redirect_uri(self) -> str:
        """Return the address the code was sent to."""
        return self.kept.redirect_uri

    def get_scope(self) -> str:
        """Return the scopes it carries."""
        return self.kept.scope


class CodeGrant(AuthorizationCodeGrant):
    """Authlib's grant over our tables."""

    TOKEN_ENDPOINT_AUTH_METHODS = [*PROVING_METHODS, "none"]  # noqa: RUF012 - declared as Authlib does

    request: ProtocolRequest

    @property
    def _house(self) -> House:
        return cast(House, self.server.house)

    def create_authorization_response(self, redirect_uri: str, _grant_user: object = None) -> dict[str, str]:
        """Use up the login hint and return the response's parameters. No page of ours asks the person anything."""
        now, code, request = self._house.now(), secrets.token_urlsafe(32), self.request
        data = request.payload.data
        kept = NewCode(
            code_hash=fingerprint(code),
            redirect_uri=redirect_uri,
            scope=request.scope,
            nonce=data.get("nonce") or None,
            code_challenge=data.get("code_challenge"),
            expires_at=now + CODE_LIFETIME,
        )
        salt = request.client.application.pairwise_salt
        hint = Hint(fingerprint(data.get("login_hint", "")), request.client.get_client_id(), new_id(), new_id(), salt)
        try:
            session = open_session(self._house.store, hint, kept, self._house.admit, now)
        except Refused as refusal:
            raise AccessDenied(description=refusal.sentence) from refusal
        if session is None:
            raise LoginRequiredError(description=_OPEN_AGAIN)
        return {"code": code}

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        """Use up the code. One that was used before ends the session it had opened (RFC 6749 4.1.2)."""
        house, code_hash, now = self._house, fingerprint(code), self._house.now()
        used = use_code(house.store, code_hash, client.get_client_id(), now)
        if used is None:
            end_session_of_code(house.store, code_hash, client.get_client_id(), now)
            return None
        return Code(used) if used.expires_at > now else None

    def authenticate_user(self, code: Code) -> Session | None:
        """Return the session the code belongs to, if its person may still come in."""
        session = find_session(self._house.store, code.kept.session_id)
        if session is None or session.ended_at is not None:
            return None
        try:
            self._house.admit(session)
        except Refused as refusal:
            raise InvalidGrantError(refusal.sentence) from refusal
        return session

    def delete_authorization_code(self, _code: Code) -> None:
        """Do nothing: it was used up when it was found, and is kept to notice a second use."""

    def save_authorization_code(self, _code: str, _request: OAuth2Request) -> Any:
        """Never called: code and session are kept together in `create_authorization_response`."""
        raise NotImplementedError
