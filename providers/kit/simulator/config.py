"""Where a simulated platform lives and which tool it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """The one tool it has, and where it lives: at `issuer`, unless `base_url` says otherwise.

    The demo frames `panel_url` below the tool and leads back to `start_url`; without them pages show neither.
    """

    issuer: str
    client_id: str
    deployment_id: str
    tool_login_url: str
    tool_redirect_url: str
    target_link_uri: str
    base_url: str = ""
    panel_url: str = ""
    start_url: str = ""

    @property
    def home(self) -> str:
        """Base address of the platform's own pages and endpoints."""
        return (self.base_url or self.issuer).rstrip("/")


class Paths(NamedTuple):
    """Paths of the platform's endpoints."""

    authorize: str = "/auth"
    key_set: str = "/jwks"
    token: str = "/token"  # noqa: S105 - a path
    members: str = "/courses/{course}/members"
    line_items: str = "/courses/{course}/line_items"
    groups: str = "/courses/{course}/groups"
    group_sets: str = "/courses/{course}/group-sets"
    notice_handlers: str = "/notice-handlers"
