"""Simulated Schoology's app publisher and "Organization Apps": everything by hand."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from providers.kit.simulator.tool_desk import Tool, ToolDesk

if TYPE_CHECKING:
    from providers.schoology.simulator import SimulatedSchoology


class SchoologyDesk(ToolDesk):
    """One district's apps."""

    platform: SimulatedSchoology
    words: ClassVar[Mapping[str, str]] = {
        "tools": "My Developer Apps, and Organization Apps",
        "address": "",
        "register": "",
        "by_hand": "Add App: LTI 1.3 App",
        "save": "Submit",
        "enable": "Install LTI 1.3 App, Add to Organization",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "Title",
        "launch_url": "Domain/URL and Redirect URLs",
        "login_url": "OIDC Login Init URL",
        "key_set_url": "JWKS URL",
        "custom": "Custom parameters",
    }
    shown: ClassVar[Mapping[str, str]] = {"client_id": "client_id", "deployment_ids": "deployment_id"}

    def new_client_id(self) -> str:
        """Return ten digits."""
        return _ten_digits()

    def take(self, tool: Tool) -> None:
        """Keep the tool; its deployment begins with the app's own id."""
        super().take(tool)
        platform = self.platform
        platform.config = replace(platform.config, deployment_id=f"{platform.config.client_id}-{_ten_digits()}")
        platform.services.tokens.config = platform.config
        platform.app_custom = {
            name.strip(): value.strip() for name, _, value in (line.partition("=") for line in tool.custom.splitlines())
        }


def _ten_digits() -> str:
    return str(1_000_000_000 + secrets.randbelow(9_000_000_000))
