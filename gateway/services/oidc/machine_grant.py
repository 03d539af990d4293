"""Client credentials (RFC 6749 4.4): an application asks for a token for itself, with no person behind it."""

from __future__ import annotations

from typing import Any, Final, cast

from authlib.oauth2.rfc6749 import InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant

from gateway.services.gradebook.operations import GRADEBOOK
from gateway.services.oidc.client import PROVING_METHODS
from gateway.services.oidc.house import House
from gateway.services.oidc.tokens import ACCESS_TOKEN_LIFETIME, new_tokens
from gateway.services.oidc.wire import ProtocolRequest
from gateway.services.oneroster.operations import ROSTERING
from gateway.services.oneroster.resources import RESOURCES
from gateway.services.oneroster.version_1_1 import VERSION_1_1
from gateway.store.application_tokens import ApplicationToken, add_application_token
from gateway.store.applications import Application, application_of_token
from keys.sealing import fingerprint
from providers.contract import Refused, Untrusted

MACHINE_SCOPES: Final = (*GRADEBOOK.scopes, *ROSTERING.scopes, *RESOURCES.scopes, *VERSION_1_1.scopes)


class MachineGrant(ClientCredentialsGrant):
    """Authlib's grant over our tables."""

    request: ProtocolRequest

    TOKEN_ENDPOINT_AUTH_METHODS = list(PROVING_METHODS)  # noqa: RUF012 - declared as Authlib does

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Return a token for what of the scopes asked for this application may have; without any, for all."""
        application = cast(Application, self.request.client.application)
        allowed = dict.fromkeys((*MACHINE_SCOPES, *application.api_scopes))
        asked = dict.fromkeys(self.request.payload.data.get("scope", "").split()) or allowed
        scope = " ".join(name for name in asked if name in allowed)
        if not scope:
            raise InvalidScopeError
        token = new_tokens(scope=scope, include_refresh_token=False)
        house = cast(House, self.server.house)
        now = house.now()
        kept = ApplicationToken(application.id, scope, now + ACCESS_TOKEN_LIFETIME)
        add_application_token(house.store, fingerprint(token["access_token"]), kept, now)
        return 200, token, self.TOKEN_RESPONSE_HEADER


def application_of(house: House, authorization: str | None, *scopes: str) -> Application:
    """Return the application behind a bearer token that has one of these scopes.

    Raises:
        Untrusted: as `token_of`.
        Refused: ``api.scope_missing``.
    """
    token, application = token_of(house, authorization)
    if not set(scopes) & set(token.scope.split()):
        raise Refused("api.scope_missing", "The access token lacks the scope for this.")
    return application


def token_of(house: House, authorization: str | None) -> tuple[ApplicationToken, Application]:
    """Return a bearer token and its application.

    Raises:
        Untrusted: ``api.token_invalid``: no token, an unknown or an old one.
    """
    kind, _, secret = (authorization or "").partition(" ")
    found = application_of_token(house.store, fingerprint(secret)) if kind.lower() == "bearer" and secret else None
    if found is None or found[0].expires_at <= house.now() or not found[1].is_active:
        raise Untrusted("api.token_invalid", "Ask for a new access token at the token endpoint.")
    return found
