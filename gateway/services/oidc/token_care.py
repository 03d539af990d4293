"""What a client may do with a token it holds: take it back (RFC 7009), or ask whether it still counts (RFC 7662)."""

from __future__ import annotations

from typing import Any, cast

from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from gateway.services.oidc.client import PROVING_METHODS, Client
from gateway.services.oidc.house import House
from gateway.services.oidc.server import Server
from gateway.services.oidc.token import checked
from gateway.services.oidc.wire import Answer, Incoming, ProtocolRequest
from gateway.store.tokens import Token, end_session_of, find_token, revoke_token
from keys.sealing import fingerprint
from providers.contract import Refused


class Held:
    """A kept token as Authlib's endpoints read it."""

    def __init__(self, secret: str, token: Token, house: House) -> None:
        self.hash, self.kept, self.house = fingerprint(secret), token, house

    def check_client(self, client: Client) -> bool:
        """Return whether it was given to this client."""
        return self.kept.session.application_id == client.get_client_id()

    def is_expired(self) -> bool:
        """Return whether its time is over, or its person may not be here any more."""
        try:
            self.house.admit(self.kept.session)
        except Refused:
            return True
        return self.kept.expires_at <= self.house.now()

    def is_revoked(self) -> bool:
        """Return whether it was taken back, used up, or its session has ended."""
        return not self.kept.is_good(self.house.now()) or self.kept.used_at is not None


def _held(house: House, secret: str) -> Held | None:
    found = find_token(house.store, fingerprint(secret))
    return None if found is None else Held(secret, found, house)


class Revocation(RevocationEndpoint):
    """Authlib's endpoint over our tables."""

    CLIENT_AUTH_METHODS = [*PROVING_METHODS, "none"]  # noqa: RUF012 - declared as Authlib does

    def query_token(self, token_string: str, _token_type_hint: str | None) -> Held | None:
        """Find the token; the hint is not needed."""
        return _held(self.server.house, token_string)

    def revoke_token(self, token: Held, _request: ProtocolRequest) -> None:
        """Take an access token back; with a refresh token the session ends, and all its tokens (RFC 7009 2.1)."""
        house = cast(House, self.server.house)
        if token.kept.kind == "refresh":
            end_session_of(house.store, token.kept.session.id, house.now(), tell=False)
        else:
            revoke_token(house.store, token.hash, house.now())


class Introspection(IntrospectionEndpoint):
    """Authlib's endpoint over our tables. A client learns of its own tokens alone, and only if it can keep a secret."""

    CLIENT_AUTH_METHODS = list(PROVING_METHODS)  # noqa: RUF012 - declared as Authlib does

    def query_token(self, token_string: str, _token_type_hint: str | None) -> Held | None:
        """Find the token; the hint is not needed."""
        return _held(self.server.house, token_string)

    def check_permission(self, token: Held, client: Client, _request: ProtocolRequest) -> bool:
        """Return whether the token is the client's own: of others it learns nothing, not even that they are."""
        return token.check_client(client)

    def introspect_token(self, token: Held) -> dict[str, Any]:
        """Say what the token is (RFC 7662 2.2)."""
        kept, session = token.kept, token.kept.session
        return {
            "active": True,
            "iss": token.house.issuer,
            "sub": session.subject,
            "aud": session.application_id,
            "client_id": session.application_id,
            "token_type": "Bearer" if kept.kind == "access" else "refresh_token",
            "scope": kept.scope,
            "iat": int(kept.issued_at.timestamp()),
            "exp": int(kept.expires_at.timestamp()),
            "sid": session.id,
        }


def revoke(house: House, incoming: Incoming) -> Answer:
    """Take a token back. An unknown one is no error (RFC 7009 2.2)."""
    return _answer(house, incoming, Revocation)


def introspect(house: House, incoming: Incoming) -> Answer:
    """Say whether a token of this client counts at this moment."""
    return _answer(house, incoming, Introspection)


def _answer(house: House, incoming: Incoming, endpoint: type[Revocation] | type[Introspection]) -> Answer:
    server = Server(house)
    server.register_endpoint(endpoint)
    return checked(server, incoming, lambda: server.create_endpoint_response(endpoint.ENDPOINT_NAME, incoming))
