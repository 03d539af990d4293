"""Reads an ID token for people: name, role, class and what was clicked, each of which may be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_ROLES = {
    "Learner": "Student",
    "Instructor": "Teacher",
    "TeachingAssistant": "Teaching assistant",
    "Administrator": "Administrator",
    "Mentor": "Parent or mentor",
    "ContentDeveloper": "Content developer",
    "TestUser": "Test student (a teacher's preview)",
}
_MESSAGES = {
    "LtiResourceLinkRequest": "Opened a lesson",
    "LtiDeepLinkingRequest": "Choosing content for a class",
    "LtiSubmissionReviewRequest": "Reviewing a submission",
}


@dataclass(frozen=True, slots=True)
class Person:
    """What the page shows. None: the school did not say."""

    subject: str
    name: str | None
    email: str | None
    roles: list[str]
    class_title: str | None
    class_id: str | None
    link_title: str | None
    message: str | None
    target: str | None

    @property
    def greeting(self) -> str:
        """The heading."""
        return f"Hello, {self.name}!" if self.name else "Hello!"


def read_person(claims: Mapping[str, Any]) -> Person:
    """Return what the page shows of these claims."""
    context, link = (claims.get(_LTI + name) or {} for name in ("context", "resource_link"))
    message = claims.get(_LTI + "message_type")
    return Person(
        subject=claims["sub"],
        name=claims.get("name") or claims.get("given_name"),
        email=claims.get("email"),
        roles=_roles(claims.get(_LTI + "roles") or []),
        class_title=context.get("title") or context.get("label"),
        class_id=context.get("id"),
        link_title=link.get("title"),
        message=_MESSAGES.get(message, message) if message else None,
        target=claims.get(_LTI + "target_link_uri"),
    )


def _roles(uris: list[str]) -> list[str]:
    """Return role URIs (LTI 1.3 core, A.2) in plain words, each once."""
    names = (uri.rsplit("#", 1)[-1] for uri in uris)
    return list(dict.fromkeys(_ROLES.get(name, name) for name in names))
