"""The LTI 1.1 migration claim: an id of the old days counts only with a signature made by the old shared secret.

https://www.imsglobal.org/spec/lti/v1p3/migr#lti-1-1-migration-claim
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from hmac import digest as hmac
from typing import Any

from providers.contract import VerifiedClaims
from providers.kit.lti import claims as names
from providers.kit.lti.shapes import LONGEST_ID, storable

_MEMBERS = ("user_id", "context_id", "resource_link_id", "tool_consumer_instance_guid")


@dataclass(frozen=True, slots=True)
class LegacyKey:
    """What this platform and the tool shared under LTI 1.1."""

    consumer_key: str
    secret: str


def read_legacy(claims: VerifiedClaims, key: LegacyKey, client_id: str) -> dict[str, str] | str:
    """Return the proven old ids by LTI 1.1's names, or why the claim counts for nothing.

    An id that did not change may be left out of the claim: then it is that of the launch.
    """
    claim = claims.get(names.LTI1P1)
    if not isinstance(claim, Mapping):
        return "no object"
    signature = claim.get("oauth_consumer_key_sign")
    if not isinstance(claim.get("oauth_consumer_key"), str) or not isinstance(signature, str):
        return "not signed"  # one platform sometimes leaves the key out
    if claim["oauth_consumer_key"] != key.consumer_key:
        return "signed with another key"
    if not _is_signature(signature, claims, key, client_id):
        return "the signature does not match"
    told = {**_of_launch(claims), **{name: claim[name] for name in _MEMBERS if claim.get(name) is not None}}
    return {name: value for name, value in told.items() if _is_id(value)}


def signature_of(key: LegacyKey, *, deployment_id: str, issuer: str, client_id: str, expires: int, nonce: str) -> bytes:
    """Return the HMAC-SHA256 that proves who made the claim, before it is written in base64."""
    message = "&".join((key.consumer_key, deployment_id, issuer, client_id, str(expires), nonce))
    return hmac(key.secret.encode(), message.encode(), "sha256")


def _is_signature(signature: str, claims: VerifiedClaims, key: LegacyKey, client_id: str) -> bool:
    try:
        given = b64decode(signature, validate=True)
    except ValueError:
        return False
    expected = signature_of(
        key,
        deployment_id=str(claims[names.DEPLOYMENT_ID]),
        issuer=str(claims["iss"]),
        client_id=client_id,
        expires=int(claims["exp"]),
        nonce=str(claims["nonce"]),
    )
    return compare_digest(given, expected)


def _of_launch(claims: VerifiedClaims) -> dict[str, Any]:
    ids = {
        "user_id": claims.get("sub"),
        "context_id": (claims.get(names.CONTEXT) or {}).get("id"),
        "resource_link_id": (claims.get(names.RESOURCE_LINK) or {}).get("id"),
    }
    return {name: value for name, value in ids.items() if value is not None}


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_ID and storable(value) == value and bool(value.strip())
