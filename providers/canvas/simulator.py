"""A simulated Canvas on loopback, with the ways of the real one as named switches."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Flask

from providers.canvas.simulator_desk import CanvasDesk
from providers.kit.lti.vocabulary import CONTEXT, INSTITUTION, SYSTEM
from providers.kit.simulator import Course, Paths, Person, SimulatedPlatform, SimulatorConfig, Switches
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.people import Kind
from providers.kit.simulator.tool_desk import ToolDesk


@dataclass(frozen=True)
class CanvasSwitches(Switches):
    """Canvas's own quirks beside the general ones."""

    login_deployment: str = "deployment_id"  # its own name instead of lti_deployment_id
    storage_target: str = "post_message_forwarding"
    token_seconds: int = 3600
    region: str = "us-east-1"
    environment: str = "production"
    institution_roles: bool = True  # roles of *any* course of the account, sent with every launch
    misspelt_assistant: bool = False  # membership/instructor#TeachingAssistant, as older versions wrote it
    leftovers: bool = True  # "errors" and "validation_context" inside claims
    registration_status: int = 200
    registration_deployment: bool = False  # each installation has its own, so the first launch brings it
    navigation_link: bool = False  # course navigation: the resource link's id is the context's


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
    )
    desk_class: ClassVar[type[ToolDesk]] = CanvasDesk
    errors: ClassVar[Mapping[str, str]] = {
        "incomplete": "invalid_request_object",
        "client": "unauthorized_client",
        "session": "login_required",
        "used": "launch_no_longer_valid",
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
        return super().login_parameters(person, course) | own

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
        return {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"link {course.id}")),
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

    def custom(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give the key's custom fields as the guide asks for them; variables without a value stay as they are."""
        custom: dict[str, Any] = {
            "canvas_user_id": person.id if person.signed_in else "$Canvas.user.id",
            "canvas_user_login_id": person.email if person.shares_name else "$Canvas.user.loginId",
            "canvas_user_sis_id": person.sis_id if person.sis_id and person.shares_name else "$Canvas.user.sisSourceId",
            "canvas_course_id": course.id if course else "$Canvas.course.id",
            "canvas_course_sis_id": course.sis_id if course else "$Canvas.course.sisSourceId",
            "canvas_section_sis_ids": f"{course.sis_id}-S1" if course else "$Canvas.course.sectionSisSourceIds",
            "canvas_api_domain": "northfield.instructure.example",
        }
        return custom if self.switches.numeric_custom else {name: str(value) for name, value in custom.items()}

    def _leftovers(self) -> dict[str, Any]:
        return {"validation_context": None, "errors": {"errors": {}}} if self.switches.leftovers else {}


PLATFORM = SimulatedCanvas


def create_simulator(config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
    """Return the simulated Canvas as a web application."""
    return create_app(platform or PLATFORM(config))
