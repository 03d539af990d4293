"""A platform that goes by the book, and two that nearly do, on loopback."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import quote

from flask import Flask

from providers.kit.lti.registration import TOOL_CONFIGURATION
from providers.kit.simulator import Course, Paths, Person, SimulatedPlatform, SimulatorConfig, Switches
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.tool_desk import Reply, ToolDesk

PLATFORM = SimulatedPlatform
_TOOL: Final = "7f1c2f0e-5d0a-4c1b-9c5b-0a2f6f1d3e77"  # the tool's, or the block's, own id in addresses
_SAKAI: Final = "https://purl.sakailms.org/spec/lti/claim/"


@dataclass(frozen=True)
class SakaiSwitches(Switches):
    """Sakai's own quirks beside the general ones."""

    storage_target: str = "_parent"
    capability_parameters: bool = True  # what the browser can do, as more parameters of the login
    post_verify: bool = True  # claims of its own for another way to prove the browser


class SakaiDesk(ToolDesk):
    """Sakai Plus: unlock tokens instead of signed ones, and the first deep linking message alone."""

    configuration_path: ClassVar[str] = "/imsblis/lti13/well_known"
    registration_path: ClassVar[str] = f"/imsblis/lti13/registration_endpoint/{_TOOL}"

    def __init__(self, platform: SimulatedPlatform) -> None:
        super().__init__(platform)
        self.messages: list[Mapping[str, Any]] = []

    def new_token(self) -> str:
        """Return the second and a UUID."""
        return f"{int(self.platform.now().timestamp())}:{uuid.uuid4()}"

    def new_client_id(self) -> str:
        """Return a UUID."""
        return str(uuid.uuid4())

    def register(self, body: Any, authorization: str, query: Mapping[str, str] | None = None) -> Reply:
        """Answer a registration."""
        reply = super().register(body, authorization, query)
        if reply.status in {200, 201}:
            sent = body[TOOL_CONFIGURATION]["messages"]
            deep = [each for each in sent if each["type"] == "LtiDeepLinkingRequest"]
            self.messages = [*(each for each in sent if each not in deep), *deep[:1]]
        return reply


class SimulatedSakai(SimulatedPlatform):
    """One Sakai server: https://github.com/sakaiproject/sakai, plus/README.md."""

    label: ClassVar[str] = "Simulated Sakai"
    family_code: ClassVar[str] = "sakai"
    paths: ClassVar[Paths] = Paths("/imsoidc/lti13/oidc_auth", "/imsblis/lti13/keyset", f"/imsblis/lti13/token/{_TOOL}")
    desk_class: ClassVar[type[ToolDesk]] = SakaiDesk
    desk: SakaiDesk
    switches: SakaiSwitches

    @classmethod
    def default_switches(cls) -> SakaiSwitches:
        """Return Sakai as it comes."""
        return SakaiSwitches()

    def login_hint(self, person: Person) -> str:
        """Return JSON that is encoded once more: it must come back as it is."""
        return quote(json.dumps({"user": person.id, "place": "a b/ü+%"}))

    def login_parameters(self, person: Person | str, course: Course | int = 101) -> dict[str, str]:
        """Add what the browser can do; the names are those of earlier drafts."""
        own = {"ims_web_message_target": "_parent", "web_message_target": "_parent"}
        return super().login_parameters(person, course) | (own if self.switches.capability_parameters else {})

    def lti_claims(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Add Sakai's own claims."""
        own = {_SAKAI + "postverify": f"{self.config.home}/postverify", _SAKAI + "origin": self.config.home}
        return super().lti_claims(person, course) | (own if self.switches.post_verify else {})


@dataclass(frozen=True)
class OpenEdxSwitches(Switches):
    """Open edX's own quirks beside the general ones."""

    registration: bool = False
    unknown_context_type: bool = True  # course#CourseGroup, which no vocabulary has


class SimulatedOpenEdx(SimulatedPlatform):
    """One block of an Open edX course: each has keys and addresses of its own (openedx/xblock-lti-consumer)."""

    label: ClassVar[str] = "Simulated Open edX"
    family_code: ClassVar[str] = "openedx"
    paths: ClassVar[Paths] = Paths(
        "/api/lti_consumer/v1/launch/",
        f"/api/lti_consumer/v1/public_keysets/{_TOOL}",
        f"/api/lti_consumer/v1/token/{_TOOL}",
    )
    switches: OpenEdxSwitches

    @classmethod
    def default_switches(cls) -> OpenEdxSwitches:
        """Return Open edX as it comes."""
        return OpenEdxSwitches()

    def context(self, course: Course) -> dict[str, Any]:
        """Describe the course with a type that nobody knows."""
        kind = "CourseGroup" if self.switches.unknown_context_type else "CourseOffering"
        return super().context(course) | {"type": [f"http://purl.imsglobal.org/vocab/lis/v2/course#{kind}"]}


def create_simulator(config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
    """Return the simulated platform as a web application."""
    return create_app(platform or PLATFORM(config))
