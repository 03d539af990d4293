"""What an application learns of a person: pure functions from a session to claims."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gateway.store.sessions import Session

ID_TOKEN_LIFETIME = timedelta(hours=1)
_PROFILE = ("given_name", "family_name", "middle_name", "picture", "locale")
PROFILE_CLAIMS = ("name", *_PROFILE)
EMAIL_CLAIMS = ("email", "email_verified")


def profile_claims(session: Session, scope: str) -> dict[str, Any]:
    """Return the standard claims that are known and that these scopes allow (OpenID Connect Core 5.1, 5.4)."""
    user, scopes = session.user or {}, scope.split()
    claims: dict[str, Any] = {}
    if "profile" in scopes:
        claims["name"] = _full_name(user)
        claims |= {name: user.get(name) for name in _PROFILE}
    if "email" in scopes and user.get("email"):
        # Contact data from the school, proven by nobody: never true (attack C8).
        claims |= {"email": user["email"], "email_verified": False}
    return {name: value for name, value in claims.items() if value not in (None, "")}


def id_token_claims(
    session: Session, scope: str, *, issuer: str, nonce: str | None, access_token: str, now: datetime
) -> dict[str, Any]:
    """Return the ID token's claims. The launch's own come first, so that none of them can stand in for ours."""
    ours = {
        "iss": issuer,
        "sub": session.subject,
        "aud": session.application_id,
        "iat": int(now.timestamp()),
        "exp": int((now + ID_TOKEN_LIFETIME).timestamp()),
        "auth_time": int(session.created_at.timestamp()),
        "sid": session.id,
        "at_hash": _half_hash(access_token),
    }
    if nonce is not None:
        ours["nonce"] = nonce
    return {**session.claims, **profile_claims(session, scope), **ours}


def _full_name(user: Mapping[str, Any]) -> str:
    parts = (user.get("given_name"), user.get("family_name"))
    return user.get("name") or " ".join(part for part in parts if part)


def _half_hash(value: str) -> str:
    """Return the left half of the SHA-256, base64url (OpenID Connect Core 3.1.3.6, for RS256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(value.encode("ascii")).digest()[:16]).rstrip(b"=").decode()
