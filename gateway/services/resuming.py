"""The application's own sign-in request, kept while its person chooses a school and signs in there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

# What of a request to the authorization endpoint goes on; anything else is not the application's to ask here.
KEPT: Final = (
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
)
LONGEST: Final = 2500  # browsers keep cookies of up to 4 KB


def request_to_keep(parameters: Mapping[str, str]) -> str:
    """Return the request as a query; empty when there is none, or it is longer than a cookie can be."""
    if not parameters.get("client_id"):
        return ""
    query = urlencode({name: parameters[name] for name in KEPT if name in parameters})
    return query if len(query) <= LONGEST else ""


def application_of(resume: str) -> str | None:
    """Return the client id of a kept request, None when there is none."""
    return dict(parse_qsl(resume)).get("client_id") or None


def resumed(public_url: str, resume: str, login_hint: str) -> str:
    """Return the address at which the application's request goes on, now that it is known who came."""
    return f"{public_url}/oauth2/authorize?{resume}&login_hint={login_hint}"
