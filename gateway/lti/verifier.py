"""Proves one token: form, key, signature, identity, message, in that order; the only maker of VerifiedClaims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from gateway.lti.catalogue import refusal
from gateway.lti.identity_rules import check_identity, check_registered
from gateway.lti.message_rules import check_message
from gateway.lti.notice_rules import check_notice
from gateway.lti.second_opinion import check_second_opinion
from gateway.lti.state import State
from gateway.lti.token import UnverifiedToken, take_apart
from gateway.lti.trace import Trace
from keys.remote_faults import KeySetInvalid, KeySetUnavailable, UnknownKey
from keys.remote_key import RemoteKey
from providers.contract import LtiEndpoints, VerifiedClaims

_OWN_KEYS = ("jwk", "jku", "x5u", "x5c")


class KeySource(Protocol):
    """Where platforms' public keys come from."""

    def find(self, url: str, kid: str) -> RemoteKey:
        """Return the key. Raises UnknownKey, KeySetUnavailable or KeySetInvalid."""
        ...

    def find_other(self, url: str, than: RemoteKey) -> RemoteKey:
        """Return the key that took this one's place under the same kid. Raises like `find`."""
        ...


def verify(
    token: str, *, state: State, endpoints: LtiEndpoints, keys: KeySource, now: float, trace: Trace
) -> VerifiedClaims:
    """Prove an id_token against the registration that its state belongs to.

    `now` is in epoch seconds. Every check leaves a line in `trace`.

    Raises:
        Failure: with the code of the first rule that does not hold (see `gateway.lti.catalogue`).
    """
    parts = take_apart(token)
    trace.passed("token")
    check_signature(parts, endpoints, keys, trace)
    claims = parts.claims
    if "iss" not in claims and not any(name.startswith("https://purl.imsglobal.org/") for name in claims):
        raise refusal("lti.message_invalid", "neither iss nor any LTI claim")
    check_identity(claims, state, endpoints, now, trace)
    check_message(claims, state, endpoints, trace)
    check_second_opinion(claims)
    return VerifiedClaims(claims.copied())


def verify_notice(token: str, *, endpoints: LtiEndpoints, keys: KeySource, now: float, trace: Trace) -> VerifiedClaims:
    """Prove a notice of the registration whose address it was sent to: no login and no nonce of ours precede it.

    Its own id keeps it from counting twice. Raises Failure as `verify` does.
    """
    parts = take_apart(token)
    trace.passed("token")
    check_signature(parts, endpoints, keys, trace)
    check_registered(parts.claims, endpoints, now, trace)
    check_notice(parts.claims, trace)
    return VerifiedClaims(parts.claims.copied())


def check_signature(parts: UnverifiedToken, endpoints: LtiEndpoints, keys: KeySource, trace: Trace) -> None:
    """Check header, key and signature. Raises what is wrong with them."""
    algorithm, kid = _read_header(parts.header, endpoints.algorithms)
    trace.passed("algorithm", algorithm)
    key = _find_key(keys, endpoints.key_set_url, kid)
    trace.passed("key")
    if not key.verify(parts.signing_input, parts.signature, algorithm):
        _check_against_other(parts, endpoints, keys, key, algorithm)
        trace.passed("key", "read anew")
    trace.passed("signature")


def _check_against_other(
    parts: UnverifiedToken, endpoints: LtiEndpoints, keys: KeySource, key: RemoteKey, algorithm: str
) -> None:
    """Try the key that the platform may have put in this one's place: some keep a kid when they rotate."""
    try:
        other = keys.find_other(endpoints.key_set_url, key)
    except (UnknownKey, KeySetUnavailable, KeySetInvalid) as fault:
        raise refusal("lti.signature_invalid") from fault
    if not other.verify(parts.signing_input, parts.signature, algorithm):
        raise refusal("lti.signature_invalid")


def _read_header(header: Mapping[str, Any], algorithms: tuple[str, ...]) -> tuple[str, str]:
    algorithm = header.get("alg")
    if algorithm not in algorithms:
        raise refusal("lti.alg_not_allowed")
    if "crit" in header:
        raise refusal("lti.header_crit")
    for name in _OWN_KEYS:
        if name in header:
            raise refusal("lti.header_key_embedded", name)
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise refusal("lti.kid_missing")
    return algorithm, kid


def _find_key(keys: KeySource, url: str, kid: str) -> RemoteKey:
    try:
        return keys.find(url, kid)
    except UnknownKey as fault:
        raise refusal("lti.kid_unknown") from fault
    except (KeySetUnavailable, KeySetInvalid) as fault:
        raise refusal("lti.key_set_unavailable", str(fault)) from fault
