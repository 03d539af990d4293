"""Simulated Blackboard's developer portal, and the institution's "LTI Tool Providers".

The addresses below are made up: the real ones come in the query of the registration and nobody may rely on them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from providers.kit.lti.registration import TOOL_CONFIGURATION
from providers.kit.simulator.tool_desk import Reply, ToolDesk

if TYPE_CHECKING:
    from providers.blackboard.simulator import SimulatedBlackboard

PORTAL_ISSUER: Final = "https://developer.blackboard.com"


class BlackboardDesk(ToolDesk):
    """One developer's applications; the institution's deployment comes afterwards."""

    platform: SimulatedBlackboard
    configuration_path: ClassVar[str] = "/api/v1/gateway/openid-configuration"
    registration_path: ClassVar[str] = "/api/v1/management/registrations"
    words: ClassVar[Mapping[str, str]] = {
        "tools": "My Apps, and the institution's LTI Tool Providers",
        "address": "Dynamic registration URL",
        "register": "Register a LTI 1.3 or LTI Advantage tool",
        "by_hand": "Register a LTI 1.3 or LTI Advantage tool by hand",
        "save": "Register",
        "enable": "Register LTI 1.3/Advantage Tool: Approved",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "Application Name",
        "launch_url": "Tool Redirect URL(s)",
        "login_url": "Login Initiation URL",
        "key_set_url": "Tool JWKS URL",
        "custom": "Custom parameters",
    }
    shown: ClassVar[Mapping[str, str]] = {
        "client_id": "Application ID",
        "issuer": "Issuer",
        "key_set_url": "Public keyset URL",
        "auth_token_url": "Auth token endpoint",
        "auth_login_url": "OIDC auth request endpoint",
        "deployment_ids": "Deployment ID",
    }

    def __init__(self, platform: SimulatedBlackboard) -> None:
        super().__init__(platform)
        self._in_address = self.new_token()

    def new_client_id(self) -> str:
        """Return a UUID."""
        return str(uuid.uuid4())

    def document(self) -> dict[str, Any]:
        """Carry the token in the registration endpoint's own query, and call the portal the issuer."""
        document = super().document()
        document["registration_endpoint"] += f"?registrationToken={self._in_address}"
        document["id_token_signing_alg_values_supported"] = ["RS256", "RS512"]
        return document | {"issuer": PORTAL_ISSUER} if self.platform.switches.portal_issuer else document

    def address_fault(self, query: Mapping[str, str]) -> str:
        """Want the token that stood in the address."""
        return "" if query.get("registrationToken") == self._in_address else "registrationToken is missing or unknown"

    def fault(self, body: Any) -> str:
        """Want a domain that no other tool has."""
        fault = super().fault(body)
        taken = self.platform.switches.taken_domain
        if not fault and taken and body[TOOL_CONFIGURATION]["domain"] == taken:
            return f"the domain {taken} belongs to another tool"
        return fault

    def refusal(self, fault: str) -> Reply:
        """Refuse with a status and a message."""
        return Reply(400, {"status": 400, "message": fault})
