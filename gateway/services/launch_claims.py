"""Says a launch again for the application, under LTI's own claim names and with our sourcedIds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.services.copies import custom_told
from gateway.services.linking import Arrival
from gateway.store.arrivals import Known
from providers.contract import Launch, Role
from providers.kit.lti import claims as names
from providers.kit.lti.deep_linking import read_deep_linking

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_PRESENTATION = ("document_target", "height", "width", "return_url", "locale")
SIGN_IN = "SignIn"
# LTI 1.3 core, A.2.2: what somebody is at the school.
_AT_SCHOOL = {
    Role.STUDENT: "Student",
    Role.TEACHER: "Instructor",
    Role.AIDE: "Staff",
    Role.ADMINISTRATOR: "Administrator",
    Role.DISTRICT_ADMINISTRATOR: "Administrator",
    Role.GUARDIAN: "Mentor",
}
_INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"


def launch_claims(launch: Launch, known: Known, arrival: Arrival, answer_url: str = "") -> dict[str, Any]:
    """Return the launch's claims of the application's ID token.

    `answer_url` is where the application answers a deep linking request.

    Only roles in the context are passed on: what somebody is elsewhere in the school gives no right in this class.
    """
    if launch.message_type == SIGN_IN:
        return sign_in_claims(launch, known)
    claims: dict[str, Any] = {
        "message_type": launch.message_type,
        "version": "1.3.0",
        "deployment_id": known.deployment_row_id,
        "roles": [*launch.roles.context_uris, *([TEST_USER] if launch.roles.is_test_user else [])],
        "tool_platform": {"guid": known.org_id, "product_family_code": known.provider},
    }
    if launch.target_link_uri:
        claims["target_link_uri"] = launch.target_link_uri
    if arrival.class_id:
        claims["context"] = _context(launch, known, arrival.class_id)
    if launch.resource_link and arrival.link_row_id:
        claims["resource_link"] = _without_none(
            id=arrival.link_row_id,
            title=launch.resource_link.title or known.link_title,
            description=launch.resource_link.description,
        )
    if names.FOR_USER in launch.message:
        claims["for_user"] = dict(launch.message[names.FOR_USER])
    if names.LTI1P1 in launch.message:
        claims["lti1p1"] = dict(launch.message[names.LTI1P1])
    if custom := custom_told(launch.custom, known):
        claims["custom"] = custom
    presentation = {name: launch.launch_presentation.get(name) for name in _PRESENTATION}
    if any(presentation.values()):
        claims["launch_presentation"] = _without_none(**presentation)
    named = {f"{_LTI}{name}": value for name, value in claims.items()}
    if names.DEEP_LINKING_SETTINGS in launch.message:
        named[names.DEEP_LINKING_SETTINGS] = _deep_linking(launch, answer_url)
    return named


def sign_in_claims(launch: Launch, known: Known) -> dict[str, Any]:
    """Return what a sign-in tells: no class and no message, only what the person is at the school."""
    words = dict.fromkeys(_AT_SCHOOL[role] for role in launch.roles.person)
    return {
        f"{_LTI}roles": [f"{_INSTITUTION}{word}" for word in words],
        f"{_LTI}tool_platform": {"guid": known.org_id, "product_family_code": known.provider},
    }


def school_claims(roles: Iterable[str], school_id: str | None) -> dict[str, Any]:
    """Return what a native sign-in tells: the same, of the roles that the person has at the school."""
    known = [_AT_SCHOOL[Role(role)] for role in roles if role in set(Role)]
    told: dict[str, Any] = {f"{_LTI}roles": [f"{_INSTITUTION}{word}" for word in dict.fromkeys(known)]}
    return told | ({f"{_LTI}tool_platform": {"guid": school_id}} if school_id else {})


def _deep_linking(launch: Launch, answer_url: str) -> dict[str, Any]:
    """Return what the platform accepts. Its return address and its data stay with us: the answer goes through us."""
    asked = read_deep_linking(launch.message[names.DEEP_LINKING_SETTINGS])
    return _without_none(
        deep_link_return_url=answer_url,
        accept_types=list(asked.accept_types),
        accept_presentation_document_targets=list(asked.accept_targets),
        accept_media_types=",".join(asked.accept_media_types) or None,
        accept_multiple=asked.accept_multiple,
        accept_lineitem=asked.accept_line_item,
        auto_create=asked.auto_create,
        title=asked.title,
        text=asked.text,
    )


def _context(launch: Launch, known: Known, class_id: str) -> dict[str, Any]:
    told = launch.context
    return _without_none(
        id=class_id,
        label=(told.label if told else None) or known.class_code,
        title=(told.title if told else None) or known.class_title,
        type=list(told.types) if told and told.types else None,
    )


def _without_none(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
