"""The Security Framework's rules for a signed id_token: who made it, for whom, when and for which login."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, Protocol

from gateway.lti.catalogue import refusal
from gateway.lti.trace import Trace
from providers.contract import LtiEndpoints

_LAST_MOMENT = 253_402_300_800  # the end of the year 9999


class Asked(Protocol):
    """The login that a token answers."""

    @property
    def nonce_text(self) -> str:
        """The nonce as it was sent."""
        ...


def check_identity(claims: Mapping[str, Any], state: Asked, endpoints: LtiEndpoints, now: float, trace: Trace) -> None:
    """Check issuer, audience, times and nonce (Security 5.1.3). Raises Untrusted with the code of the first fault."""
    check_registered(claims, endpoints, now, trace)
    _check_nonce(claims, state)
    trace.passed("nonce")


def check_registered(claims: Mapping[str, Any], endpoints: LtiEndpoints, now: float, trace: Trace) -> None:
    """Check issuer, audience and times: what holds for every token of a platform, with a login before it or without."""
    if claims.get("iss") != endpoints.issuer:
        raise refusal("lti.issuer_mismatch")
    trace.passed("issuer")
    _check_audience(claims, endpoints.client_id)
    trace.passed("audience")
    _check_times(claims, now, endpoints.leeway_seconds)
    trace.passed("times")


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    listed = [audience] if isinstance(audience, str) else audience
    if not isinstance(listed, list) or client_id not in listed:
        raise refusal("lti.audience_mismatch")
    authorized = claims.get("azp")
    # An extra audience is trusted only when the token says that it was issued to us (attack A8).
    if any(other != client_id for other in listed) and authorized is None:
        raise refusal("lti.audience_mismatch", "several audiences and no azp")
    if authorized is not None and authorized != client_id:
        raise refusal("lti.azp_mismatch")


def _check_times(claims: Mapping[str, Any], now: float, leeway: int) -> None:
    expires, issued = _number(claims, "exp"), _number(claims, "iat")
    if now > expires + leeway:
        raise refusal("lti.expired", f"{now - expires:.0f} s ago")
    if issued > now + leeway:
        raise refusal("lti.issued_in_future", f"{issued - now:.0f} s ahead")
    if "nbf" in claims and _number(claims, "nbf") > now + leeway:
        raise refusal("lti.not_yet_valid")


def _number(claims: Mapping[str, Any], name: str) -> float:
    """Return a NumericDate (RFC 7519 2). Ones beyond the year 9999 are refused: arithmetic must not overflow."""
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < _LAST_MOMENT:
        raise refusal("lti.time_claim_invalid", f"{name} is not a number of seconds")
    return value


def _check_nonce(claims: Mapping[str, Any], state: Asked) -> None:
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise refusal("lti.nonce_missing")
    if not compare_digest(nonce.encode(), state.nonce_text.encode()):
        raise refusal("lti.nonce_mismatch")
