"""Schoology's launches: by the book, plus the district's own ids from the app's custom parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from providers.contract import Launch, VerifiedClaims
from providers.kit import lti
from providers.schoology.settings import SchoologySettings, endpoints

__all__ = ["CUSTOM", "endpoints", "read_launch"]

# Set in the app's configuration and, for links made by deep linking, in the item that we signed: no teacher types them
# in. Schoology lowers the names, so they are lower-case from the start.
CUSTOM: Final = {
    "user_unique_id": "$com.schoology.User.uniqueId",
    "user_username": "$User.username",
    "school_id": "$com.schoology.School.id",
    "building_id": "$com.schoology.Context.Building.id",
    "section_id": "$com.schoology.CourseSection.id",
    "section_school_code": "$CourseSection.sourceSectionId",
    "context_id_history": "$Context.id.history",
    "resource_link_id_history": "$ResourceLink.id.history",
}


def read_launch(claims: VerifiedClaims, settings: SchoologySettings) -> Launch:  # noqa: ARG001 - the contract's shape
    """Read proven claims. A context is a section, so its school code is the section's own id.

    Links made by deep linking carry the item's parameters alone, and a privacy-limited relaunch may leave out the
    context or its title: what is absent here is unknown, not gone.
    """
    launch = lti.read_launch(claims)
    custom = launch.custom
    if not custom:
        return launch
    person = replace(
        launch.person,
        sourced_id=launch.person.sourced_id or _said(custom.get("user_unique_id")),
        username=_said(custom.get("user_username")),
    )
    context = launch.context
    if context is not None:
        section = context.section_sourced_id or _said(custom.get("section_school_code"))
        context = replace(context, section_sourced_id=section, roster_class_id=_said(custom.get("section_id")))
    return replace(launch, person=person, context=context)


def _said(value: str | None) -> str | None:
    return (value or "").strip() or None
