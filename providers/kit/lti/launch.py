"""A core launch read by the book: https://www.imsglobal.org/spec/lti/v1p3 sections 5.3 and 5.4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.contract import (
    BadData,
    Launch,
    LaunchContext,
    LaunchPerson,
    LaunchResourceLink,
    VerifiedClaims,
)
from providers.kit.lti import claims as names
from providers.kit.lti.roles import read_roles
from providers.kit.lti.shapes import bad_claim, identifier, members, storable, text, unresolved
from providers.kit.lti.vocabulary import CONTEXT_TYPE_SPELLINGS


def read_launch(claims: VerifiedClaims) -> Launch:
    """Read proven claims as LTI writes them; a room starts from the answer and adds what its vendor does.

    Raises:
        BadData: ``lti.claim_shape``, ``lti.subject_invalid``, ``lti.roles_invalid`` or ``lti.custom_invalid``.
    """
    get = claims.get
    lis = members(get(names.LIS), names.LIS)
    presentation = members(get(names.LAUNCH_PRESENTATION), names.LAUNCH_PRESENTATION)
    return Launch(
        message_type=identifier(get(names.MESSAGE_TYPE), names.MESSAGE_TYPE),
        deployment_id=identifier(get(names.DEPLOYMENT_ID), names.DEPLOYMENT_ID),
        subject=read_subject(get("sub")),
        roles=read_roles(get(names.ROLES, ())),
        person=_read_person(claims, lis, presentation),
        target_link_uri=_read_target(get(names.TARGET_LINK_URI)),
        context=_read_context(members(get(names.CONTEXT), names.CONTEXT), lis),
        resource_link=_read_link(members(get(names.RESOURCE_LINK), names.RESOURCE_LINK)),
        custom=read_custom(members(get(names.CUSTOM), names.CUSTOM)),
        launch_presentation=presentation,
        platform=members(get(names.TOOL_PLATFORM), names.TOOL_PLATFORM),
        services={name: claims[name] for name in names.SERVICE_CLAIMS if name in claims},
        message={name: claims[name] for name in names.MESSAGE_CLAIMS if name in claims},
    )


def read_subject(sub: Any) -> str | None:
    """Return the platform's id of the person, byte for byte; None when it sent none (lti core 5.3.6.1)."""
    if sub is None:
        return None
    try:
        return identifier(sub, "sub")
    except BadData as fault:
        raise BadData("lti.subject_invalid", "The LMS did not say who you are.", fault.detail) from None


def read_custom(custom: Mapping[str, Any]) -> dict[str, str]:
    """Return the custom parameters as text, without those the platform had no value for (lti core 5.4.6)."""
    read: dict[str, str] = {}
    for name, value in custom.items():
        if type(value) is str:
            if not unresolved(value):
                read[storable(name)] = storable(value)
        elif isinstance(value, bool):
            read[storable(name)] = "true" if value else "false"
        elif isinstance(value, int | float):  # older platforms send numbers for course and user ids
            read[storable(name)] = str(value)
        elif value is not None:
            raise BadData(
                "lti.custom_invalid",
                "The LMS sent a custom parameter in a form that LTI does not allow.",
                f"{names.CUSTOM} holds a value that is not text",
            )
    return read


def _read_person(claims: VerifiedClaims, lis: Mapping[str, Any], presentation: Mapping[str, Any]) -> LaunchPerson:
    get = claims.get
    return LaunchPerson(
        given_name=text(get("given_name")),
        family_name=text(get("family_name")),
        middle_name=text(get("middle_name")),
        name=text(get("name")),
        email=text(get("email")),
        picture=text(get("picture")),
        locale=text(get("locale")) or text(presentation.get("locale")),
        sourced_id=text(lis.get("person_sourcedid")),
    )


def _read_context(context: Mapping[str, Any], lis: Mapping[str, Any]) -> LaunchContext | None:
    if not context:
        return None
    return LaunchContext(
        id=identifier(context.get("id"), f"{names.CONTEXT} id"),
        label=text(context.get("label")),
        title=text(context.get("title")),
        types=_read_types(context.get("type")),
        course_sourced_id=text(lis.get("course_offering_sourcedid")),
        section_sourced_id=text(lis.get("course_section_sourcedid")),
    )


def _read_types(types: Any) -> tuple[str, ...]:
    if types is None:
        return ()
    if isinstance(types, str):
        types = (types,)
    if not isinstance(types, list | tuple):
        raise bad_claim(f"{names.CONTEXT} type", "is not a list")
    known = (CONTEXT_TYPE_SPELLINGS.get(kind) for kind in types if isinstance(kind, str))
    return tuple(dict.fromkeys(kind for kind in known if kind is not None))


def _read_link(link: Mapping[str, Any]) -> LaunchResourceLink | None:
    if not link:
        return None
    return LaunchResourceLink(
        id=identifier(link.get("id"), f"{names.RESOURCE_LINK} id"),
        title=text(link.get("title")),
        description=text(link.get("description")),
    )


def _read_target(target: Any) -> str | None:
    if target is None or isinstance(target, str):
        return target or None
    raise bad_claim(names.TARGET_LINK_URI, "is not text")
