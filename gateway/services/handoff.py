"""Sends a browser from an accepted launch to the application, by OpenID Connect third-party-initiated login."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlencode, urlsplit

from gateway.store.applications import Application
from keys.sealing import fingerprint

LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Handoff:
    """One way into one application: `url` is where the browser goes next.

    Keep `login_hint_hash`, `expires_at` and `application_id` with the launch; `login_hint` itself is a secret that
    only the browser carries. It opens that application once, until `expires_at`.
    """

    application_id: str
    login_hint: str
    login_hint_hash: bytes
    expires_at: datetime
    url: str


def begin(application: Application, *, issuer: str, target_link_uri: str | None, now: datetime) -> Handoff:
    """Return a new hand-off to this application. Touches no database.

    https://openid.net/specs/openid-connect-core-1_0.html#ThirdPartyInitiatedLogin
    """
    hint = secrets.token_urlsafe(32)
    return Handoff(
        application_id=application.id,
        login_hint=hint,
        login_hint_hash=fingerprint(hint),
        expires_at=now + LIFETIME,
        url=f"{_fixed_part(application.login_uri, issuer, application.id, target_link_uri)}&login_hint={hint}",
    )


@lru_cache(maxsize=4096)
def _fixed_part(login_uri: str, issuer: str, client_id: str, target_link_uri: str | None) -> str:
    """Return what is the same for everybody who goes there: quoting it anew would cost each launch."""
    query = {"iss": issuer, "client_id": client_id}
    if target_link_uri:
        query["target_link_uri"] = target_link_uri
    return with_query(login_uri, query)


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """Return the address with these parameters added; what it had is kept character for character."""
    separator = "&" if urlsplit(url).query else "?"
    return f"{url.removesuffix('?')}{separator}{urlencode(parameters)}"
