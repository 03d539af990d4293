"""A simulated Moodle site on loopback, with the ways of the real one as named switches."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal
from uuid import uuid4

from flask import Flask

from providers.kit.lti import claims as names
from providers.kit.simulator import Answer, Course, Paths, Person, SimulatedPlatform, SimulatorConfig, Switches
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.tool_desk import ToolDesk
from providers.moodle.simulator_desk import MoodleDesk


@dataclass(frozen=True)
class MoodleSwitches(Switches):
    """Moodle's own quirks beside the general ones."""

    token_seconds: int = 60
    hint: Literal["json", "opaque"] = "json"  # since 4.x its shape changes: nobody may look into it
    cookie_lost: bool = False  # SameSite: auth.php first answers with a page that posts everything again
    plain_wwwroot: bool = False  # a site behind a proxy calls itself http://
    username: bool = True  # ext.user_username
    configuration_guarded: bool = False
    authorization_stripped: bool = False  # a proxy in front of the site drops the Authorization header
    registration_update: bool = (
        True  # a registered tool's token updates it under its own client id; False: adds another
    )
    accept_types: tuple[str, ...] = ("ltiResourceLink",)
    # the services, as mod/lti/service has them
    members_short_roles: bool = True
    members_next: Literal["book", "relative", "unquoted", "typographic", "loop", "again"] = "typographic"
    line_item_query: str = "type_id=2"
    score_only_graded: bool = True
    score_unknown_student: tuple[int, str] = (400, "This user can't be graded in the course.")  # words from memory
    teacher_parameters: tuple[tuple[str, str], ...] = ()  # custom parameters that a teacher typed into the activity


class SimulatedMoodle(SimulatedPlatform):
    """One Moodle site with one tool."""

    label: ClassVar[str] = "Simulated Moodle"
    family_code: ClassVar[str] = "moodle"
    paths: ClassVar[Paths] = Paths("/mod/lti/auth.php", "/mod/lti/certs.php", "/mod/lti/token.php")
    desk_class: ClassVar[type[ToolDesk]] = MoodleDesk
    # mod/lti/auth.php
    errors: ClassVar[Mapping[str, str]] = {
        "incomplete": "invalid_request",
        "client": "unauthorized_client",
        "session": "access_denied",
        "used": "invalid_request",
        "scope": "invalid_scope",
        "response_type": "unsupported_response_type",
    }
    switches: MoodleSwitches
    desk: MoodleDesk

    @classmethod
    def default_switches(cls) -> MoodleSwitches:
        """Return Moodle as it comes."""
        return MoodleSwitches()

    def settings(self) -> dict[str, Any]:
        """Return what its configuration details show; its address is its wwwroot."""
        return super().settings() | {"base_url": self.config.home, "issuer": self.issuer}

    @property
    def issuer(self) -> str:
        """Return the wwwroot: the site's own idea of its address."""
        own = self.config.issuer
        return own.replace("https://", "http://", 1) if self.switches.plain_wwwroot else own

    def registered_claims(self, nonce: str) -> dict[str, Any]:
        """Call itself by its wwwroot."""
        return super().registered_claims(nonce) | {"iss": self.issuer}

    def login_parameters(self, person: Person | str, course: Course | int = 101) -> dict[str, str]:
        """Call itself by its wwwroot here too."""
        return super().login_parameters(person, course) | {"iss": self.issuer}

    def subject(self, person: Person) -> str:
        """Return the number of the user's row, as text."""
        return str(person.id)

    def login_hint(self, person: Person) -> str:
        """Return the user's number: Moodle's hint is no secret."""
        return str(person.id)

    def message_hint(self) -> str:
        """Return JSON, as Moodle does; nobody may rely on it."""
        launch = "ltilaunch" + secrets.token_hex(6)
        return json.dumps({"cmid": 7, "launchid": launch}) if self.switches.hint == "json" else str(uuid4())

    def authorize(self, request: Mapping[str, str]) -> Answer:
        """Answer the request; without its own cookie, first let the browser post it all again."""
        if self.switches.cookie_lost and "repost" not in request:
            return Answer(self.config.home + self.paths.authorize, {**request, "repost": "1"})
        return super().authorize(request)

    def redirect_known(self, redirect_uri: str) -> bool:
        """Compare the address with each configured line, letter by letter."""
        return redirect_uri in self.config.tool_redirect_url.split("\n")

    def context_id(self, course: Course) -> str:
        """Return the number of the course's row."""
        return str(course.id)

    def resource_link(self, course: Course | None) -> dict[str, Any]:
        """Describe the activity by its number; its description is always there."""
        return super().resource_link(course) | {"id": str(course.id + 1000) if course else "1", "description": ""}

    def context(self, course: Course) -> dict[str, Any]:
        """Call the course a section, as lti_build_request does."""
        return super().context(course) | {"type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"]}

    def lti_claims(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Add the idnumbers, which no privacy setting keeps back, and the login name, which goes with the name."""
        claims = super().lti_claims(person, course) | {names.LIS: self.lis(person, course)}
        if self.switches.username and self.names_shared(person):
            claims[names.EXT] = {"user_username": person.email.partition("@")[0], "lms": "moodle-2"}
        return claims

    def member_extras(self, person: Person) -> dict[str, Any]:
        """Give the login name in class lists too."""
        shared = self.switches.username and self.names_shared(person)
        return {"ext_user_username": person.email.partition("@")[0]} if shared else {}

    def custom(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give the tool's parameters, then what a teacher typed into the activity: the tool's own win."""
        typed = dict(self.switches.teacher_parameters)
        return typed | super().custom(person, course)

    def tool_platform(self) -> dict[str, Any]:
        """Describe the site."""
        return super().tool_platform() | {"guid": "moodle.northfield.example", "version": "2022112800"}


PLATFORM = SimulatedMoodle


def create_simulator(config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
    """Return the simulated Moodle as a web application."""
    return create_app(platform or PLATFORM(config))
