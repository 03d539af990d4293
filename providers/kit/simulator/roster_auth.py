"""How a simulated OneRoster provider proves who asks: written apart from our client, so that both agree by right."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlsplit

from providers.kit.simulator.roster_switches import RosterSwitches

CLIENT_ID, CLIENT_SECRET = "roster client", "s3cret/with+odd=signs&a space"
BEARER = "a-token-that-never-changes"
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


class Doorkeeper:
    """Hands out tokens and judges requests of one client."""

    def __init__(
        self, switches: RosterSwitches, client_id: str = CLIENT_ID, client_secret: str = CLIENT_SECRET
    ) -> None:
        self.switches, self._client_id, self._client_secret = switches, client_id, client_secret
        self.tokens: Counter[str] = Counter()  # token -> requests made with it
        self.token_requests = 0
        self.nonces: set[str] = set()

    def token(self, url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Answer at the token address: (status, body)."""
        self.token_requests += 1
        way, who = _credentials(headers, form)
        if urlsplit(url).query != self.switches.token_query:
            return 404, {}
        if way not in self.switches.client_auth or who != (self._client_id, self._client_secret):
            return 401, {"error": "invalid_client"}
        if self.switches.scope not in form.get("scope", ""):
            return 400, {"error": "invalid_scope"}
        value = f"token-{self.token_requests}"
        self.tokens[value] = 0
        life = self.switches.token_seconds
        told = {} if life is None else {"expires_in": life}
        return 200, {"access_token": value, "token_type": "bearer", **told}

    def lets_in(self, method: str, url: str, headers: Mapping[str, str]) -> bool:
        """Judge a request for records."""
        scheme, _, rest = headers.get("Authorization", "").partition(" ")
        if self.switches.auth == "oauth1":
            return scheme == "OAuth" and self._is_signed(method, url, rest)
        if scheme != "Bearer":
            return False
        if self.switches.auth == "bearer":
            return rest == BEARER
        if rest not in self.tokens:
            return False
        self.tokens[rest] += 1
        return not 0 < self.switches.token_dies_after < self.tokens[rest]

    def _is_signed(self, method: str, url: str, header: str) -> bool:
        told = {name: unquote(value) for name, value in _PARAMETER.findall(header)}
        signature, nonce = told.pop("oauth_signature", ""), told.get("oauth_nonce", "")
        known = told.get("oauth_signature_method") in self.switches.signature_methods
        if not known or nonce in self.nonces or told.get("oauth_consumer_key") != self._client_id:
            return False
        self.nonces.add(nonce)
        return hmac.compare_digest(signature, _signature(method, url, told, self._client_secret))


def _credentials(headers: Mapping[str, str], form: Mapping[str, str]) -> tuple[str, tuple[str, str]]:
    scheme, _, rest = headers.get("Authorization", "").partition(" ")
    if scheme == "Basic":
        name, _, secret = base64.b64decode(rest).decode().partition(":")
        return "basic", (unquote_plus(name), unquote_plus(secret))
    return "body", (form.get("client_id", ""), form.get("client_secret", ""))


def _signature(method: str, url: str, told: Mapping[str, str], secret: str) -> str:
    """RFC 5849 3.4: method, address without query, and all parameters, each encoded, sorted, encoded again."""
    parts = urlsplit(url)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *told.items()]
    encoded = sorted((quote(name, "~"), quote(value, "~")) for name, value in pairs)
    joined = "&".join(f"{name}={value}" for name, value in encoded)
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    base = "&".join(quote(part, "~") for part in (method, address, joined))
    kind = hashlib.sha256 if told["oauth_signature_method"] == "HMAC-SHA256" else hashlib.sha1
    key = f"{quote(secret, '~')}&"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), kind).digest()).decode()
