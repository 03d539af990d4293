"""Connecting a Blackboard Learn: the institution's administrator enters our Application ID and gets a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from providers.blackboard.settings import PORTALS
from providers.contract import OpenIdConfiguration, Placement, Registration, Tool, Wants
from providers.contract.registration import DEEP_LINKING_REQUEST
from providers.kit.lti import registration as by_the_book

_ALGORITHMS: Final = ("RS256", "RS512")


class BlackboardRegistration:
    """The developer portal's dynamic registration, done once for all institutions; deployments come later."""

    def tool_registration(self, tool: Tool, wants: Wants, platform: OpenIdConfiguration) -> dict[str, Any]:
        """Ask by the book."""
        return by_the_book.tool_registration(tool, wants, platform)

    def read_registration(self, answer: Mapping[str, Any], platform: OpenIdConfiguration) -> dict[str, Any]:
        """Return the settings; what the portal says wrongly of itself is left to follow from its name.

        Its configuration calls the issuer ``https://developer.blackboard.com``, while tokens say
        ``https://blackboard.com``, and names one key set for all applications instead of the application's own.
        """
        values = by_the_book.read_registration(answer, platform)
        values["algorithms"] = [name for name in values["algorithms"] if name in _ALGORITHMS]
        host = urlsplit(platform.issuer).hostname
        if host not in PORTALS:
            return values
        follows = {"issuer", "auth_login_url", "auth_token_url", "key_set_url"}
        kept = {name: value for name, value in values.items() if name not in follows}
        return kept | {"portal": host}


REGISTRATION: Final = Registration(
    asks=("client_id", "deployment_ids", "portal"),
    wants=Wants(
        placements=(Placement(), Placement("ContentArea", DEEP_LINKING_REQUEST)),
        scopes=(*by_the_book.SERVICE_SCOPES, by_the_book.GROUP_SCOPE),
        custom={"user_username": "$User.username", "context_id_history": "$Context.id.history"},
    ),
    dynamic=BlackboardRegistration(),
    hosts=("blackboard.com", "*.blackboard.com", "*.anthology.com"),
    shared_client=True,
)
