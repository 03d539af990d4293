"""Simulated Moodle's "Manage tools": mod/lti/openid-configuration.php and openid-registration.php."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from providers.kit.lti.registration import PLATFORM_CONFIGURATION, TOOL_CONFIGURATION
from providers.kit.simulator.tool_desk import Reply, ToolDesk

if TYPE_CHECKING:
    from providers.moodle.simulator import SimulatedMoodle

_LETTERS: Final = string.ascii_letters + string.digits
_TOKEN_LIFE: Final = timedelta(hours=1)


class MoodleDesk(ToolDesk):
    """One site's tools."""

    platform: SimulatedMoodle
    configuration_path: ClassVar[str] = "/mod/lti/openid-configuration.php"
    registration_path: ClassVar[str] = "/mod/lti/openid-registration.php"
    words: ClassVar[Mapping[str, str]] = {
        "tools": "Manage tools",
        "address": "Tool URL...",
        "register": "Add LTI Advantage",
        "by_hand": "Configure a tool manually",
        "save": "Save changes",
        "enable": "Activate",
    }
    fields: ClassVar[Mapping[str, str]] = {
        "name": "Tool name",
        "launch_url": "Tool URL and Redirection URI(s)",
        "login_url": "Initiate login URL",
        "key_set_url": "Public keyset",
        "custom": "Custom parameters",
    }
    shown: ClassVar[Mapping[str, str]] = {
        "base_url": "Platform ID",
        "client_id": "Client ID",
        "key_set_url": "Public keyset URL",
        "auth_token_url": "Access token URL",
        "auth_login_url": "Authentication request URL",
        "deployment_ids": "Deployment ID",
    }

    def __init__(self, platform: SimulatedMoodle) -> None:
        super().__init__(platform)
        self._made: dict[str, datetime] = {}
        self._promised = ""
        self.messages: list[Mapping[str, Any]] = []  # what the tool's card offers

    def new_token(self) -> str:
        """Return a signed token that already names the client id to be; one to update with names the tool's own."""
        is_update = self.platform.switches.registration_update and self.tool is not None
        self._promised = (
            self.platform.config.client_id if is_update else "".join(secrets.choice(_LETTERS) for _ in range(15))
        )
        now = self.platform.now()
        scope = "reg-update" if is_update else "reg"
        claims = {"sub": self._promised, "scope": scope, "iat": int(now.timestamp()), "jti": secrets.token_hex(8)}
        token = self.platform.sign(claims)
        self._made[token] = now
        return token

    def new_client_id(self) -> str:
        """Return the promised id; a tool that was typed in gets another one."""
        promised, self._promised = self._promised, ""
        return promised or "".join(secrets.choice(_LETTERS) for _ in range(15))

    def document(self) -> dict[str, Any]:
        """Name the site by its wwwroot, deep linking for the activity chooser alone."""
        document = super().document() | {"issuer": self.platform.issuer}
        about = document[PLATFORM_CONFIGURATION]
        about["variables"] = ["Person.sourcedId", "User.username", "CourseSection.sourcedId", "Context.id"]
        return document

    def configuration(self, authorization: str) -> Reply:
        """Answer for the configuration: anybody may read it."""
        return super().configuration("" if self.platform.switches.authorization_stripped else authorization)

    def register(self, body: Any, authorization: str, query: Mapping[str, str] | None = None) -> Reply:
        """Answer a registration; a token is good for an hour, and a proxy may have dropped it."""
        token = "" if self.platform.switches.authorization_stripped else authorization.removeprefix("Bearer ")
        made = self._made.get(token)
        if made is None or self.platform.now() - made > _TOKEN_LIFE:
            return Reply(401, "invalid_token")
        stood, is_update = self.state, self._promised == self.platform.config.client_id
        reply = super().register(body, authorization, query)
        if is_update:
            self.state = stood  # a tool that was active stays so
        if reply.status in {200, 201}:
            sent = body[TOOL_CONFIGURATION]["messages"]
            deep = [each for each in sent if each["type"] == "LtiDeepLinkingRequest"]
            self.messages = [*(each for each in sent if each not in deep), *deep[-1:]]
        return reply

    def refusal(self, fault: str) -> Reply:
        """Say what is wrong as plain text."""
        return Reply(400, "domain_targetlinkuri_mismatch" if "do not agree" in fault else fault)
