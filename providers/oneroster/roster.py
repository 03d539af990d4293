"""Turns the settings into a source for the kit's OneRoster client."""

from __future__ import annotations

from typing import Final

from providers.contract import Misconfigured
from providers.kit.oneroster.rest import Auth, Bearer, OAuth1, OAuth2, RestRoster, Source
from providers.kit.rest.token import TokenRequest
from providers.oneroster.settings import OneRosterSettings


def source_of(settings: OneRosterSettings) -> Source:
    """Return where and how to ask. Raises Misconfigured (``oneroster.setting_missing``)."""
    needed = {"client_id": settings.client_id} if settings.auth != "bearer" else {}
    needed |= {"token_url": settings.token_url} if settings.auth == "oauth2" else {}
    for missing in (name for name, value in needed.items() if not value):
        raise Misconfigured("oneroster.setting_missing", f"{missing} is missing: {settings.auth} needs it.")
    return Source(
        base_url=settings.base_url,
        auth=lambda: _auth(settings),
        version=settings.version,
        page_size=settings.page_size,
        users_from_students_and_teachers=settings.user_endpoints == "students_and_teachers",
        enrollments_from_classes=settings.enrollment_endpoints == "classes",
    )


def _auth(settings: OneRosterSettings) -> Auth:
    key, secret = settings.client_id, settings.client_secret
    match settings.auth:
        case "bearer":
            return Bearer(secret)
        case "oauth2":
            return OAuth2(TokenRequest(settings.token_url, key, secret, settings.scope, settings.client_auth))
        case "oauth1-sha256":
            return OAuth1(key, secret)
        case "oauth1-sha1":
            return OAuth1(key, secret, "HMAC-SHA1")


ROSTER: Final = RestRoster(source_of)
