"""What to change in an LTI 1.3 platform, in words that fit any; other codes fall back to the general advice."""

from __future__ import annotations

from typing import Final

_TARGET: Final = "Set the tool's target link (launch) address in the platform to the launch address of the guide."

ADVICE: Final[dict[str, str]] = {
    "lti.issuer_unknown": (
        "Add an integration whose issuer and client ID are those of this platform, letter by letter; a slash at the "
        "end makes another issuer."
    ),
    "lti.platform_error": (
        "The platform refused the login. Check that the tool is enabled there and that its redirect address is exactly "
        "the launch address of the guide, then open the activity again."
    ),
    "lti.audience_mismatch": "Set the client ID here to the one that the platform shows for the tool.",
    "lti.key_set_unavailable": (
        "Compare the key set address with the one that the platform shows, and check that this server may reach it."
    ),
    "lti.signature_invalid": "Compare the key set address here with the one that the platform shows for the tool.",
    "lti.kid_unknown": "Compare the key set address here with the one that the platform shows for the tool.",
    "lti.deployment_pending": (
        "Compare the deployment ID with the one in the platform, then accept it here once; everybody in that school "
        "can then come in."
    ),
    "lti.deployment_mismatch": "The platform has another deployment of this tool: accept that one here too.",
    "lti.target_mismatch": _TARGET,
    "lti.target_not_allowed": _TARGET,
    "lti.browser_mismatch": (
        "Let the platform open the tool in a new window, or allow cookies for this address in the browser."
    ),
    "lti.subject_missing": "Let the platform share who launches, or allow guests here.",
}
