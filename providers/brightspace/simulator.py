"""A simulated Brightspace on loopback, with the ways of the real one as named switches."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Flask

from providers.brightspace.simulator_desk import TOKEN_AUDIENCE, BrightspaceDesk
from providers.kit.lti import claims as names
from providers.kit.lti.vocabulary import INSTITUTION
from providers.kit.simulator import Course, Paths, Person, SimulatedPlatform, SimulatorConfig, Switches
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.people import Kind
from providers.kit.simulator.tool_desk import ToolDesk

_OWN_CLAIM = "http://www.brightspace.com"
_INSTITUTION: Mapping[Kind, str] = {
    "teacher": INSTITUTION + "Instructor",
    "assistant": INSTITUTION + "Instructor",
    "student": INSTITUTION + "Student",
    "administrator": INSTITUTION + "Administrator",
}


@dataclass(frozen=True)
class BrightspaceSwitches(Switches):
    """Brightspace's own quirks beside the general ones. `context` is its "Org Unit Information"."""

    token_seconds: int = 1800
    not_before: bool = True  # nbf is iat, so that the slightest drift shows
    key_set_algorithms: bool = False
    user_information: bool = True  # security setting: name, login name, org defined id
    anonymous: bool = False  # security setting: not even the user id
    link_information: bool = True  # security setting: title and description of the link
    institution_role: bool = True  # "Send Institution Role"
    unlisted_variable: bool = False  # a variable that nobody ticked in the list stays as it is
    legacy_id: bool = True  # the LTI 1.1 user id
    # registration: a new tab without a token; a deployment only where "Configure Deployment" is ticked
    registration_tab: bool = True
    registration_token: bool = False
    registration_deployment: bool = False
    names_audience: bool = True  # authorization_server in the configuration
    taken_domain: str = ""  # the domain of another enabled tool
    notices: bool = True  # "Platform Notification Service" and "Context Copy Notice" are on for the deployment
    notice_catalogue: bool = True
    assertion_audience: str = TOKEN_AUDIENCE
    score_unknown_student: tuple[int, str] = (403, "User in requested score is not enrolled in the org unit")


class SimulatedBrightspace(SimulatedPlatform):
    """One school's Brightspace with one deployed tool."""

    label: ClassVar[str] = "Simulated Brightspace"
    family_code: ClassVar[str] = "desire2learn"
    paths: ClassVar[Paths] = Paths("/d2l/lti/authenticate", "/d2l/.well-known/jwks", "/core/connect/token")
    desk_class: ClassVar[type[ToolDesk]] = BrightspaceDesk
    desk: BrightspaceDesk
    switches: BrightspaceSwitches

    @classmethod
    def default_switches(cls) -> BrightspaceSwitches:
        """Return Brightspace with everything shared."""
        return BrightspaceSwitches()

    def settings(self) -> dict[str, Any]:
        """Return what it shows after registration; its address is its issuer."""
        return super().settings() | {"base_url": self.config.home}

    def subject(self, person: Person) -> str:
        """Return the school's GUID and the user's number."""
        return f"{uuid.uuid5(uuid.NAMESPACE_URL, self.config.issuer)}_{person.id}"

    def redirect_known(self, redirect_uri: str) -> bool:
        """Compare letter by letter: Brightspace knows no wildcards."""
        return redirect_uri == self.config.tool_redirect_url

    def names_shared(self, person: Person) -> bool:
        """Ask the deployment's security settings, too."""
        return super().names_shared(person) and self.switches.user_information and not self.switches.anonymous

    def person_claims(self, person: Person) -> dict[str, Any]:
        """Leave everything out for an anonymous deployment."""
        if self.switches.anonymous:
            return {}
        claims = super().person_claims(person)
        if self.switches.legacy_id and person.signed_in:
            claims[names.LEGACY_USER_ID] = str(person.id)
        return claims

    def lti_claims(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Add Brightspace's own claim as far as the security settings allow."""
        claims = super().lti_claims(person, course)
        own: dict[str, Any] = {"tenant_id": str(uuid.uuid5(uuid.NAMESPACE_URL, self.config.issuer))}
        if self.names_shared(person):
            del claims[names.LIS]  # the school's own id comes in the claim below
            own |= {"org_defined_id": person.sis_id, "user_id": person.id, "username": person.email.partition("@")[0]}
        return claims | {_OWN_CLAIM: own}

    def resource_link(self, course: Course | None) -> dict[str, Any]:
        """Describe the link, or give its id alone."""
        link = super().resource_link(course)
        return link if self.switches.link_information else {"id": link["id"]}

    def roles(self, person: Person, course: Course | None) -> list[str]:
        """Give the roles in the course and, when told to, those at the institution."""
        roles = super().roles(person, course)
        if not self.switches.institution_role:
            return roles
        kinds = {kind for kinds in person.kinds.values() for kind in kinds}
        return list(dict.fromkeys([*(_INSTITUTION[kind] for kind in sorted(kinds) if kind in _INSTITUTION), *roles]))

    def custom(self, person: Person, course: Course | None) -> dict[str, Any]:
        """Give the custom parameters; a variable that is not in the list stays literal."""
        listed = {"context_id_history": "", "resource_link_id_history": ""}
        custom = super().custom(person, course) | listed
        return custom | {"user_id": "$User.Id"} if self.switches.unlisted_variable else custom


PLATFORM = SimulatedBrightspace


def create_simulator(config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
    """Return the simulated Brightspace as a web application."""
    return create_app(platform or PLATFORM(config))
