"""A simulated platform's token endpoint: believes a client assertion only with the tool's key (security 4.1)."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from providers.kit.lti import claims as names
from providers.kit.simulator.config import SimulatorConfig
from providers.kit.simulator.service_switches import ServiceSwitches

KeySet = Callable[[], Mapping[str, Any]]
_CLAIMS: Final = ("iss", "sub", "aud", "iat", "exp", "jti")


def no_keys() -> Mapping[str, Any]:
    """Return an empty key set: no tool is registered."""
    return {"keys": []}


class AccessTokens:
    """Tokens that were handed out. `tool_keys` returns the tool's public key set."""

    def __init__(self, config: SimulatorConfig, now: Callable[[], datetime], tool_keys: KeySet) -> None:
        self.config, self.now, self.tool_keys = config, now, tool_keys
        self.issued: dict[str, tuple[frozenset[str], float]] = {}
        self._spent: set[str] = set()

    def issue(self, form: Mapping[str, str], token_url: str, switches: ServiceSwitches) -> tuple[int, dict[str, Any]]:
        """Answer a token request: status and JSON."""
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        claims = None if switches.key_set_blocked else self._proven(form.get("client_assertion", ""))
        if claims is None or self._fault(claims, token_url, switches):
            return 400, {"error": "invalid_client"}
        asked = frozenset(form.get("scope", "").split())
        granted = asked if switches.access_scopes is None else asked & frozenset(switches.access_scopes)
        if not granted:
            return 400, {"error": "invalid_scope"}
        seconds = switches.access_token_seconds
        token = secrets.token_urlsafe(24)
        self.issued[token] = (granted, self.now().timestamp() + (seconds or 3600))
        answer = {"access_token": token, "token_type": switches.token_type, "scope": " ".join(sorted(granted))}
        return 200, answer | ({} if seconds is None else {"expires_in": seconds})

    def allows(self, header: str, scopes: tuple[str, ...]) -> int:
        """Return 200, or the status that refuses: 401 for no good token, 403 for the wrong scope."""
        granted, ends = self.issued.get(header.removeprefix("Bearer "), (frozenset[str](), 0.0))
        if not header.startswith("Bearer ") or ends <= self.now().timestamp():
            return 401
        return 200 if granted & set(scopes) else 403

    def forget(self) -> None:
        """Refuse every token from now on."""
        self.issued.clear()

    def _fault(self, claims: Mapping[str, Any], token_url: str, switches: ServiceSwitches) -> str:
        now, client = self.now().timestamp(), self.config.client_id
        wanted = switches.assertion_audience or token_url
        audience = claims["aud"]
        kinds = {"any": (str, list), "text": (str,), "list": (list,)}[switches.assertion_audience_kind]
        checks = {
            "iss": claims["iss"] == claims["sub"] == client,
            "aud": isinstance(audience, kinds) and wanted in ([audience] if isinstance(audience, str) else audience),
            "iat": type(claims["iat"]) is int and now - 300 <= claims["iat"] <= now + 30,
            "exp": type(claims["exp"]) is int and claims["exp"] > now,
            "jti": claims["jti"] not in self._spent,
            "deployment": not switches.assertion_deployment or names.DEPLOYMENT_ID in claims,
        }
        self._spent.add(claims["jti"])
        return next((name for name, is_well in checks.items() if not is_well), "")

    def _proven(self, assertion: str) -> dict[str, Any] | None:
        """Return the claims when one of the tool's keys, named by `kid`, made the signature."""
        try:
            head, body, signature = assertion.split(".")
            header, claims = json.loads(_octets(head)), json.loads(_octets(body))
            jwk = next(key for key in self.tool_keys()["keys"] if key["kid"] == header["kid"])
            numbers = rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"]))
            numbers.public_key().verify(_octets(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256())
        except (ValueError, KeyError, StopIteration, InvalidSignature):
            return None
        return claims if isinstance(claims, dict) and all(name in claims for name in _CLAIMS) else None


def _octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(text: str) -> int:
    return int.from_bytes(_octets(text), "big")
