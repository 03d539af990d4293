"""What to change in Blackboard Learn, per error code, on its own screens.

The names come from docs.blackboard.com (lti/getting-started-with-lti, turn-on-all-switches); those of the developer
portal's fields are from memory and not compared with the live site.
"""

from __future__ import annotations

from typing import Final

_TOOL: Final = "In Blackboard, Administrator Panel, Integrations, LTI Tool Providers, find the tool by its domain"
_PORTAL: Final = "In the developer portal, My Apps, edit the application"
_AGAIN: Final = "Blackboard hands each launch out once: go back to the course and open the item again."
_TARGET: Final = (
    f"{_TOOL}, Manage Placements: each placement's Target Link URI must be the launch address of the guide."
)

ADVICE: Final[dict[str, str]] = {
    "lti.login_missing_parameter": f"{_PORTAL}: Login Initiation URL must be the login address of the guide.",
    "lti.issuer_unknown": (
        f"{_PORTAL}: its Application ID must be filled in here. The issuer is https://blackboard.com everywhere."
    ),
    "lti.registration_ambiguous": (
        "Several schools here use Blackboard: accept this school's deployment ID first; it tells them apart."
    ),
    "lti.platform_error": (
        f"{_PORTAL}: Tool Redirect URL(s) must hold the launch address of the guide. {_TOOL}: it must be Approved."
    ),
    "lti.token_missing": f"{_PORTAL}: Tool Redirect URL(s) must hold the launch address of the guide.",
    "lti.alg_not_allowed": f"{_PORTAL}: Signing Algorithm must be one of the signature algorithms set here.",
    "lti.kid_unknown": f"{_PORTAL}: copy its Application ID; the address of its keys follows from it.",
    "lti.key_set_unavailable": "Check that this server may reach the developer portal over https.",
    "lti.signature_invalid": (
        "If Blackboard has just changed its key, check the integration here (schoolgate integrations check): the key's "
        "name stays the same, so we learn of it within the hour, or then."
    ),
    "lti.audience_mismatch": f"{_PORTAL}: copy its Application ID as it is.",
    "lti.nonce_mismatch": _AGAIN,
    "lti.replayed": _AGAIN,
    "lti.state_invalid": _AGAIN,
    "lti.state_expired": _AGAIN,
    "lti.browser_mismatch": (
        f"{_TOOL}, Manage Placements: tick Launch in New Window, or allow cookies for this address in the browser."
    ),
    "lti.deployment_pending": f"{_TOOL}: when the Deployment ID in its details is the one shown, accept it here.",
    "lti.deployment_mismatch": (
        f"{_TOOL}: each institution, and each time the tool is added anew, has its own Deployment ID; accept that here."
    ),
    "lti.target_mismatch": _TARGET,
    "lti.target_not_allowed": _TARGET,
    "lti.subject_missing": f"{_TOOL}, Edit: User Fields to Send must hold Name and Role in Course.",
    "lti.roles_missing": f"{_TOOL}, Edit: User Fields to Send must hold Role in Course.",
}
