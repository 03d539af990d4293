"""What to change in Schoology, per error code; the names are those of its developer pages (LTI Apps)."""

from __future__ import annotations

from typing import Final

_APP: Final = "In Schoology, app.schoology.com/apps/publisher, edit the app"
_DISTRICT: Final = "In Schoology, System Settings, Integration, Organization Apps, Configure beside the app"
_AGAIN: Final = "Schoology hands each launch out once: go back to the course and open the material again."
_TARGET: Final = (
    f"{_APP}: Domain/URL must be the launch address of the guide; materials made before must be added anew."
)

ADVICE: Final[dict[str, str]] = {
    "lti.login_missing_parameter": f"{_APP}: OIDC Login Init URL must be the login address of the guide.",
    "lti.issuer_unknown": (
        f"{_APP}, Options, API Info: its client_id must be filled in here. The issuer is the same for all districts."
    ),
    "lti.registration_ambiguous": (
        "Several districts here use Schoology: accept this district's deployment ID first; it tells them apart."
    ),
    "lti.platform_error": (
        f"{_APP}: Redirect URLs must hold the launch address of the guide. The app must be installed in this course "
        "(Organization Apps, Install)."
    ),
    "lti.token_missing": f"{_APP}: Redirect URLs must hold the launch address of the guide.",
    "lti.kid_unknown": "Leave the key set address empty: Schoology's key may change, its key set follows it.",
    "lti.key_set_unavailable": "Check that this server may reach lti-service.svc.schoology.com over https.",
    "lti.signature_invalid": "Leave the key set address empty: Schoology's key may change, its key set follows it.",
    "lti.issuer_mismatch": "Leave the issuer empty, unless your district's launches name another one.",
    "lti.audience_mismatch": f"{_APP}, Options, API Info: copy its client_id, not the key of the REST API.",
    "lti.nonce_mismatch": _AGAIN,
    "lti.replayed": _AGAIN,
    "lti.state_invalid": _AGAIN,
    "lti.state_expired": _AGAIN,
    "lti.browser_mismatch": (
        f"{_APP}: let the material open in a new window, or allow cookies for this address in the browser. Leave the "
        "box about cookies unticked: we need none."
    ),
    "lti.message_type_unsupported": f"{_APP}: of the extensions, tick those of the guide alone.",
    "lti.deployment_pending": f"{_DISTRICT}: when its deployment_id is the one shown, accept it here.",
    "lti.deployment_mismatch": f"{_DISTRICT}: each district has its own deployment_id; accept that one here too.",
    "lti.target_mismatch": _TARGET,
    "lti.target_not_allowed": _TARGET,
    "lti.subject_missing": "Sign in to Schoology before you open the material, or allow guests here.",
}
