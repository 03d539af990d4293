"""Simulated Canvas's developer keys: dynamic registration in its own words, and a key made of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.request import urlopen

from providers.kit.lti.registration import PLATFORM_CONFIGURATION, TOOL_CONFIGURATION
from providers.kit.simulator.tool_desk import Reply, Tool, ToolDesk

if TYPE_CHECKING:
    from providers.kit.simulator.lti_platform import SimulatedPlatform

_OWN = "https://canvas.instructure.com/lti/"
# app/controllers/lti/ims/registration_controller.rb and its models check these
_FIXED: Mapping[str, Any] = {
    "application_type": "web",
    "grant_types": ["implicit", "client_credentials"],
    "response_types": ["id_token"],
    "token_endpoint_auth_method": "private_key_jwt",
}
# The standard's names for two of its own
_STANDARD: Mapping[str, str] = {"ContentArea": "link_selection", "RichTextEditor": "editor_button"}
_PLACEMENTS = frozenset({"course_navigation", "link_selection", "assignment_selection", "editor_button"})


class CanvasDesk(ToolDesk):
    """One account's developer keys."""

    configuration_path: ClassVar[str] = "/api/lti/security/openid-configuration"
    registration_path: ClassVar[str] = "/api/lti/registrations"
    words: ClassVar[Mapping[str, str]] = {
        "tools": "Developer Keys",
        "address": "Dynamic Registration URL",
        "register": "Continue",
        "by_hand": "+ LTI Key",
        "save": "Save",
        "enable": "Enable & Close",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "Key Name",
        "launch_url": "Redirect URIs",
        "configuration_url": "JSON URL (Method: Enter URL)",
        "configuration": "LTI 1.3 Configuration (Method: Paste JSON)",
    }
    shown: ClassVar[Mapping[str, str]] = {"client_id": "Details"}

    def __init__(self, platform: SimulatedPlatform) -> None:
        super().__init__(platform)
        self.placements: list[str] = []  # where the registered tool appears
        self.initiation_urls: dict[str, str] = {}  # region -> where that region's logins begin

    def register(self, body: Any, authorization: str, query: Mapping[str, str] | None = None) -> Reply:
        """Answer a registration; a message without a place appears in link selection (ltijs#230)."""
        reply = super().register(body, authorization, query)
        if reply.status in {200, 201}:
            places = (each.get("placements") or ["link_selection"] for each in body[TOOL_CONFIGURATION]["messages"])
            plain = (place.removeprefix(_OWN) for several in places for place in several)
            self.placements = [_STANDARD.get(place, place) for place in plain]
        return reply

    def new_client_id(self) -> str:
        """Return a global id: digits, the shard in front."""
        return f"1000000000{len(self.bodies) + 17:04}"

    def document(self) -> dict[str, Any]:
        """Add what Canvas says of the account."""
        document = super().document()
        about = document[PLATFORM_CONFIGURATION]
        about[_OWN + "account_name"] = "Northfield School"
        about["messages_supported"] = [
            {"type": kind, "placements": [_OWN + name for name in sorted(_PLACEMENTS)]}
            for kind in ("LtiResourceLinkRequest", "LtiDeepLinkingRequest")
        ]
        return document

    def fault(self, body: Any) -> str:
        """Check the members that Canvas checks."""
        if fault := super().fault(body):
            return fault
        return next((f"{name} is invalid" for name, wanted in _FIXED.items() if body.get(name) != wanted), "")

    def refusal(self, fault: str) -> Reply:
        """Return 422 with a list, which no standard names (canvas-lms#2396)."""
        return Reply(422, {"errors": [{"field": "registration", "message": fault}]})

    def answer(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Add where the registration can be looked at."""
        return super().answer(body) | {
            "registration_config_url": f"{self.platform.config.home}/api/lti/registrations/1"
        }

    def add(self, values: Mapping[str, str]) -> None:
        """Make a key of the pasted JSON, or of the JSON at an address."""
        text = values.get("configuration") or _read(values["configuration_url"])
        key = json.loads(text)
        custom = "\n".join(f"{name}={value}" for name, value in key["custom_fields"].items())
        self.initiation_urls = key.get("oidc_initiation_urls", {})
        self.take(
            Tool(
                name=values["name"],
                login_url=key["oidc_initiation_url"],
                launch_url=values["launch_url"].strip(),
                key_set_url=key["public_jwk_url"],
                custom=custom,
                scopes=tuple(key["scopes"]),
            )
        )


def _read(address: str) -> str:
    with urlopen(address, timeout=10) as answer:  # noqa: S310 - a simulator, on loopback
        return str(answer.read().decode())
