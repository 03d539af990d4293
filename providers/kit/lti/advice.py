"""What to change in the platform, per error code, in words that fit any LTI 1.3 platform."""

from __future__ import annotations

from typing import Final

_REOPEN: Final = "Open the activity again from the course page; a launch can be used once, and only for a few minutes."
_PLATFORM_FAULT: Final = "The platform broke the LTI rules here. Send its support the reference of this launch."
_KEYS: Final = "Compare the key set address in this integration with the one that the platform shows for the tool."
_TARGET: Final = "Set the tool's target link (launch) address in the platform to the one shown in the guide."
_DEPLOYMENT: Final = (
    "Compare the deployment id in the platform with those of this integration; accept it here if it is yours."
)

# Keyed by the stable codes that the launch trace shows.
GENERAL: Final[dict[str, str]] = {
    "lti.login_missing_parameter": "Check that the tool's login (OIDC initiation) address in the platform is the one "
    "shown in the guide; the platform must send iss, login_hint and target_link_uri to it.",
    "lti.issuer_unknown": (
        "Add an integration whose issuer and client ID are exactly those of this platform; a slash at "
        "the end makes another issuer."
    ),
    "lti.registration_ambiguous": (
        "Let the platform send client_id with the login request, or keep one registration per issuer."
    ),
    "lti.registration_disabled": "Enable this integration again, or remove the tool from the platform.",
    "lti.platform_error": (
        "The platform refused the login. Check that the tool is enabled there and that its redirect "
        "address is exactly the one shown in the guide, then open the activity again."
    ),
    "lti.token_missing": (
        "Check that the redirect address in the platform is the one shown in the guide, then open the activity again."
    ),
    "lti.token_too_large": (
        "Remove custom parameters that the tool does not need; the launch is far larger than usual."
    ),
    "lti.token_malformed": _PLATFORM_FAULT,
    "lti.alg_not_allowed": (
        "Set the tool's signature algorithm in the platform to RS256, or name the agreed one in this integration."
    ),
    "lti.header_crit": _PLATFORM_FAULT,
    "lti.header_key_embedded": _PLATFORM_FAULT,
    "lti.kid_missing": _PLATFORM_FAULT,
    "lti.kid_unknown": _KEYS,
    "lti.key_set_unavailable": "Check that the key set address can be reached from this server. " + _KEYS,
    "lti.signature_invalid": _KEYS,
    "lti.issuer_mismatch": "Set the issuer in this integration to the platform's own, letter by letter.",
    "lti.audience_mismatch": "Set the client ID in this integration to the one that the platform shows for the tool.",
    "lti.azp_mismatch": "Set the client ID in this integration to the one that the platform shows for the tool.",
    "lti.expired": "Check the clocks of both servers (time synchronisation), then open the activity again.",
    "lti.issued_in_future": (
        "The platform's clock is ahead: synchronise it, or allow more clock leeway in this integration."
    ),
    "lti.not_yet_valid": (
        "The platform's clock is ahead: synchronise it, or allow more clock leeway in this integration."
    ),
    "lti.time_claim_invalid": _PLATFORM_FAULT,
    "lti.nonce_missing": _PLATFORM_FAULT,
    "lti.nonce_mismatch": _REOPEN,
    "lti.replayed": _REOPEN,
    "lti.state_missing": "The platform must send back the state it was given. " + _REOPEN,
    "lti.state_invalid": _REOPEN,
    "lti.state_expired": _REOPEN,
    "lti.browser_mismatch": (
        "Let the platform open the tool in a new window, or allow cookies for this address in the browser."
    ),
    "lti.message_type_missing": _PLATFORM_FAULT,
    "lti.message_type_unsupported": (
        "Choose another placement for the tool in the platform: it sent a kind of message that is not supported."
    ),
    "lti.version_missing": "Register the tool as LTI 1.3; older versions are not supported.",
    "lti.version_wrong": "Register the tool as LTI 1.3; older versions are not supported.",
    "lti.deployment_missing": _PLATFORM_FAULT,
    "lti.deployment_pending": "Accept the deployment here once; everybody in that school can then come in.",
    "lti.deployment_disabled": (
        "This deployment was switched off here. Enable it, or remove the tool from that school."
    ),
    "lti.deployment_mismatch": _DEPLOYMENT,
    "lti.target_missing": _TARGET,
    "lti.target_mismatch": _TARGET,
    "lti.target_not_allowed": _TARGET,
    "lti.resource_link_missing": (
        "Add the tool to the course as an activity or link, so that the platform gives it a resource link."
    ),
    "lti.subject_missing": "Let the platform share who launches; or allow guests in this integration.",
    "lti.subject_invalid": _PLATFORM_FAULT,
    "lti.roles_missing": _PLATFORM_FAULT,
    "lti.roles_invalid": _PLATFORM_FAULT,
    "lti.claim_shape": _PLATFORM_FAULT,
    "lti.custom_invalid": (
        "Give every custom parameter of the tool a text as its value; null and lists are not allowed."
    ),
    "lti.deep_linking_settings_missing": _PLATFORM_FAULT,
    "account.user_suspended": "This person was suspended here. Nothing needs to change in the platform.",
    "account.tenant_suspended": "This school was suspended here. Nothing needs to change in the platform.",
    "account.licence_ended": "This school's licence has ended. Nothing needs to change in the platform.",
}
