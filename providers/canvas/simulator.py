"""A simulated Canvas on loopback, with the ways of the real one as named switches."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from flask import Flask

from providers.canvas.settings import ENVIRONMENTS
from providers.canvas.simulator_api import KEY, KEY_SECRET, REFRESH, ApiSwitches, CanvasApi, create_api
from providers.canvas.simulator_desk import CanvasDesk
from providers.kit.lti import claims as names
from providers.kit.lti.vocabulary import CONTEXT, INSTITUTION, SYSTEM
from providers.kit.simulator import Course, Paths, Person, SimulatedPlatform, SimulatorConfig, Switches
from providers.kit.simulator.cast_roster import cast_roster
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.people import Kind
from providers.kit.simulator.roster_data import Roster
from providers.kit.simulator.serving import running
from providers.kit.simulator.simulated_roster import OpenRoster, RosterFault, SimulatedRoster
from providers.kit.simulator.tool_desk import ToolDesk

_FAULTS: Final[dict[RosterFault, dict[str, Any]]] = {
    "busy": {"throttle_every": 14},
    "bad_gateway": {"bad_gateway_above": 60},
    "token_dies": {"token_dies_after": 20},
    "unauthorized": {"refuses_from": 9},
    "cut": {"last_page": "short"},
    "torn": {"last_page": "torn"},
    "html": {"answers": "html"},
    "error": {"answers": "error"},
    "empty": {"answers": "empty"},
}
ROSTER_FAULTS: Final = tuple(_FAULTS)


@dataclass(frozen=True)
class CanvasSwitches(Switches):
    """Canvas's own quirks beside the general ones."""

    login_deployment: str = "deployment_id"  # its own name instead of lti_deployment_id
    storage_target: str = "post_message_forwarding"
    token_seconds: int = 3600
    region: str = "us-east-1"
    environment: str = "production"
    hosted: bool = False  # with its environment's issuer and sign-in host; beta and test keep production's ids
    regional_login: bool = False  # begins at the region's own oidc_initiation_urls, where the key names one
    institution_roles: bool = True  # roles of *any* course of the account, sent with every launch
    misspelt_assistant: bool = False  # membership/instructor#TeachingAssistant, as older versions wrote it
    leftovers: bool = True  # "errors" and "validation_context" inside claims
    registration_status: int = 200
    registration_deployment: bool = False  # each installation has its own, so the first launch brings it
    accept_types: tuple[str, ...] = ("ltiResourceLink",)  # in link_selection
    navigation_link: bool = False  # course navigation: the resource link's id is the context's
    wrong_link: bool = False  # SpeedGrader: the id of another link (canvas-lms#1952, #1975)
    privacy_level: Literal["public", "name_only", "email_only", "anonymous"] = "public"
    id_history: str = ""  # what $Context.id.history says; "" leaves the variable in place
    migration: Literal["none", "signed", "unsigned"] = "none"  # lti1p1; unsigned lacks the consumer key, too
    services_user_agent_needed: bool = True  # since January 2026
    notices: bool = True
    link_header: str = "link"  # names of headers are in lower case since June 2024
    score_older: tuple[int, str] = (400, "The timestamp is older than that of the result.")  # words from memory
    score_unknown_student: tuple[int, str] = (422, "User not found in course or is not a student")


# Canvas, lib/lti/substitutions_helper.rb
_ELSEWHERE: Mapping[Kind, str] = {
    "teacher": INSTITUTION + "Instructor",
    "assistant": INSTITUTION + "Instructor",
    "student": INSTITUTION + "Student",
    "observer": INSTITUTION + "Observer",
    "administrator": INSTITUTION + "Administrator",
}


