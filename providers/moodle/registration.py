"""Connecting a Moodle site: by dynamic registration, or with the values of the tool's configuration details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.contract import OpenIdConfiguration, Placement, Registration, Tool, Wants
from providers.contract.registration import DEEP_LINKING_REQUEST
from providers.kit.lti import registration

# mod/lti/locallib.php, lti_get_capabilities. They only say what else a page may show: whoever proves something reads
# the lis claim, because a teacher can add parameters to an activity.
CUSTOM = {"user_username": "$User.username", "course_idnumber": "$CourseSection.sourcedId"}


class MoodleRegistration:
    """mod/lti/openid-registration.php; its answer brings the deployment, and the tool then waits to be activated."""

    def tool_registration(self, tool: Tool, wants: Wants, platform: OpenIdConfiguration) -> dict[str, Any]:
        """Ask by the book, but with at most one deep linking message: Moodle keeps only the last one."""
        deep_linking = [each for each in wants.placements if each.message_type == DEEP_LINKING_REQUEST]
        others = [each for each in wants.placements if each.message_type != DEEP_LINKING_REQUEST]
        asked = Wants((*others, *deep_linking[-1:]), wants.scopes, wants.custom)
        return registration.tool_registration(tool, asked, platform)

    def read_registration(self, answer: Mapping[str, Any], platform: OpenIdConfiguration) -> dict[str, Any]:
        """Return the settings; the addresses are kept as Moodle gave them."""
        values = registration.read_registration(answer, platform)
        del values["algorithms"]  # Moodle signs with RS256
        return values | {"base_url": platform.issuer}


REGISTRATION = Registration(
    asks=("base_url", "client_id", "deployment_ids"),
    wants=Wants(
        placements=(Placement(), Placement("ContentArea", DEEP_LINKING_REQUEST)),
        scopes=registration.SERVICE_SCOPES,
        custom=CUSTOM,
    ),
    dynamic=MoodleRegistration(),
)
