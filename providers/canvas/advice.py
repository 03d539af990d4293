"""What to change in Canvas, per error code; the names are those on its screens."""

from __future__ import annotations

from typing import Final

_KEY: Final = "In Canvas, under Admin, your account, Developer Keys, edit the key"
_REOPEN: Final = (
    "Canvas gives each launch out once: close this, reload the course page in Canvas and open the tool again."
)

ADVICE: Final[dict[str, str]] = {
    "lti.login_missing_parameter": f"{_KEY}: OpenID Connect Initiation Url must be the login address of the guide.",
    "lti.issuer_unknown": (
        "Add this Canvas here with the client ID from Developer Keys (the number in the Details column)."
        " For a Canvas of your own, the issuer is https://canvas.instructure.com unless lti_iss says "
        "otherwise."
    ),
    "lti.registration_disabled": (
        "Enable this integration here, or switch the developer key's State to Off in Canvas."
    ),
    "lti.platform_error": (
        f"{_KEY}: State must be On, and Redirect URIs must hold the launch address of the guide, letter "
        "by letter. If Canvas says login_required, sign in to Canvas again in this browser; if it says "
        "launch_no_longer_valid, reload the course page and open the tool again."
    ),
    "lti.token_missing": f"{_KEY}: Redirect URIs must hold the launch address of the guide, letter by letter.",
    "lti.kid_unknown": (
        "Check that environment (production, beta, test) or own address match the Canvas that launches."
    ),
    "lti.key_set_unavailable": "Check that this server may reach sso.canvaslms.com, or your own Canvas, over https.",
    "lti.signature_invalid": (
        "Check that environment (production, beta, test) or own address match the Canvas that launches."
    ),
    "lti.issuer_mismatch": (
        "Beta and test Canvas have issuers of their own: set the environment of this integration to match."
    ),
    "lti.audience_mismatch": "Copy the client ID from Developer Keys, Details column, as it is; do not shorten it.",
    "lti.nonce_mismatch": _REOPEN,
    "lti.replayed": _REOPEN,
    "lti.state_invalid": _REOPEN,
    "lti.state_expired": _REOPEN,
    "lti.browser_mismatch": (
        f"{_KEY}: set the placement to open in a new tab (windowTarget _blank), or allow cookies for "
        "this address in the browser."
    ),
    "lti.message_type_unsupported": f"{_KEY}: set each placement's message type to LtiResourceLinkRequest.",
    "lti.deployment_pending": (
        "Compare the deployment ID with the one in Canvas (Settings, Apps, View App Configurations, the "
        "gear beside the tool, Deployment Id), then accept it here."
    ),
    "lti.deployment_mismatch": (
        "Each installation of the tool in an account or course has its own Deployment Id (Settings, "
        "Apps, View App Configurations, the gear beside the tool). Accept that one here too."
    ),
    "lti.target_mismatch": (
        f"{_KEY}: Target Link URI must be the launch address of the guide, in every placement too."
    ),
    "lti.target_not_allowed": (
        f"{_KEY}: Target Link URI must be the launch address of the guide, in every placement too."
    ),
    "lti.subject_missing": "The person was not signed in to Canvas (a public course). Sign in, or allow guests here.",
    "lti.custom_invalid": f"{_KEY}: give every line of Custom Fields a value, as name=value.",
}
