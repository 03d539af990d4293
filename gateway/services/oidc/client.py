"""An application as an OAuth 2.0 client: what it may ask for and how it proves itself."""

from __future__ import annotations

import hmac

from authlib.oauth2.rfc6749 import ClientMixin

from gateway.services.oidc.house import House
from gateway.store.applications import Application
from keys.sealing import fingerprint

# offline_access: the client may refresh its tokens (OpenID Connect Core 11); nobody is asked, the school has agreed.
# entitlements: what orders of the person's school entitle them to.
SCOPES = ("openid", "profile", "email", "offline_access", "entitlements")
GRANT_TYPES = ("authorization_code", "refresh_token", "client_credentials")
RESPONSE_TYPES = ("code",)
SECRET_METHODS = ("client_secret_basic", "client_secret_post")
KEY_METHOD = "private_key_jwt"
PROVING_METHODS = (*SECRET_METHODS, KEY_METHOD)


class Client(ClientMixin):
    """Wraps an application in the questions Authlib asks of a client."""

    def __init__(self, application: Application, house: House) -> None:
        self.application = application
        self.house = house

    def get_client_id(self) -> str:
        """Return the client id."""
        return self.application.id

    def get_default_redirect_uri(self) -> str | None:
        """Return None: OpenID Connect Core 3.1.2.1 wants it named in every request."""
        return None

    def get_allowed_scope(self, scope: str | None) -> str:
        """Return the scopes we know, in the order asked; unknown ones are ignored (OpenID Connect Core 3.1.2.1)."""
        asked = dict.fromkeys((scope or "").split())
        return " ".join(name for name in asked if name in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Return whether it is one of the registered ones, character for character (RFC 9700 2.1, attack G1)."""
        return redirect_uri in self.application.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Return whether this is a secret that counts now, in constant time."""
        asked = fingerprint(client_secret)
        return any(hmac.compare_digest(kept, asked) for kept in self.application.secret_hashes(self.house.now()))

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Return whether the application may prove itself like this: by its keys or its secret, if it has them."""
        if self.application.is_public:
            return method == "none"
        return method == KEY_METHOD if self.application.jwks is not None else method in SECRET_METHODS

    def check_response_type(self, response_type: str) -> bool:
        """Return whether it may ask for this response type."""
        return response_type in RESPONSE_TYPES

    def check_grant_type(self, grant_type: str) -> bool:
        """Return whether it may use this grant."""
        return grant_type in GRANT_TYPES
