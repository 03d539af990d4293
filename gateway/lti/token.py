"""Takes an id_token apart without believing it: size, shape, duplicate names and depth come before any decoding."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

from gateway.lti.catalogue import refusal
from providers.contract import UnverifiedClaims

LARGEST_TOKEN = 64 * 1024
DEEPEST = 32
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # possessive: linear on any input
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """The parts of a token before its signature was checked."""

    header: dict[str, Any]
    claims: UnverifiedClaims
    signing_input: bytes
    signature: bytes


def take_apart(text: str) -> UnverifiedToken:
    """Split a compact JWS (RFC 7515 7.1).

    Raises:
        Untrusted: ``lti.token_too_large``; ``lti.token_malformed`` for any other shape, for JSON nested deeper
            than 32 levels and for an object that names a member twice (attack A4).
    """
    if len(text) > LARGEST_TOKEN:
        raise refusal("lti.token_too_large", f"{len(text)} characters")
    if not _SHAPE.fullmatch(text):
        raise refusal("lti.token_malformed", "not three base64url parts")
    signing_input, _, signature = text.rpartition(".")
    header, _, payload = signing_input.partition(".")
    return UnverifiedToken(
        header=_object(header, "header"),
        claims=UnverifiedClaims(_object(payload, "payload")),
        signing_input=signing_input.encode(),
        signature=_decode(signature, "signature"),
    )


def _decode(part: str, which: str) -> bytes:
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError as fault:
        raise refusal("lti.token_malformed", f"{which} is not base64url") from fault


def _object(part: str, which: str) -> dict[str, Any]:
    raw = _decode(part, which)
    if _is_deep(raw):
        raise refusal("lti.token_malformed", f"{which} is nested deeper than {DEEPEST} levels")
    try:
        # Decoded here: given bytes, Python's reader would also take UTF-16 and half surrogates (RFC 8259 8.1).
        value = _JSON.decode(raw.decode())
    except ValueError as fault:  # JSON and UTF-8 errors alike
        raise refusal("lti.token_malformed", f"{which} is not plain JSON") from fault
    if not isinstance(value, dict):
        raise refusal("lti.token_malformed", f"{which} is not a JSON object")
    if not _is_storable(raw, value):
        raise refusal("lti.token_malformed", f"{which} has characters that are no text")
    return value


def _is_storable(raw: bytes, value: dict[str, Any]) -> bool:
    """Return whether every text is one: no NUL (PostgreSQL keeps none) and no half of a surrogate pair."""
    if rb"\u" not in raw:
        return True
    if rb"\u0000" in raw:
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_deep(raw: bytes) -> bool:
    depth = 0
    brackets = raw.translate(None, _NO_BRACKETS)
    if brackets.count(b"{") + brackets.count(b"[") <= DEEPEST:
        return False
    # Closing brackets inside texts would hide how deep it goes.
    brackets = _TEXTS.sub(b"", raw).translate(None, _NO_BRACKETS)
    for bracket in brackets:
        depth += 1 if bracket in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate member")
    return members


def _no_constant(_text: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


_JSON = json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
