"""A simulated Blackboard Learn and its portal on loopback, with the ways of the real one as named switches."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from flask import Flask

from providers.blackboard.simulator_desk import BlackboardDesk
from providers.kit.lti.vocabulary import TEST_USER, sub_role_uri
from providers.kit.simulator import Answer, Course, Paths, Person, SimulatedPlatform, SimulatorConfig, Switches
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.people import Kind
from providers.kit.simulator.tool_desk import ToolDesk

DISABLED = "The Tool Provider has been disabled by the System Administrator."


@dataclass(frozen=True)
class BlackboardSwitches(Switches):
    """Blackboard's own quirks beside the general ones."""

    login_method: Literal["GET", "POST"] = "GET"
    storage_target: str = "_parent"
    token_seconds: int = 3600
    signing: Literal["RS256", "RS512"] = "RS256"  # chosen at registration
    kid_is_client_id: bool = True  # also after a rotation
    disabled: Literal["", "tool", "course", "global"] = ""  # three switches, one sentence
    roleless_refused: bool = True  # who has no role in the course can't launch
    registration_token: bool = False  # it stands in the registration endpoint's address
    registration_deployment: bool = False  # each institution has its own, later
    taken_domain: str = ""  # the domain of another tool: an institution has each domain once
    portal_issuer: bool = False  # an early configuration: the portal instead of the issuer of the tokens
    members_url_query: str = "placement_id=_553_1"
    groups: bool = True
    results_of_one_without_comment: bool = True
    score_unknown_student: tuple[int, str] = (400, "User could not be found: ")
    link_needs_url: bool = True
    caliper: bool = True  # parameters of its own among the custom ones


class SimulatedBlackboard(SimulatedPlatform):
    """One institution that deployed one application of the portal."""

    label: ClassVar[str] = "Simulated Blackboard Learn"
    family_code: ClassVar[str] = "BlackboardLearn"
    paths: ClassVar[Paths] = Paths(
        "/api/v1/gateway/oidcauth",
        "/api/v1/management/applications/jwks.json",
        "/api/v1/gateway/oauth2/jwttoken",
        groups="/learn/api/v1/lti/courses/{course}/groups",
        group_sets="/learn/api/v1/lti/courses/{course}/groupsets",
    )
    role_uris: ClassVar[Mapping[Kind, tuple[str, ...]]] = {
        **SimulatedPlatform.role_uris,
        "assistant": (sub_role_uri("Instructor", "TeachingAssistant"),),  # without the principal beside it
        "preview": (TEST_USER,),  # the preview user has nothing else
    }
    desk_class: ClassVar[type[ToolDesk]] = BlackboardDesk
    desk: BlackboardDesk
    switches: BlackboardSwitches

    @classmethod
    def default_switches(cls) -> BlackboardSwitches:
        """Return Blackboard as it comes."""
        return BlackboardSwitches()

    def subject(self, person: Person) -> str:
        """Return 32 hexadecimal digits."""
        return hashlib.md5(f"user {person.id}".encode(), usedforsecurity=False).hexdigest()

    def context_id(self, course: Course) -> str:
        """Return 32 hexadecimal digits, not the _122_1 of its addresses."""
        return hashlib.md5(f"course {course.id}".encode(), usedforsecurity=False).hexdigest()

    def resource_link(self, course: Course | None) -> dict[str, Any]:
        """Describe the content item by its primary key."""
        return super().resource_link(course) | {"id": f"_{course.id + 1000 if course else 1}_1"}

    def custom(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give the custom parameters, with those that Blackboard adds by itself."""
        own = {"caliper_profile_url": self.config.home + "/learn/api/v1/telemetry/caliper/profile"}
        custom = super().custom(person, course)
        return custom | own if self.switches.caliper else custom

    def sign(self, claims: Mapping[str, Any] | bytes, **how: Any) -> str:
        """Sign with the algorithm chosen at registration, under the application's id."""
        how.setdefault("alg", self.switches.signing)
        if self.switches.kid_is_client_id:
            how["header"] = {"kid": self.config.client_id} | dict(how.get("header") or {})
        return super().sign(claims, **how)

    def key_set(self) -> dict[str, Any]:
        """Publish the newest key alone, under the application's id: a rotation does not change the kid."""
        keys = super().key_set()["keys"]
        if self.switches.signing != "RS256":
            keys = [key | {"alg": self.switches.signing} for key in keys]
        return {"keys": [keys[0] | {"kid": self.config.client_id}] if self.switches.kid_is_client_id else keys}

    def authorize(self, request: Mapping[str, str]) -> Answer:
        """Answer the request, unless a switch is off or the person has no role in the course."""
        if self.switches.disabled:
            return Answer(None, problem=DISABLED)
        started = self.started(request.get("lti_message_hint", ""))
        if started and self.switches.roleless_refused:
            kinds = started[0].kinds.get(started[1].id, ("nobody",))
            if set(kinds) <= {"nobody", "administrator"}:
                return Answer(None, problem="You have no role in this course.")
        return super().authorize(request)


PLATFORM = SimulatedBlackboard


def create_simulator(config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
    """Return the simulated Blackboard as a web application."""
    return create_app(platform or PLATFORM(config))
