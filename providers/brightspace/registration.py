"""Connecting a Brightspace: by dynamic registration, or with the values that it shows after manual registration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from providers.brightspace.settings import TOKEN_AUDIENCE
from providers.contract import OpenIdConfiguration, Placement, Registration, Tool, Wants
from providers.contract.registration import DEEP_LINKING_REQUEST
from providers.kit.lti import registration as by_the_book


class BrightspaceRegistration:
    """It opens our page in a new tab, mostly without a token, and registers us disabled.

    documentation.brightspace.com, page LTI_register_external_learning_tool
    """

    def tool_registration(self, tool: Tool, wants: Wants, platform: OpenIdConfiguration) -> dict[str, Any]:
        """Ask by the book."""
        return by_the_book.tool_registration(tool, wants, platform)

    def read_registration(self, answer: Mapping[str, Any], platform: OpenIdConfiguration) -> dict[str, Any]:
        """Return the settings. A deployment is in the answer only when the administrator let us configure one."""
        values = by_the_book.read_registration(answer, platform)
        del values["algorithms"]  # Brightspace signs with RS256
        audience = platform.token_audience or TOKEN_AUDIENCE
        return values | {"base_url": platform.issuer, "auth_audience": audience}


REGISTRATION: Final = Registration(
    asks=("base_url", "client_id", "deployment_ids"),
    wants=Wants(
        placements=(Placement(), Placement("ContentArea", DEEP_LINKING_REQUEST)),
        scopes=(*by_the_book.SERVICE_SCOPES, by_the_book.NOTICE_SCOPE),
        # The administrator ticks each variable in a list; one that is not ticked stays as it is written here.
        custom={"context_id_history": "$Context.id.history", "resource_link_id_history": "$ResourceLink.id.history"},
    ),
    dynamic=BrightspaceRegistration(),
    # Each school has its own host; tokens come from one of D2L's.
    hosts=("auth.brightspace.com", "*.brightspace.com"),
)
