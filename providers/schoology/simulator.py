"""A simulated Schoology on loopback, with the ways of the real one as named switches."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final

from flask import Flask

from providers.kit.lti import claims as names
from providers.kit.simulator import Course, Paths, Person, SimulatedPlatform, SimulatorConfig, Switches
from providers.kit.simulator.cast_roster import cast_roster
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.roster_data import Roster
from providers.kit.simulator.serving import running
from providers.kit.simulator.simulated_roster import OpenRoster, RosterFault, SimulatedRoster
from providers.kit.simulator.tool_desk import ToolDesk
from providers.schoology.simulator_api import KEY, SECRET, ApiSwitches, SchoologyApi, create_api
from providers.schoology.simulator_desk import SchoologyDesk
from providers.schoology.simulator_truth import truth_in_schoology

_FAULTS: Final[dict[RosterFault, dict[str, Any]]] = {
    "busy": {"busy_every": 4},
    "bad_gateway": {"bad_gateway_above": 120},
    "unauthorized": {"refuses_from": 9},
    "changed": {"grows": True},
    "cut": {"last_page": "short"},
    "torn": {"last_page": "torn"},
    "html": {"answers": "html"},
    "error": {"answers": "error"},
    "empty": {"answers": "empty"},
}
ROSTER_FAULTS: Final = tuple(_FAULTS)


@dataclass(frozen=True)
class SchoologySwitches(Switches):
    """Schoology's own quirks beside the general ones. `context` and `titles` off: a privacy-limited relaunch."""

    storage_target: str = "_parent"
    registration: bool = False  # it has no dynamic registration
    members_most: int = 100
    lowered_names: bool = True  # custom parameters' names lose their case
    deep_linked: bool = False  # the link was made by deep linking: only the item's own parameters come
    item_custom: tuple[tuple[str, str], ...] = ()  # ... which are these
    id_history: tuple[str, ...] = ()  # earlier sections of a copied one; it tells the last five
    district_domain: bool = False  # the district's pages live on a domain of its own
    other_issuer: str = ""  # an older variant is rumoured


class SimulatedSchoology(SimulatedPlatform):
    """One district that installed one app."""

    label: ClassVar[str] = "Simulated Schoology"
    family_code: ClassVar[str] = "schoology"
    paths: ClassVar[Paths] = Paths(
        "/lti-service/authorize-redirect", "/lti-service/.well-known/jwks", "/lti-service/access-token"
    )
    desk_class: ClassVar[type[ToolDesk]] = SchoologyDesk
    desk: SchoologyDesk
    switches: SchoologySwitches
    # What the app's custom parameters say: name -> variable, as the publisher typed them.
    app_custom: Mapping[str, str]

    def __init__(self, config: SimulatorConfig, **parts: Any) -> None:
        super().__init__(config, **parts)
        self.app_custom = {
            "user_unique_id": "$com.schoology.User.uniqueId",
            "user_username": "$User.username",
            "section_id": "$com.schoology.CourseSection.id",
            "section_school_code": "$CourseSection.sourceSectionId",
            "context_id_history": "$Context.id.history",
        }

    @classmethod
    def default_switches(cls) -> SchoologySwitches:
        """Return Schoology as districts see it."""
        return SchoologySwitches()

    def settings(self) -> dict[str, Any]:
        """Return what the app's pages show."""
        return super().settings() | ({"issuer": self.issuer} if self.switches.other_issuer else {})

    @property
    def issuer(self) -> str:
        """Return its name for itself, the same for all districts."""
        return self.switches.other_issuer or self.config.issuer

    def registered_claims(self, nonce: str) -> dict[str, Any]:
        """Use that name."""
        return super().registered_claims(nonce) | {"iss": self.issuer}

    def login_parameters(self, person: Person | str, course: Course | int = 101) -> dict[str, str]:
        """Use that name here too."""
        return super().login_parameters(person, course) | {"iss": self.issuer}

    def message_hint(self) -> str:
        """Return a UUID."""
        return str(uuid.uuid4())

    def subject(self, person: Person) -> str:
        """Return the user's number and a hash: the same id that class lists give."""
        digest = hashlib.md5(f"user {person.id}".encode(), usedforsecurity=False).hexdigest()
        return f"{person.id + 90_000_000}::{digest}"

    def context_id(self, course: Course) -> str:
        """Return the section's number."""
        return str(course.id + 7_000_000_000)

    def context(self, course: Course) -> dict[str, Any]:
        """Describe the section."""
        return super().context(course) | {"type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"]}

    def lti_claims(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Leave the lis claim out (ids come in custom parameters), and lead back to the district's own domain."""
        claims = super().lti_claims(person, course)
        claims.pop(names.LIS, None)
        if self.switches.district_domain:
            claims[names.LAUNCH_PRESENTATION] |= {"return_url": "https://lms.northfield.example/materials"}
        return claims

    def link_custom(self, person: Person, course: Course, own: Mapping[str, Any]) -> dict[str, Any]:
        """Give the item's own parameters alone, resolved: neither the app's nor the district's come with them."""
        return self._resolved(person, course, own)

    def custom(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give the parameters of the app, or of the item, with what Schoology knows."""
        switches = self.switches
        typed = dict(switches.item_custom) if switches.deep_linked else dict(self.app_custom)
        custom = self._resolved(person, course, typed)
        return custom | super().custom(person, course) if switches.numeric_custom else custom

    def _resolved(self, person: Person, course: Course | None, typed: Mapping[str, Any]) -> dict[str, Any]:
        known = {
            "$com.schoology.User.uniqueId": person.sis_id if person.shares_name else "",
            "$User.username": person.email.partition("@")[0] if self.names_shared(person) else "",
            "$com.schoology.CourseSection.id": self.context_id(course) if course else "",
            "$CourseSection.sourceSectionId": course.sis_id if course else "",
            "$Context.id.history": ",".join(self.switches.id_history[-5:]),
        }
        return {
            name.lower() if self.switches.lowered_names else name: known.get(value) or value
            for name, value in typed.items()
            if known.get(value) != ""
        }


PLATFORM = SimulatedSchoology


def create_simulator(config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
    """Return the simulated Schoology as a web application."""
    return create_app(platform or PLATFORM(config))


def own_roster() -> Roster:
    """Return the roster of those whom its launches bring."""
    return cast_roster(lambda user: user + 90_000_000, lambda course: course, lambda section: section + 7_000_000_000)


def rest_settings(base_url: str) -> dict[str, Any]:
    """Return what reaches its REST interface, beside what launches need."""
    return {"consumer_key": KEY, "consumer_secret": SECRET, "api_url": f"{base_url}/v1"}


def open_roster(base_url: str) -> OpenRoster:
    """Return its REST interface with the people whom its launches bring."""
    return OpenRoster(create_api(SchoologyApi(own_roster())), rest_settings(base_url))


@contextmanager
def simulate_roster(roster: Roster, _folder: Path) -> Iterator[SimulatedRoster]:
    """Serve this roster on loopback."""
    usual = ApiSwitches(most=max(len(roster["users"]) // 3, 10))
    api = SchoologyApi(roster, usual)

    def strike(*faults: RosterFault) -> None:
        changes = {name: value for fault in faults for name, value in _FAULTS[fault].items()}
        api.switches = replace(usual, **changes)

    with running(lambda _: create_api(api)) as base_url:
        settings = {"client_id": "1", **rest_settings(base_url)}
        truth = partial(truth_in_schoology, roster, api.rows.numbers)
        yield SimulatedRoster(settings, truth, strike, api.gradebook)
