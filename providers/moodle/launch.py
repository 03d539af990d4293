"""Moodle's launches: by the book, plus the login name from its own claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from providers.contract import Launch, VerifiedClaims
from providers.kit import lti
from providers.kit.lti import claims as names
from providers.kit.lti.shapes import text
from providers.moodle.settings import MoodleSettings, endpoints

__all__ = ["endpoints", "read_launch"]


def read_launch(claims: VerifiedClaims, settings: MoodleSettings) -> Launch:  # noqa: ARG001 - the contract's shape
    """Read proven claims.

    The school's own ids come from the lis claim alone (``idnumber``): a teacher can type custom parameters into an
    activity, so they prove nothing. The login name is in ``ext`` (mod/lti/locallib.php, lti_build_request).
    """
    launch = lti.read_launch(claims)
    ext = claims.get(names.EXT)
    username = text(ext.get("user_username")) if isinstance(ext, Mapping) else None
    if username is not None:
        launch = replace(launch, person=replace(launch.person, username=username))
    context = launch.context
    if context is not None and context.course_sourced_id is None and context.section_sourced_id is not None:
        # Moodle has no sections: a course's idnumber comes as that of its only one.
        launch = replace(launch, context=replace(context, course_sourced_id=context.section_sourced_id))
    return launch
