"""Authlib's authorization server over our tables; one is made for each request and costs a few dictionary entries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from authlib.oauth2 import AuthorizationServer
from authlib.oidc.core import OpenIDCode

from gateway.services.oidc.assertion import authenticate
from gateway.services.oidc.claims import id_token_claims
from gateway.services.oidc.client import KEY_METHOD, Client
from gateway.services.oidc.code_grant import CodeGrant
from gateway.services.oidc.house import House
from gateway.services.oidc.machine_grant import MachineGrant
from gateway.services.oidc.pkce import S256Challenge
from gateway.services.oidc.refresh_grant import RefreshGrant
from gateway.services.oidc.tokens import keep_tokens, new_tokens
from gateway.services.oidc.wire import NEVER_KEPT, Answer, Incoming, ProtocolRequest
from gateway.store.applications import find_application


class IdToken(OpenIDCode):
    """Authlib's extension, with the token's claims and signature from the house."""

    def encode_id_token(self, token: Mapping[str, Any], request: Any) -> str:
        """Return the signed ID token."""
        house: House = request.client.house
        claims = id_token_claims(
            request.user,
            token["scope"],
            issuer=house.issuer,
            nonce=request.authorization_code.kept.nonce,
            access_token=token["access_token"],
            now=house.now(),
        )
        return house.sign(claims | house.entitled(request.user, token["scope"]))

    def exists_nonce(self, _nonce: str, _request: ProtocolRequest) -> bool:
        """Return False: a nonce guards the application, and its login hint was used up with it."""
        return False


class Server(AuthorizationServer):
    """Knows the clients and keeps the tokens."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house
        self._clients: dict[str, Client | None] = {}
        self.register_grant(CodeGrant, [S256Challenge(), IdToken()])
        self.register_grant(RefreshGrant)
        self.register_grant(MachineGrant)
        self.register_token_generator("default", new_tokens)
        self.register_client_auth_method(KEY_METHOD, partial(authenticate, house))

    def query_client(self, client_id: str) -> Client | None:
        """Return the client of this id, if it may sign people in."""
        if client_id not in self._clients:
            application = find_application(self.house.store, client_id)
            usable = application is not None and application.is_active
            self._clients[client_id] = Client(application, self.house) if application and usable else None
        return self._clients[client_id]

    def save_token(self, token: Mapping[str, Any], request: ProtocolRequest) -> None:
        """Keep the tokens' hashes."""
        keep_tokens(self.house, token, request.user, request.client.application)

    def create_oauth2_request(self, request: Incoming) -> ProtocolRequest:
        """Return the request as grants read it."""
        return ProtocolRequest(request)

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Answer:
        """Return what Authlib answers in our shape."""
        own = {name for name, _ in NEVER_KEPT}
        kept = tuple((name, value) for name, value in headers if name not in own and name != "Content-Type")
        return Answer(status, body, NEVER_KEPT + kept)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""
