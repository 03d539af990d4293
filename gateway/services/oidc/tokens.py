"""Access and refresh tokens: what they look like, how long they count, what is kept of them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from gateway.services.oidc.house import House
from gateway.store.applications import Application
from gateway.store.sessions import Session
from gateway.store.tokens import NewToken, add_tokens
from keys.sealing import fingerprint

ACCESS_TOKEN_LIFETIME = timedelta(hours=1)
OFFLINE = "offline_access"


def new_tokens(*, scope: str, include_refresh_token: bool = True, **_: Any) -> dict[str, Any]:
    """Return a token answer (RFC 6749 5.1): random texts that say nothing, the refresh token only for its scope."""
    tokens = {
        "token_type": "Bearer",
        "access_token": secrets.token_urlsafe(32),
        "expires_in": int(ACCESS_TOKEN_LIFETIME.total_seconds()),
        "scope": scope,
    }
    if include_refresh_token and OFFLINE in scope.split():
        tokens["refresh_token"] = secrets.token_urlsafe(32)
    return tokens


def keep_tokens(
    house: House, token: Mapping[str, Any], session: Session, application: Application, *, refresh_scope: str = ""
) -> None:
    """Keep the hashes of an answer's tokens. `refresh_scope` is what the refresh token carries on, if it is more."""
    now = house.now()
    ends = session.created_at + timedelta(hours=application.session_hours)
    lives = {"access": now + ACCESS_TOKEN_LIFETIME, "refresh": ends}
    scopes = {"access": token["scope"], "refresh": refresh_scope or token["scope"]}
    kept = [
        NewToken(
            token_hash=fingerprint(token[f"{kind}_token"]),
            session_id=session.id,
            application_id=application.id,
            kind=kind,
            scope=scopes[kind],
            issued_at=now,
            expires_at=lives[kind],
        )
        for kind in lives
        if f"{kind}_token" in token
    ]
    add_tokens(house.store, kept)
