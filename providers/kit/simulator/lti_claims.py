"""The claims a simulated platform puts into a launch; a vendor's simulator overrides what its vendor does otherwise."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from providers.kit.lti import claims as names
from providers.kit.lti.vocabulary import INSTITUTION, TEST_USER, principal_uri, sub_role_uri
from providers.kit.simulator.config import SimulatorConfig
from providers.kit.simulator.legacy import legacy_claim
from providers.kit.simulator.people import COURSES, PEOPLE, Course, Kind, Person
from providers.kit.simulator.switches import Switches


class LaunchClaims:
    """What a launch says. `now` gives aware UTC time."""

    family_code: ClassVar[str] = "simulated"
    role_uris: ClassVar[Mapping[Kind, tuple[str, ...]]] = {
        "teacher": (principal_uri("Instructor"),),
        "assistant": (sub_role_uri("Instructor", "TeachingAssistant"), principal_uri("Instructor")),
        "student": (principal_uri("Learner"),),
        "designer": (principal_uri("ContentDeveloper"),),
        "observer": (principal_uri("Mentor"),),
        "preview": (principal_uri("Learner"), TEST_USER),
        "administrator": (INSTITUTION + "Administrator",),
        "nobody": (),
    }

    def __init__(
        self,
        config: SimulatorConfig,
        *,
        switches: Switches | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.config = config
        self.switches = switches or self.default_switches()
        self.now = now

    @classmethod
    def default_switches(cls) -> Switches:
        """Return the switches as this platform normally has them."""
        return Switches()

    def switch(self, **changes: Any) -> None:
        """Set switches by name, for example ``switch(key_set="down")``."""
        self.switches = replace(self.switches, **changes)

    def launch_claims(
        self,
        person: Person | str,
        course: Course | int | None = 101,
        *,
        nonce: str = "",
        put: Mapping[str, Any] | None = None,
        remove: Iterable[str] = (),
    ) -> dict[str, Any]:
        """Make the claims of a launch; `put` overrides claims and `remove` takes some away, to build wrong ones."""
        who = PEOPLE[person] if isinstance(person, str) else person
        where = COURSES[course] if isinstance(course, int) else course
        claims = self.registered_claims(nonce) | self.person_claims(who) | self.lti_claims(who, where)
        if self.switches.legacy != "none":
            claims[names.LTI1P1] = legacy_claim(claims, self.config.client_id, self.switches.legacy)
        claims |= put or {}
        return {name: value for name, value in claims.items() if name not in set(remove)}

    def registered_claims(self, nonce: str) -> dict[str, Any]:
        """Make the claims of every id_token (security framework 5.1.2)."""
        client_id, switches = self.config.client_id, self.switches
        issued = int(self.now().timestamp()) + switches.clock_seconds
        claims: dict[str, Any] = {
            "iss": self.config.issuer,
            "aud": [client_id] if switches.audience_list else client_id,
            "azp": client_id,
            "iat": issued,
            "exp": issued + switches.token_seconds,
            "nonce": nonce or secrets.token_urlsafe(16),
        }
        return claims | {"nbf": issued} if switches.not_before else claims

    def person_claims(self, person: Person) -> dict[str, Any]:
        """Make the claims about the person, as far as their school shares them."""
        claims: dict[str, Any] = {"sub": self.subject(person)} if person.signed_in else {}
        if self.names_shared(person):
            claims |= {
                "name": person.name,
                "given_name": person.given_name,
                "family_name": person.family_name,
                "locale": "en",
            }
        if person.shares_name and self.switches.emails:
            claims["email"] = person.email
        return claims

    def link_custom(self, person: Person, course: Course, own: Mapping[str, Any]) -> dict[str, Any]:
        """Give the custom parameters of a link made by deep linking, whose item brought some of its own."""
        return {**self.custom(person, course), **own}

    def member_extras(self, person: Person) -> dict[str, Any]:  # noqa: ARG002 - for platforms that have some
        """Give what this platform adds to a record of a class list."""
        return {}

    def names_shared(self, person: Person) -> bool:
        """Whether the school lets the tool know who this is, beyond an id."""
        return person.shares_name and self.switches.names

    def lti_claims(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Make the claims of LTI core sections 5.3 and 5.4."""
        claims: dict[str, Any] = {
            names.MESSAGE_TYPE: names.RESOURCE_LINK_REQUEST,
            names.VERSION: names.LTI_VERSION,
            names.DEPLOYMENT_ID: self.deployment_id(course),
            names.TARGET_LINK_URI: self.config.target_link_uri,
            names.RESOURCE_LINK: self.resource_link(course),
            names.ROLES: self.roles(person, course),
            names.CUSTOM: self.custom(person, course) | self.histories(),
            names.TOOL_PLATFORM: self.tool_platform(),
            names.LAUNCH_PRESENTATION: {
                "document_target": "iframe",
                "locale": "en",
                "return_url": self.config.home + "/",
            },
        }
        if self.names_shared(person):
            claims[names.LIS] = self.lis(person, course)
        if course is not None and self.switches.context:
            claims[names.CONTEXT] = self.context(course)
        return claims

    def deployment_id(self, course: Course | None) -> str:
        """Return the tool's deployment in this course: the school's, or the course's own."""
        return (course and course.deployment_id) or self.config.deployment_id

    def subject(self, person: Person) -> str:
        """Return the platform's own id of the person."""
        return f"user-{person.id}"

    def tool_platform(self) -> dict[str, Any]:
        """Describe the platform (lti core 5.4.2)."""
        return {
            "guid": "simulated-1",
            "name": "Northfield School",
            "product_family_code": self.family_code,
            "version": "1",
        }

    def context(self, course: Course) -> dict[str, Any]:
        """Describe the course (lti core 5.4.1)."""
        described: dict[str, Any] = {
            "id": self.context_id(course),
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
        }
        return described | {"label": course.code, "title": course.title} if self.switches.titles else described

    def context_id(self, course: Course) -> str:
        """Return the platform's own id of the course."""
        return f"course-{course.id}"

    def resource_link(self, course: Course | None) -> dict[str, Any]:
        """Describe the link that was clicked (lti core 5.3.5)."""
        if course is None:
            return {"id": "link-0", "title": "Dashboard"}
        return {"id": f"link-{course.id}", "title": course.link_title}

    def lis(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give the school's own ids (lti core 5.4.5)."""
        ids = {"person_sourcedid": person.sis_id, "course_section_sourcedid": course.sis_id if course else ""}
        return {name: value for name, value in ids.items() if value}

    def roles(self, person: Person, course: Course | None) -> list[str]:
        """Give the roles in this course; without one, the roles of the person's first."""
        kinds = person.kinds.get(course.id if course else next(iter(person.kinds)), ("nobody",))
        uris = dict.fromkeys(uri for kind in kinds for uri in self.role_uris[kind])
        return [uri.split("membership#")[-1] if self.switches.short_roles else uri for uri in uris]

    def histories(self) -> dict[str, str]:
        """Say what course and link were copied from."""
        told = {
            "context_id_history": self.switches.context_history,
            "resource_link_id_history": self.switches.link_history,
        }
        return {name: value for name, value in told.items() if value}

    def custom(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give the custom parameters, resolved as far as the platform can."""
        custom: dict[str, Any] = {"user_number": str(person.id), "course_number": str(course.id) if course else ""}
        if self.switches.numeric_custom:
            custom = {name: int(value) if value.isdigit() else value for name, value in custom.items()}
        return custom | {"sis": "$Person.sourcedId"} if self.switches.unresolved_custom else custom
