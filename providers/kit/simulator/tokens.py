"""Compact tokens made by hand, right ones and wrong ones: a simulator must be able to send what no library would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from providers.kit.simulator.keys import SigningKey, b64url


def compact(
    claims: Mapping[str, Any] | bytes, key: SigningKey, *, alg: str = "RS256", header: Mapping[str, Any] | None = None
) -> str:
    """Sign claims (or raw bytes as payload). `header` adds members or, with None as value, takes them away."""
    wanted = {"typ": "JWT", "alg": alg, "kid": key.kid} | dict(header or {})
    head = json.dumps({name: value for name, value in wanted.items() if value is not None}).encode()
    payload = claims if isinstance(claims, bytes) else json.dumps(dict(claims)).encode()
    message = f"{b64url(head)}.{b64url(payload)}"
    return f"{message}.{b64url(key.signer(alg)(message.encode()))}"
