"""Takes apart a token that claims to be ours, trusting nothing in it before its signature is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from keys.signing import base64url, from_base64url

MAX_TOKEN_CHARS = 64 * 1024


class TokenRefused(Exception):
    """The token is not one that we signed, or not of the kind asked for."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A token taken apart; nothing in it is proven yet."""

    kid: str
    claims: dict[str, Any]
    signing_input: bytes
    signature: bytes


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    """What we write ourselves and nothing else: `crit`, `jwk`, `jku` and the like are refused by being unknown."""

    alg: str
    kid: str
    typ: str


def read(token: str, typ: str) -> Parts:
    """Take a compact JWS of ours apart, or raise TokenRefused."""
    if len(token) > MAX_TOKEN_CHARS or token.count(".") != 2:
        raise TokenRefused("not a compact JWS")
    signing_input, _, signature = token.rpartition(".")
    header_text, _, payload = signing_input.partition(".")
    try:
        header = msgspec.json.decode(from_base64url(header_text), type=_Header)
        claims = msgspec.json.decode(from_base64url(payload), type=dict[str, Any])
        parts = Parts(header.kid, claims, signing_input.encode("ascii"), from_base64url(signature))
    except (ValueError, RecursionError) as error:
        raise TokenRefused("not a token of ours") from error
    if header.alg != "RS256" or header.typ != typ or base64url(parts.signature) != signature:
        raise TokenRefused("not a token of this kind")
    return parts
