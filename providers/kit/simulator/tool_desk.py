"""A simulated platform's administration of its one tool: dynamic registration by the book, and values typed in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal
from urllib.parse import urlencode

from providers.kit.lti.registration import (
    GROUP_SCOPE,
    NOTICE_SCOPE,
    PLATFORM_CONFIGURATION,
    SERVICE_SCOPES,
    TOOL_CONFIGURATION,
)

if TYPE_CHECKING:
    from providers.kit.simulator.lti_platform import SimulatedPlatform

State = Literal["none", "off", "on"]
_REQUIRED: Final = (
    "response_types",
    "initiate_login_uri",
    "redirect_uris",
    "client_name",
    "jwks_uri",
    "token_endpoint_auth_method",
)


@dataclass(frozen=True, slots=True)
class Tool:
    """The tool as its administrator sees it."""

    name: str
    login_url: str
    launch_url: str
    key_set_url: str
    custom: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What an endpoint answers; a text is sent as text, anything else as JSON."""

    status: int
    body: Any


class ToolDesk:
    """A vendor's own desk overrides the words on its pages, its paths, and what it does otherwise."""

    configuration_path: ClassVar[str] = "/.well-known/openid-configuration"
    registration_path: ClassVar[str] = "/registrations"
    # What its screens call things; the keys are what a test looks for.
    words: ClassVar[Mapping[str, str]] = {
        "tools": "External tools",
        "address": "Registration URL",
        "register": "Register",
        "by_hand": "Add a tool by hand",
        "save": "Save",
        "enable": "Enable",
    }
    # The fields of the form for a tool typed in, and what the platform then shows: name -> label.
    fields: ClassVar[Mapping[str, str]] = {
        "name": "Name",
        "launch_url": "Launch URL and redirect URI",
        "login_url": "OpenID Connect initiation URL",
        "key_set_url": "Public keyset URL",
        "custom": "Custom parameters",
    }
    shown: ClassVar[Mapping[str, str]] = {
        "issuer": "Platform ID (issuer)",
        "client_id": "Client ID",
        "auth_login_url": "Authentication request URL",
        "key_set_url": "Public keyset URL",
        "auth_token_url": "Access token URL",
        "deployment_ids": "Deployment ID",
    }

    def __init__(self, platform: SimulatedPlatform) -> None:
        self.platform = platform
        self.state: State = "none"
        self.tool: Tool | None = None
        self.tokens: dict[str, bool] = {}  # a registration token -> whether it was spent
        self.bodies: list[Mapping[str, Any]] = []  # the registrations that were sent

    def open_registration(self, address: str) -> str:
        """Return the address that the administrator's browser opens for a tool's registration address."""
        query = {"openid_configuration": self.platform.config.home + self.configuration_path}
        if self.platform.switches.registration_token:
            token = self.new_token()
            self.tokens[token] = False
            query["registration_token"] = token
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    @property
    def opens_a_tab(self) -> bool:
        """Whether a registration opens in a tab of its own, which nobody who opened it hears from, not in a frame."""
        return False

    def new_token(self) -> str:
        """Return a registration token."""
        return secrets.token_urlsafe(24)

    def new_client_id(self) -> str:
        """Return a client id as this platform makes them."""
        return secrets.token_hex(8)

    def configuration(self, authorization: str) -> Reply:
        """Answer for the OpenID configuration."""
        switches = self.platform.switches
        if switches.registration_token and switches.configuration_guarded and self._token(authorization) is None:
            return Reply(401, {"error": "invalid_token"})
        told = self.document()
        return Reply(200, {name: told[name] for name in told if name not in switches.configuration_without})

    def more_scopes(self) -> list[str]:
        """Return the scopes of services that not every platform has."""
        switches = self.platform.switches
        return [*([NOTICE_SCOPE] if switches.notices else ()), *([GROUP_SCOPE] if switches.groups else ())]

    def document(self) -> dict[str, Any]:
        """Return the configuration by the book."""
        config, paths = self.platform.config, self.platform.paths
        return {
            "issuer": config.issuer,
            "authorization_endpoint": config.home + paths.authorize,
            "token_endpoint": config.home + paths.token,
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "jwks_uri": config.home + paths.key_set,
            "registration_endpoint": config.home + self.registration_path,
            "scopes_supported": ["openid", *SERVICE_SCOPES, *self.more_scopes()],
            "response_types_supported": ["id_token"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
            "subject_types_supported": ["public"],
            PLATFORM_CONFIGURATION: {
                "product_family_code": self.platform.family_code,
                "version": "1",
                "messages_supported": [
                    {"type": "LtiResourceLinkRequest"},
                    {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
                ],
                "variables": ["Person.sourcedId", "CourseSection.sourcedId"],
            },
        }

    def register(self, body: Any, authorization: str, query: Mapping[str, str] | None = None) -> Reply:
        """Answer a registration request; a token is spent by a good one. `query` is that of the endpoint's address."""
        switches = self.platform.switches
        if switches.registration_refusal:
            return Reply(switches.registration_refusal_status, switches.registration_refusal)
        token = self._token(authorization)
        if switches.registration_token and token is None:
            return Reply(401, {"error": "invalid_token"})
        if not switches.registration_token and authorization:
            return Reply(401, "An Authorization header where none was expected")
        if fault := self.address_fault(query or {}) or self.fault(body):
            return self.refusal(fault)
        if token is not None:
            self.tokens[token] = True
        self.bodies.append(body)
        about = body[TOOL_CONFIGURATION]
        custom = "\n".join(f"{name}={value}" for name, value in about.get("custom_parameters", {}).items())
        self.take(
            Tool(
                name=body["client_name"],
                login_url=body["initiate_login_uri"],
                launch_url=body["redirect_uris"][0],
                key_set_url=body["jwks_uri"],
                custom=custom,
                scopes=tuple(body.get("scope", "").split()),
            )
        )
        return Reply(switches.registration_status, self.answer(body))

    def address_fault(self, _query: Mapping[str, str]) -> str:
        """Say what is wrong with the address that was asked, where a platform puts its token there."""
        return ""

    def fault(self, body: Any) -> str:
        """Say what is wrong with a registration request; nothing when it is well."""
        if not isinstance(body, dict) or TOOL_CONFIGURATION not in body:
            return "not a registration"
        if missing := [name for name in _REQUIRED if not body.get(name)]:
            return f"missing: {', '.join(missing)}"
        unknown = set(body.get("scope", "").split()) - set(self.document()["scopes_supported"])
        if unknown:
            return f"unsupported scope: {', '.join(sorted(unknown))}"
        about = body[TOOL_CONFIGURATION]
        domain, target = about.get("domain", ""), about.get("target_link_uri", "")
        return "" if domain and f"//{domain}/" in target else "domain and target_link_uri do not agree"

    def refusal(self, fault: str) -> Reply:
        """Return how this platform words a refusal."""
        return Reply(400, {"error": "invalid_client_metadata", "error_description": fault})

    def answer(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the registration with what the platform adds to it."""
        config = self.platform.config
        about = dict(body[TOOL_CONFIGURATION])
        if self.platform.switches.registration_deployment:
            about["deployment_id"] = config.deployment_id
        return {**body, "client_id": config.client_id, TOOL_CONFIGURATION: about}

    def add(self, values: Mapping[str, str]) -> None:
        """Keep a tool that was typed in."""
        name, login, launch, keys, custom = (
            values.get(field, "").strip() for field in ("name", "login_url", "launch_url", "key_set_url", "custom")
        )
        self.take(Tool(name, login, launch, keys, custom))

    def take(self, tool: Tool) -> None:
        """Make this the platform's tool; it is off until it is enabled, where the platform works that way."""
        self.tool = tool
        platform = self.platform
        platform.config = replace(
            platform.config,
            client_id=self.new_client_id(),
            tool_login_url=tool.login_url,
            tool_redirect_url=tool.launch_url,
            target_link_uri=tool.launch_url,
        )
        platform.services.tokens.config = platform.config
        self.state = "off" if platform.switches.registration_pending else "on"

    def enable(self) -> None:
        """Switch the tool on."""
        if self.tool is not None:
            self.state = "on"

    def shows(self) -> dict[str, str]:
        """Return what the administrator can copy from the tool's page: name -> value."""
        values = self.platform.settings()
        return {name: str(values[name]) for name in self.shown if values.get(name)}

    def _token(self, authorization: str) -> str | None:
        """Return the unspent token of a header."""
        token = authorization.removeprefix("Bearer ")
        return token if self.tokens.get(token) is False else None
