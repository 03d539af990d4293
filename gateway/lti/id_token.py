"""Proves the ID token of a sign-in: form, key, signature and identity by the rules of a launch, without its message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.lti.identity_rules import Asked, check_identity
from gateway.lti.token import take_apart
from gateway.lti.trace import Trace
from gateway.lti.verifier import KeySource, check_signature
from providers.contract import LtiEndpoints


def prove_id_token(
    token: str, *, asked: Asked, endpoints: LtiEndpoints, keys: KeySource, now: float, trace: Trace
) -> Mapping[str, Any]:
    """Return the claims of an ID token that a provider gave for this sign-in (OpenID Connect Core 3.1.3.7).

    Raises:
        Failure: with the code of the first rule that does not hold.
    """
    parts = take_apart(token)
    check_signature(parts, endpoints, keys, trace)
    check_identity(parts.claims, asked, endpoints, now, trace)
    return parts.claims.copied()
