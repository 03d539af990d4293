"""Simulated Brightspace's "LTI Advantage" screens: registered tools arrive disabled.

The addresses below are made up: the real ones come in the query of the registration and nobody may rely on them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from providers.kit.lti.registration import TOOL_CONFIGURATION
from providers.kit.simulator.tool_desk import ToolDesk

if TYPE_CHECKING:
    from providers.brightspace.simulator import SimulatedBrightspace

TOKEN_AUDIENCE: Final = "https://api.brightspace.com/auth/token"  # noqa: S105 - a name


class BrightspaceDesk(ToolDesk):
    """One school's registered tools."""

    platform: SimulatedBrightspace
    configuration_path: ClassVar[str] = "/d2l/.well-known/openid-configuration"
    registration_path: ClassVar[str] = "/d2l/lti/registrations"
    words: ClassVar[Mapping[str, str]] = {
        "tools": "LTI Advantage: registered tools",
        "address": "Tool initiation registration endpoint",
        "register": "Register (Dynamic)",
        "by_hand": "Register Tool (Standard)",
        "save": "Register",
        "enable": "Enabled, and create a deployment",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "Name",
        "launch_url": "Redirect URLs",
        "login_url": "OpenID Connect Login URL",
        "key_set_url": "Keyset URL",
        "custom": "Custom Parameters",
    }
    shown: ClassVar[Mapping[str, str]] = {
        "client_id": "Client Id",
        "key_set_url": "Brightspace Keyset URL",
        "auth_token_url": "Brightspace OAuth2 Access Token URL",
        "auth_login_url": "OpenID Connect Authentication Endpoint",
        "base_url": "Issuer",
        "deployment_ids": "Deployment Id",
    }

    @property
    def opens_a_tab(self) -> bool:
        """Open a new tab: our page can't tell it to close, its reader closes it."""
        return self.platform.switches.registration_tab

    def new_client_id(self) -> str:
        """Return a UUID."""
        return str(uuid.uuid4())

    def document(self) -> dict[str, Any]:
        """Name the audience of token requests, which is not the token address."""
        document = super().document()
        return (
            document | {"authorization_server": TOKEN_AUDIENCE} if self.platform.switches.names_audience else document
        )

    def fault(self, body: Any) -> str:
        """Want a domain that no other enabled tool has."""
        fault = super().fault(body)
        taken = self.platform.switches.taken_domain
        if not fault and taken and body[TOOL_CONFIGURATION]["domain"] == taken:
            return f"a registration with the domain {taken} is enabled already"
        return fault
