"""What to change in Moodle, per error code, on its own screens.

The screens' names here and in guide.md are from memory of mod/lti/lang/en/lti.php, not compared with a live site.
"""

from __future__ import annotations

from typing import Final

_TOOL: Final = "In Moodle, Site administration, Plugins, External tool, Manage tools, edit the tool"
_AGAIN: Final = "Moodle hands each launch out once: go back to the course page and open the activity again."
_DETAILS: Final = "Compare with Tool configuration details (the list symbol on the tool's card under Manage tools)"
_TARGET: Final = f"{_TOOL}: Tool URL must be the launch address of the guide; so must it be in the activity."

ADVICE: Final[dict[str, str]] = {
    "lti.login_missing_parameter": f"{_TOOL}: Initiate login URL must be the login address of the guide.",
    "lti.issuer_unknown": f"{_DETAILS}: Platform ID and Client ID must be filled in here letter by letter.",
    "lti.platform_error": (
        f"{_TOOL}: Redirection URI(s) must hold the launch address of the guide, letter by letter, on a line of its "
        "own. Then open the activity again from the course page."
    ),
    "lti.token_missing": f"{_TOOL}: Redirection URI(s) must hold the launch address of the guide, letter by letter.",
    "lti.kid_unknown": f"{_DETAILS}: the key set address here must be its Public keyset URL.",
    "lti.key_set_unavailable": (
        "Check that this server may reach mod/lti/certs.php of your Moodle over https, and that no maintenance page "
        "or login wall stands in front of it."
    ),
    "lti.signature_invalid": f"{_DETAILS}: the key set address here must be its Public keyset URL.",
    "lti.issuer_mismatch": (
        "Moodle calls itself by its wwwroot. Behind a proxy that may begin with http:// or hold a path: copy the "
        "Platform ID as it is shown, without a slash at the end."
    ),
    "lti.audience_mismatch": f"{_DETAILS}: copy its Client ID.",
    "lti.expired": (
        "Moodle's launches are good for sixty seconds only: set the clock of the Moodle server by NTP. Until then a "
        "larger clock leeway here helps."
    ),
    "lti.issued_in_future": "The clock of the Moodle server is ahead: set it by NTP.",
    "lti.nonce_mismatch": _AGAIN,
    "lti.replayed": _AGAIN,
    "lti.state_invalid": _AGAIN,
    "lti.state_expired": _AGAIN,
    "lti.browser_mismatch": (
        f"{_TOOL}: set Default launch container to New window, or allow cookies for this address in the browser."
    ),
    "lti.version_wrong": f"{_TOOL}: LTI version must be LTI 1.3.",
    "lti.message_type_unsupported": (
        f"{_TOOL}: the Content Selection URL must be the launch address of the guide, or Supports Deep Linking off."
    ),
    "lti.deployment_pending": f"{_DETAILS}: when its Deployment ID is the one shown, accept it here.",
    "lti.deployment_mismatch": (
        "The same tool was added to Moodle a second time and has another Deployment ID: accept that one here too, or "
        "delete one of the two tools."
    ),
    "lti.target_mismatch": _TARGET,
    "lti.target_not_allowed": _TARGET,
    "lti.subject_missing": "Let people sign in to Moodle before they open the activity, or allow guests here.",
    "lti.custom_invalid": f"{_TOOL}: give every line of Custom parameters a value, as name=value.",
}
