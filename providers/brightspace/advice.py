"""What to change in Brightspace, per error code, on its own screens.

Register Tool, Deployment and Links are verified names of screens (documentation.brightspace.com); the names of single
fields are from memory and not compared with a live site.
"""

from __future__ import annotations

from typing import Final

_TOOL: Final = "In Brightspace, Admin Tools, Manage Extensibility, LTI Advantage, open the registered tool"
_DEPLOYMENT: Final = "In Brightspace, Admin Tools, External Learning Tools, open the tool's deployment"
_AGAIN: Final = "Brightspace hands each launch out once: go back to the course and open the link again."
_TARGET: Final = f"{_DEPLOYMENT}, View Links: each link's URL must be the launch address of the guide."
_CLOCK: Final = (
    "The clocks of Brightspace and of this server differ: set this server's by NTP, or the leeway here higher."
)

ADVICE: Final[dict[str, str]] = {
    "lti.login_missing_parameter": f"{_TOOL}: OpenID Connect Login URL must be the login address of the guide.",
    "lti.issuer_unknown": f"{_TOOL}: Issuer and Client Id must be filled in here letter by letter.",
    "lti.platform_error": (
        f"{_TOOL}: it must be enabled, and Redirect URLs must hold the launch address of the guide letter by letter; "
        "Brightspace knows no wildcards."
    ),
    "lti.token_missing": f"{_TOOL}: Redirect URLs must hold the launch address of the guide letter by letter.",
    "lti.kid_unknown": f"{_TOOL}: the key set address here must be its Brightspace Keyset URL.",
    "lti.key_set_unavailable": "Check that this server may reach d2l/.well-known/jwks of your Brightspace over https.",
    "lti.signature_invalid": f"{_TOOL}: the key set address here must be its Brightspace Keyset URL.",
    "lti.issuer_mismatch": f"{_TOOL}: copy its Issuer as the Brightspace address.",
    "lti.audience_mismatch": f"{_TOOL}: copy its Client Id.",
    "lti.not_yet_valid": _CLOCK,
    "lti.issued_in_future": _CLOCK,
    "lti.expired": _CLOCK,
    "lti.nonce_mismatch": _AGAIN,
    "lti.replayed": _AGAIN,
    "lti.state_invalid": _AGAIN,
    "lti.state_expired": _AGAIN,
    "lti.browser_mismatch": (
        f"{_DEPLOYMENT}, View Links: open it in a new window, or allow cookies for this address in the browser."
    ),
    "lti.message_type_unsupported": f"{_DEPLOYMENT}, View Links: Type must be Basic Launch or a Deep Linking type.",
    "lti.deployment_pending": f"{_DEPLOYMENT}: when its Deployment Id is the one shown, accept it here.",
    "lti.deployment_mismatch": f"{_DEPLOYMENT}: the tool has another Deployment Id there; accept that one here too.",
    "lti.target_mismatch": _TARGET,
    "lti.target_not_allowed": _TARGET,
    "lti.subject_missing": f"{_DEPLOYMENT}, Security Settings: Anonymous must be off and User Information on.",
    "lti.custom_invalid": f"{_DEPLOYMENT}: give each custom parameter a value, or remove it.",
}
