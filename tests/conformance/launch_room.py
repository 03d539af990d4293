"""A room with launches beside its simulated platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from providers.contract import Launch, LtiLaunch, Provider, VerifiedClaims
from providers.kit.simulator import SimulatedPlatform, SimulatorConfig

CONFIG = SimulatorConfig(
    issuer="http://127.0.0.1:9001",
    client_id="10000000000001",
    deployment_id="7:0123456789abcdef0123456789abcdef01234567",
    tool_login_url="http://localhost:8000/lti/login",
    tool_redirect_url="http://localhost:8000/lti/launch",
    target_link_uri="http://localhost:8000/lti/launch",
)


@dataclass(frozen=True)
class LaunchRoom:
    """A room with launches, its simulated platform and the settings that belong to it."""

    plate: Provider
    launch: LtiLaunch[Any]
    platform: SimulatedPlatform
    settings: Any

    def read(self, claims: dict[str, Any]) -> Launch:
        return self.launch.read_launch(VerifiedClaims(claims), self.settings)
