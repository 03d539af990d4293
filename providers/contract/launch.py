"""What a launch says, in OneRoster's and LTI's words, after a room took its vendor's oddities out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from providers.contract.claims import VerifiedClaims


class Role(StrEnum):
    """OneRoster 1.2 role of a person (`Role.role`), as far as a launch can tell it."""

    STUDENT = "student"
    TEACHER = "teacher"
    AIDE = "aide"
    ADMINISTRATOR = "siteAdministrator"
    DISTRICT_ADMINISTRATOR = "districtAdministrator"
    GUARDIAN = "guardian"


class EnrollmentRole(StrEnum):
    """OneRoster 1.2 role of a person in one class (`Enrollment.role`)."""

    STUDENT = "student"
    TEACHER = "teacher"
    PROCTOR = "proctor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class LaunchRoles:
    """Roles of the launch.

    `person` and `enrollment` come from *context* roles alone, least privilege first; `context_uris` are the
    recognised context role URIs in full form; `is_test_user` marks a platform's student preview.
    """

    person: tuple[Role, ...] = ()
    enrollment: tuple[EnrollmentRole, ...] = ()
    context_uris: tuple[str, ...] = ()
    is_test_user: bool = False


@dataclass(frozen=True, slots=True)
class LaunchPerson:
    """Who launched. Every field but the roles may be withheld; `email` is contact data and never a key."""

    given_name: str | None = None
    family_name: str | None = None
    middle_name: str | None = None
    name: str | None = None
    email: str | None = None
    picture: str | None = None
    locale: str | None = None
    sourced_id: str | None = None  # the school's own (SIS) id, as the platform signed it
    username: str | None = None
    roster_id: str | None = None  # what this provider's own roster calls this person


@dataclass(frozen=True, slots=True)
class LaunchContext:
    """The course or section: `id` is unique in its deployment, the rest may vanish on a later launch.

    `roster_class_id` and `roster_course_id` are what the same integration's roster calls it: its class, or the course
    whose only class it is.
    """

    id: str
    label: str | None = None
    title: str | None = None
    types: tuple[str, ...] = ()
    course_sourced_id: str | None = None
    section_sourced_id: str | None = None
    roster_class_id: str | None = None
    roster_course_id: str | None = None


@dataclass(frozen=True, slots=True)
class LaunchResourceLink:
    """The link that was clicked: `id` is unique in its deployment."""

    id: str
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Launch:
    """One LTI launch, vendor oddities removed.

    `subject` is the platform's own id of the person, byte for byte, or None for an anonymous launch.
    `services` holds the service claims (NRPS, AGS, …) and `message` the claims that only this message type has
    (deep linking settings, for_user), both under their full LTI claim names and as the platform sent them.
    """

    message_type: str
    deployment_id: str
    subject: str | None
    roles: LaunchRoles
    person: LaunchPerson
    target_link_uri: str | None = None
    context: LaunchContext | None = None
    resource_link: LaunchResourceLink | None = None
    custom: Mapping[str, str] = field(default_factory=dict)
    launch_presentation: Mapping[str, Any] = field(default_factory=dict)
    platform: Mapping[str, Any] = field(default_factory=dict)
    services: Mapping[str, Any] = field(default_factory=dict)
    message: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LtiEndpoints:
    """Where an LTI platform lives, as registered; `issuer` is compared byte for byte."""

    issuer: str
    client_id: str
    auth_login_url: str
    key_set_url: str
    auth_token_url: str | None = None
    auth_audience: str | None = None
    deployment_ids: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = ("RS256",)
    leeway_seconds: int = 60
    allow_anonymous: bool = False


S_contra = TypeVar("S_contra", contravariant=True)


class LtiLaunch(Protocol, Generic[S_contra]):
    """Capability: LTI 1.3 launches. Both calls are pure; the hall proves the token before `read_launch`."""

    def endpoints(self, settings: S_contra) -> LtiEndpoints:
        """Return the platform's endpoints for these settings. Raises Misconfigured when they contradict."""
        ...

    def read_launch(self, claims: VerifiedClaims, settings: S_contra) -> Launch:
        """Read proven claims. Raises BadData when a claim that this room needs has another shape."""
        ...
