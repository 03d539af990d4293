"""What an authorization endpoint demands of the request: https://www.imsglobal.org/spec/security/v1p0 5.1.1.2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlsplit

REQUIRED: Final = (
    "client_id",
    "login_hint",
    "lti_message_hint",
    "nonce",
    "prompt",
    "redirect_uri",
    "response_mode",
    "response_type",
    "scope",
)
FIXED: Final = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}


def missing(request: Mapping[str, str]) -> list[str]:
    """Name the required parameters that are absent or empty."""
    return [name for name in REQUIRED if not request.get(name)]


def wrong(request: Mapping[str, str]) -> list[str]:
    """Name the parameters that have but one allowed value and another one here."""
    return [name for name, value in FIXED.items() if request.get(name) != value]


def redirect_known(redirect_uri: str, registered: Sequence[str]) -> bool:
    """Whether the address is registered: same base; a registered query's parameters must be there, others may."""
    return any(_fits(redirect_uri, allowed) for allowed in registered)


def _fits(given: str, allowed: str) -> bool:
    given_parts, allowed_parts = urlsplit(given), urlsplit(allowed)
    if given_parts._replace(query="") != allowed_parts._replace(query=""):
        return False
    return set(parse_qsl(allowed_parts.query)) <= set(parse_qsl(given_parts.query))
