"""The three ways to prove to a OneRoster provider who asks: OAuth 1.0a, OAuth 2, and a token that never changes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth1.rfc5849.parameters import prepare_headers
from authlib.oauth1.rfc5849.signature import construct_base_string
from authlib.oauth1.rfc5849.util import escape

from providers.contract import Context
from providers.kit.rest.token import ClientAuth, TokenRequest, fetch_token

SignatureMethod = Literal["HMAC-SHA256", "HMAC-SHA1", "PLAINTEXT"]
_HASHES: Final = {"HMAC-SHA256": hashlib.sha256, "HMAC-SHA1": hashlib.sha1}


class Auth(Protocol):
    """Credentials of one reading."""

    def headers(self, context: Context[Any], method: str, url: str, /) -> Mapping[str, str]:
        """Return the headers that prove who asks for this address."""
        ...

    def renew(self, context: Context[Any], /) -> bool:
        """Change what was just answered with 401; False when there is nothing else to try."""
        ...


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that an administrator copied from the provider's own screens."""

    token: str

    def headers(self, _context: Context[Any], _method: str, _url: str) -> Mapping[str, str]:
        """Return the token."""
        return {"Authorization": f"Bearer {self.token}"}

    def renew(self, _context: Context[Any]) -> bool:
        """Say that there is no other token."""
        return False


class OAuth2:
    """Client credentials (RFC 6749 4.4); tokens are shared by all who ask for this integration."""

    def __init__(self, request: TokenRequest) -> None:
        self._request = request
        self._value = ""

    def headers(self, context: Context[Any], _method: str, _url: str) -> Mapping[str, str]:
        """Return a token that is good for some time yet."""
        self._value = context.tokens.get(self._key(context), lambda: fetch_token(context, self._request))
        return {"Authorization": f"Bearer {self._value}"}

    def renew(self, context: Context[Any]) -> bool:
        """Forget the refused token, so that the next request brings another."""
        context.tokens.refused(self._key(context), self._value)
        return True

    def _key(self, context: Context[Any]) -> tuple[str, ...]:
        return (context.integration_id, self._request.url, self._request.client_id, self._request.scope)


class OAuth1:
    """Two-legged OAuth 1.0a (RFC 5849): each request is signed with the consumer's secret.

    The specification of OneRoster 1.1 was read in two ways, so a provider that answers 401 to HMAC-SHA256 is asked once
    with HMAC-SHA1. `realm` is told where a vendor wants it; it is not signed.
    """

    def __init__(
        self,
        key: str,
        secret: str,
        method: SignatureMethod = "HMAC-SHA256",
        *,
        fall_back: bool = True,
        realm: str | None = None,
    ) -> None:
        self._key, self._secret, self._method, self._fall_back = key, secret, method, fall_back
        self._realm = realm

    def headers(self, context: Context[Any], method: str, url: str) -> Mapping[str, str]:
        """Return the signature of this request."""
        told = {
            "oauth_consumer_key": self._key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": self._method,
            "oauth_timestamp": str(int(context.now().timestamp())),
            "oauth_version": "1.0",
        }
        told["oauth_signature"] = self._sign(method, url, told)
        signed: dict[str, str] = prepare_headers(list(told.items()), realm=self._realm)
        return signed

    def renew(self, context: Context[Any]) -> bool:
        """Change to HMAC-SHA1, once."""
        if self._method != "HMAC-SHA256" or not self._fall_back:
            return False
        self._method = "HMAC-SHA1"
        context.log("rest.signature_method_changed", method=self._method)
        return True

    def _sign(self, method: str, url: str, told: Mapping[str, str]) -> str:
        if self._method == "PLAINTEXT":  # RFC 5849 3.4.4
            return f"{escape(self._secret)}&"
        # Authlib takes oauth_ values as they stand in the header, all others as they are.
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        base = construct_base_string(method, url, [*query, *((name, escape(value)) for name, value in told.items())])
        digest = hmac.digest(f"{escape(self._secret)}&".encode(), base.encode(), _HASHES[self._method])
        return b64encode(digest).decode()


__all__ = ["Auth", "Bearer", "ClientAuth", "OAuth1", "OAuth2", "SignatureMethod", "TokenRequest"]
