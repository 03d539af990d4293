"""Canvas's dynamic registration: by the book, plus its own members below https://canvas.instructure.com/lti/.

https://canvas.instructure.com/doc/api/file.registration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from providers.canvas.settings import ENVIRONMENTS
from providers.contract import OpenIdConfiguration, Tool, Wants
from providers.kit.lti import registration as by_the_book

_OWN: Final = "https://canvas.instructure.com/lti/"


def tool_registration(tool: Tool, wants: Wants, platform: OpenIdConfiguration) -> dict[str, Any]:
    """Ask for names and SIS ids, and have the tool shown in every course's navigation."""
    body = by_the_book.tool_registration(tool, wants, platform)
    configuration = body[by_the_book.TOOL_CONFIGURATION]
    configuration[_OWN + "privacy_level"] = "public"
    for message in configuration["messages"]:
        if "course_navigation" in message.get("placements", ()):
            message[_OWN + "course_navigation/default_enabled"] = True
    return body


def read_registration(answer: Mapping[str, Any], platform: OpenIdConfiguration) -> dict[str, Any]:
    """Return the developer key's settings; endpoints are kept where they differ from the environment's own."""
    environment, host = _environment_of(platform.issuer)
    endpoints = {
        "issuer": (platform.issuer, ENVIRONMENTS[environment][0]),
        "auth_login_url": (platform.authorization_endpoint, f"{host}/api/lti/authorize_redirect"),
        "auth_token_url": (platform.token_endpoint, f"{host}/login/oauth2/token"),
        "key_set_url": (platform.jwks_uri, f"{host}/api/lti/security/jwks"),
        "auth_audience": (platform.token_audience, None),
    }
    return {
        "client_id": by_the_book.client_id(answer),
        "environment": environment,
        "deployment_ids": by_the_book.deployment_ids(answer),
        **{name: given for name, (given, usual) in endpoints.items() if given != usual},
    }


def _environment_of(issuer: str) -> tuple[str, str]:
    """Return (environment, its host); a Canvas with an issuer of its own counts as production."""
    for name, (known, host) in ENVIRONMENTS.items():
        if issuer == known:
            return name, host
    return "production", ENVIRONMENTS["production"][1]
