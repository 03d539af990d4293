"""How a school connects a provider alone: what it offers, what we ask for, what we make of its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

# In the order in which a page offers them: the one with the fewest steps first.
Way = Literal["dynamic", "configuration", "manual"]
WAYS: Final[tuple[Way, ...]] = ("dynamic", "configuration", "manual")

RESOURCE_LINK_REQUEST: Final = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST: Final = "LtiDeepLinkingRequest"


@dataclass(frozen=True, slots=True)
class Tool:
    """What this gateway is to an LTI platform. `domain` is the host of its address, with the port if it has one."""

    name: str
    description: str
    public_url: str
    domain: str
    login_url: str
    launch_url: str
    key_set_url: str
    icon_url: str | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """One place where the tool appears. `name` is the platform's word; None: the platform decides."""

    name: str | None = None
    message_type: str = RESOURCE_LINK_REQUEST


@dataclass(frozen=True, slots=True)
class Wants:
    """What we ask a platform for. `custom` maps our parameters' names to the platform's variables (``$User.id``)."""

    placements: tuple[Placement, ...] = (Placement(),)
    scopes: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenIdConfiguration:
    """A platform's OpenID configuration (LTI Dynamic Registration 1.0), shapes checked, nothing believed yet.

    `messages` maps each message type that the platform supports to its placements; empty where it does not say.
    `document` is the whole of it, for what only one vendor says.
    """

    url: str
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str
    family_code: str = ""
    version: str = ""
    scopes: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = ()
    token_audience: str | None = None
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variables: tuple[str, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)


class DynamicRegistration(Protocol):
    """LTI Dynamic Registration 1.0 as this platform speaks it. Both calls are pure."""

    def tool_registration(self, tool: Tool, wants: Wants, platform: OpenIdConfiguration) -> dict[str, Any]:
        """Return the body that is posted to the platform's registration endpoint."""
        ...

    def read_registration(self, answer: Mapping[str, Any], platform: OpenIdConfiguration) -> dict[str, Any]:
        """Return the values of this room's settings. Raises BadData (``registration.answer_invalid``)."""
        ...


@dataclass(frozen=True, slots=True)
class Registration:
    """Capability: an administrator connects this provider without us. An absent way is None: no page offers it.

    `asks` names the settings that the page asks for when the values are typed in, in order; the rest keep their
    defaults. `hosts` are the provider's own hosts (``lms.example`` or ``*.lms.example``) on which its endpoints and
    its issuer may live beside the school's own host; on any other host they wait for an operator.
    `configuration` makes the JSON document that the platform reads from an address of ours. `shared_client`: one
    client id may serve many schools, so what somebody types in proves nothing and waits for an operator. `borrows`
    names settings of the client that an operator has set up before; until then no page offers the room.
    """

    asks: tuple[str, ...]
    wants: Wants = Wants()
    dynamic: DynamicRegistration | None = None
    configuration: Callable[[Tool, Wants], dict[str, Any]] | None = None
    hosts: tuple[str, ...] = ()
    shared_client: bool = False
    borrows: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[Way, ...]:
        """Ways that this room offers, the easiest first."""
        offered = {"dynamic": self.dynamic, "configuration": self.configuration, "manual": self.asks}
        return tuple(way for way in WAYS if offered[way])

    def is_own_host(self, host: str) -> bool:
        """Whether a host (lower case, a port only where it is not the default) is one of the provider's own."""
        return any(host == own or (own.startswith("*.") and host.endswith(own[1:])) for own in self.hosts)