class SimulatedCanvas(SimulatedPlatform):
    """One Canvas account with one developer key."""

    label: ClassVar[str] = "Simulated Canvas"
    family_code: ClassVar[str] = "canvas"
    paths: ClassVar[Paths] = Paths(
        "/api/lti/authorize_redirect",
        "/api/lti/security/jwks",
        "/login/oauth2/token",
        notice_handlers="/api/lti/notice-handlers/106",
    )
    desk_class: ClassVar[type[ToolDesk]] = CanvasDesk
    desk: CanvasDesk
    errors: ClassVar[Mapping[str, str]] = {
        "incomplete": "invalid_request_object",
        "client": "unauthorized_client",
        "session": "login_required",
        "used": "launch_no_longer_valid",
    }
    # Canvas, app/controllers/lti/ims/concerns/deep_linking_services.rb
    answer_errors: ClassVar[Mapping[str, str]] = {
        "format": "JWT format is invalid",
        "signature": "JWT verification failure",
        "iss": "Client not found",
        "aud": "the 'aud' is invalid",
        "exp": "the JWT has expired",
        "iat": "the 'iat' must be less than 5 minutes old",
    }
    switches: CanvasSwitches

    @classmethod
    def default_switches(cls) -> CanvasSwitches:
        """Return Canvas as its cloud behaves."""
        return CanvasSwitches()

    def subject(self, person: Person) -> str:
        """Return an opaque UUID, not the number that Canvas's pages show."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.config.issuer}/users/{person.id}"))

    def login_hint(self, person: Person) -> str:
        """Return the opaque id, as Canvas does."""
        return hashlib.sha1(f"hint {person.id}".encode(), usedforsecurity=False).hexdigest()

    def login_parameters(self, person: Person | str, course: Course | int = 101) -> dict[str, str]:
        """Add the region and the environment."""
        own = {"canvas_region": self.switches.region, "canvas_environment": self.switches.environment}
        return super().login_parameters(person, course) | own | {"iss": self._issuer()}

    def login_address(self) -> str:
        """Return the region's own address, where the key has one."""
        usual = super().login_address()
        return self.desk.initiation_urls.get(self.switches.region, usual) if self.switches.regional_login else usual

    def registered_claims(self, nonce: str) -> dict[str, Any]:
        """Sign with the issuer of a hosted environment."""
        return super().registered_claims(nonce) | {"iss": self._issuer()}

    def settings(self) -> dict[str, Any]:
        """Return what follows from the environment."""
        shown = super().settings()
        if not self.switches.hosted:
            return shown
        host = ENVIRONMENTS[self.switches.environment][1]
        own = {name: shown[name].replace(self.config.home, host, 1) for name in shown if name.endswith("_url")}
        return shown | own | {"issuer": self._issuer(), "environment": self.switches.environment}

    def _issuer(self) -> str:
        return ENVIRONMENTS[self.switches.environment][0] if self.switches.hosted else self.config.issuer

    def context_id(self, course: Course) -> str:
        """Return 40 hexadecimal digits, not the course's number."""
        return hashlib.sha1(f"course {course.id}".encode(), usedforsecurity=False).hexdigest()

    def context(self, course: Course) -> dict[str, Any]:
        """Describe the course, with what Canvas leaves lying about in it."""
        return super().context(course) | self._leftovers()

    def resource_link(self, course: Course | None) -> dict[str, Any]:
        """Describe the link; in the course navigation it has the context's id."""
        if course is None or self.switches.navigation_link:
            course_id = (
                self.context_id(course) if course else hashlib.sha1(b"account", usedforsecurity=False).hexdigest()
            )
            return {"id": course_id, "title": None, "description": None} | self._leftovers()
        link = f"link {course.id + self.switches.wrong_link}"
        return {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, link)),
            "title": course.link_title,
        } | self._leftovers()

    def lis(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give the SIS ids; unknown ones are null."""
        ids = {
            "person_sourcedid": person.sis_id or None,
            "course_offering_sourcedid": course.sis_id if course else None,
        }
        return ids | self._leftovers()

    def tool_platform(self) -> dict[str, Any]:
        """Describe the account."""
        return {
            "guid": "Northfield0simulated0:canvas-lms",
            "name": "Northfield School",
            "version": "cloud",
            "product_family_code": "canvas",
        } | self._leftovers()

    def roles(self, person: Person, course: Course | None) -> list[str]:
        """Give the roles in this course, then those from anywhere else in the account."""
        roles = super().roles(person, course)
        if self.switches.misspelt_assistant:
            roles = [role.replace(f"{CONTEXT}/Instructor#", f"{CONTEXT}/instructor#") for role in roles]
        if not self.switches.institution_roles:
            return roles
        kinds = {kind for kinds in person.kinds.values() for kind in kinds}
        elsewhere = [_ELSEWHERE[kind] for kind in sorted(kinds) if kind in _ELSEWHERE]
        return list(dict.fromkeys([*elsewhere, *roles, SYSTEM + ("User" if person.signed_in else "None")]))

    def names_shared(self, person: Person) -> bool:
        """Ask the key's privacy level, too."""
        return super().names_shared(person) and self.switches.privacy_level in {"public", "name_only"}

    def person_claims(self, person: Person) -> dict[str, Any]:
        """Give the e-mail address as the privacy level allows."""
        claims = super().person_claims(person)
        if self.switches.privacy_level not in {"public", "email_only"}:
            claims.pop("email", None)
        return claims

    def lti_claims(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give SIS ids to a public key alone, and the LTI 1.1 ids of a tool that was there before."""
        claims = super().lti_claims(person, course)
        if self.switches.privacy_level != "public":
            claims.pop(names.LIS, None)
        if self.switches.migration != "none":
            legacy = hashlib.sha1(f"1.1 {person.id}".encode(), usedforsecurity=False).hexdigest()
            signed = {"oauth_consumer_key": "key-1", "oauth_consumer_key_sign": "c2lnbmVk"}
            migration = {"user_id": legacy} | (signed if self.switches.migration == "signed" else {})
            claims |= {names.LEGACY_USER_ID: legacy, names.LTI1P1: migration}
        return claims

    def custom(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give the key's custom fields as the guide asks for them; variables without a value stay as they are."""
        told = person.shares_name and self.switches.privacy_level == "public"
        custom: dict[str, Any] = {
            "canvas_user_id": person.id if person.signed_in else "$Canvas.user.id",
            "canvas_user_login_id": person.email if told else "$Canvas.user.loginId",
            "canvas_user_sis_id": person.sis_id if person.sis_id and told else "$Canvas.user.sisSourceId",
            "canvas_course_id": course.id if course else "$Canvas.course.id",
            "canvas_course_sis_id": course.sis_id if course else "$Canvas.course.sisSourceId",
            "canvas_section_sis_ids": f"{course.sis_id}-S1" if course else "$Canvas.course.sectionSisSourceIds",
            "canvas_api_domain": "northfield.instructure.example",
            "context_id_history": self.switches.id_history or "$Context.id.history",
        }
        return custom if self.switches.numeric_custom else {name: str(value) for name, value in custom.items()}

    def _leftovers(self) -> dict[str, Any]:
        return {"validation_context": None, "errors": {"errors": {}}} if self.switches.leftovers else {}


PLATFORM = SimulatedCanvas


def create_simulator(config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
    """Return the simulated Canvas as a web application."""
    return create_app(platform or PLATFORM(config))


def own_roster() -> Roster:
    """Return the roster of those whom its launches bring; a class has the number of its course."""
    return cast_roster(lambda user: user, lambda course: course, lambda course: course)


def rest_settings(base_url: str) -> dict[str, Any]:
    """Return what reaches its REST interface by a refresh token, beside what launches need."""
    key = {"rest_client_id": KEY, "rest_client_secret": KEY_SECRET, "rest_refresh_token": REFRESH}
    return {"rest_url": base_url, **key}


def open_roster(base_url: str) -> OpenRoster:
    """Return its REST interface with the people whom its launches bring."""
    return OpenRoster(create_api(CanvasApi(own_roster())), rest_settings(base_url))


@contextmanager
def simulate_roster(roster: Roster, _folder: Path) -> Iterator[SimulatedRoster]:
    """Serve this roster on loopback."""
    usual = ApiSwitches(most=max(len(roster["users"]) // 3, 10))
    api = CanvasApi(roster, usual)

    def strike(*faults: RosterFault) -> None:
        changes = {name: value for fault in faults for name, value in _FAULTS[fault].items()}
        api.switches = replace(usual, **changes)

    with running(lambda _: create_api(api)) as base_url:
        settings = {"client_id": "1", **rest_settings(base_url)}
        yield SimulatedRoster(settings, api.rows.truth, strike, api.gradebook)
