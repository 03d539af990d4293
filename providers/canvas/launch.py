"""Canvas's launches: by the book, plus the school's own ids from the key's custom fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from providers.canvas.settings import CanvasSettings, endpoints
from providers.contract import Launch, VerifiedClaims
from providers.kit import lti

__all__ = ["CUSTOM_FIELDS", "endpoints", "read_launch"]

# The custom fields that the guide asks for. The developer key sets them, so an account administrator stands for
# them. https://canvas.instructure.com/doc/api/file.tools_variable_substitutions.html
CUSTOM_FIELDS: Final = {
    "canvas_user_id": "$Canvas.user.id",
    "canvas_user_login_id": "$Canvas.user.loginId",
    "canvas_user_sis_id": "$Canvas.user.sisSourceId",
    "canvas_course_id": "$Canvas.course.id",
    "canvas_course_sis_id": "$Canvas.course.sisSourceId",
    "canvas_section_sis_ids": "$Canvas.course.sectionSisSourceIds",
    "canvas_api_domain": "$Canvas.api.domain",
    "context_id_history": "$Context.id.history",
}


def read_launch(claims: VerifiedClaims, settings: CanvasSettings) -> Launch:  # noqa: ARG001 - the contract's shape
    """Read proven claims. What the lis claim says comes before the custom fields."""
    launch = lti.read_launch(claims)
    custom = _whole_ids(launch.custom)
    if not custom:
        return launch
    person = replace(
        launch.person,
        sourced_id=launch.person.sourced_id or custom.get("canvas_user_sis_id") or None,
        username=custom.get("canvas_user_login_id") or None,
        roster_id=_number(custom.get("canvas_user_id")),
    )
    context = launch.context
    if context is not None:
        context = replace(
            context,
            course_sourced_id=context.course_sourced_id or custom.get("canvas_course_sis_id") or None,
            section_sourced_id=context.section_sourced_id or _only(custom.get("canvas_section_sis_ids")),
            roster_course_id=_number(custom.get("canvas_course_id")),
        )
    return replace(launch, person=person, context=context, custom=custom)


def _whole_ids(custom: Mapping[str, str]) -> Mapping[str, str]:
    """Leave out what Canvas writes among the ids of earlier courses (lib/lti/substitutions_helper.rb).

    A list of more than a thousand ends with the word ``truncated``, and one that took too long is ``timed out``.
    """
    history = custom.get("context_id_history")
    if history is None or not history.endswith(("truncated", "timed out")):
        return custom
    whole = [each for each in history.split(",") if each not in {"truncated", "timed out"}]
    others = {name: value for name, value in custom.items() if name != "context_id_history"}
    return others | {"context_id_history": ",".join(whole)} if whole else others


def _only(sections: str | None) -> str | None:
    """Return the one section of a comma list; with several the launch does not say which one it came from."""
    return None if not sections or "," in sections else sections


def _number(value: str | None) -> str | None:
    """Return an id as Canvas's REST interface has it: a variable that stayed unfilled is none."""
    return value if value and value.isdecimal() else None
