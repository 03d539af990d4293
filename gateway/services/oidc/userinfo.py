"""The userinfo endpoint: who the bearer's person is, as of now."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.services.oidc.claims import profile_claims
from gateway.services.oidc.house import House
from gateway.services.oidc.wire import NEVER_KEPT, Answer, Incoming
from gateway.store.tokens import Token, find_token
from keys.sealing import fingerprint
from providers.contract import Refused

_STATUS = {"invalid_request": 400, "invalid_token": 401, "insufficient_scope": 403}


class BearerRefused(Exception):
    """The error of RFC 6750 3.1; `error` is empty when no token was sent at all."""

    def __init__(self, error: str = "", description: str = "") -> None:
        super().__init__(error or "no token")
        self.error, self.description = error, description


def userinfo(house: House, incoming: Incoming) -> Answer:
    """Return the claims of the token's scopes (OpenID Connect Core 5.3)."""
    try:
        token = bearer(house, incoming)
        if "openid" not in token.scope.split():
            raise BearerRefused("insufficient_scope", "The token has no openid scope")
    except BearerRefused as refusal:
        return refused(house, refusal)
    told = profile_claims(token.session, token.scope) | house.entitled(token.session, token.scope)
    return Answer(200, {"sub": token.session.subject, **told})


def bearer(house: House, incoming: Incoming) -> Token:
    """Return the access token that was sent, when it counts and its person may still be here.

    Raises:
        BearerRefused: anything else.
    """
    secret = _sent(incoming)
    token = find_token(house.store, fingerprint(secret))
    if token is None or token.kind != "access" or not token.is_good(house.now()):
        raise BearerRefused("invalid_token", "The token is unknown, expired or revoked, or its session has ended")
    try:
        house.admit(token.session)
    except Refused as refusal:
        raise BearerRefused("invalid_token", refusal.sentence) from refusal
    return token


def refused(house: House, refusal: BearerRefused) -> Answer:
    """Return the answer that RFC 6750 3 asks for."""
    parts = {"realm": house.issuer, "error": refusal.error, "error_description": refusal.description}
    challenge = ", ".join(f'{name}="{value}"' for name, value in parts.items() if value)
    body: Mapping[str, str] | None = None
    if refusal.error:
        body = {"error": refusal.error, "error_description": refusal.description}
    return Answer(_STATUS.get(refusal.error, 401), body, (*NEVER_KEPT, ("WWW-Authenticate", f"Bearer {challenge}")))


def _sent(incoming: Incoming) -> str:
    """Return the token from the header or a form (RFC 6750 2.1, 2.2). Never from the query: logs keep those."""
    scheme, _, in_header = (incoming.authorization or "").partition(" ")
    found = [in_header.strip()] if scheme.lower() == "bearer" else []
    if incoming.method == "POST":
        found += incoming.values.get("access_token", ())
    if not found:
        raise BearerRefused
    if len(found) > 1 or not found[0].isascii():
        raise BearerRefused("invalid_request", "Send one token, once")
    return found[0]
