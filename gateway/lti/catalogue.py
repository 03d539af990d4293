"""Every reason for which a launch or sign-in is refused: stable code, family, section, and what each reader is told."""

from __future__ import annotations

from gateway.lti.reason import Reason
from gateway.lti.sign_in_reasons import SIGN_IN_REASONS
from providers.contract import BadData, Failure, Misconfigured, Refused, Unavailable, Untrusted

_AGAIN = "Please go back to your school's learning system and open the link again."
_ASK = "Please ask the person who looks after your school's learning system."


REASONS: dict[str, Reason] = {
    "lti.login_missing_parameter": Reason(
        BadData, "login request", "Security 5.1.1.1", _AGAIN,
        "The LMS's login request lacks iss, login_hint or target_link_uri. Set the OIDC login (initiation) URL of this"
        " tool to our /lti/login address, and open the tool from the LMS rather than by its address."),
    "lti.issuer_unknown": Reason(
        Misconfigured, "registration", "Core 5.1.1", f"This learning system is not connected yet. {_ASK}",
        "No registration has this issuer and client id. Compare both, letter by letter, with the LMS's tool screen;"
        " the issuer has no trailing slash unless the LMS shows one."),
    "lti.registration_ambiguous": Reason(
        Misconfigured, "registration", "Core 4.1", f"This learning system is connected more than once. {_ASK}",
        "Several registrations match and the LMS sent no client_id. Use the login URL that ends in the"
        " registration's own id, or have the LMS send client_id."),
    "lti.registration_disabled": Reason(
        Refused, "registration", "Core 5.1.1", f"This connection is switched off. {_ASK}",
        "The registration or its integration is disabled here; enable the integration to let launches in again."),
    "lti.platform_error": Reason(
        BadData, "platform answer", "Security 5.1.1.5",
        f"Your learning system could not sign you in. {_AGAIN}",
        "The LMS answered the login with an error, named in the trace. login_required: sign in to the LMS in the same"
        " browser; launch_no_longer_valid: open the link again; unauthorized_client: enable the tool in the LMS."),
    "lti.token_missing": Reason(
        BadData, "token", "Security 5.1.1.3", _AGAIN,
        "The LMS posted no id_token. Set the redirect URL of this tool to our /lti/launch address."),
    "lti.token_too_large": Reason(
        Untrusted, "token", "Security 5.1.3", _AGAIN,
        "The id_token is larger than 64 KiB. Remove large custom parameters from the tool's settings."),
    "lti.token_malformed": Reason(
        Untrusted, "token", "Security 5.1.3", _AGAIN,
        "The id_token is not a well-formed signed JSON Web Token."),
    "lti.alg_not_allowed": Reason(
        Untrusted, "algorithm", "Security 5.1.3 (6)", f"This launch can't be trusted. {_ASK}",
        "The id_token is signed with an algorithm that was not agreed. Choose RS256 in the LMS's tool settings."),
    "lti.header_crit": Reason(
        Untrusted, "header", "RFC 7515 4.1.11", f"This launch can't be trusted. {_ASK}",
        "The id_token has a crit header, which LTI does not use."),
    "lti.header_key_embedded": Reason(
        Untrusted, "header", "Security 5.4", f"This launch can't be trusted. {_ASK}",
        "The id_token names its own key (jwk, jku, x5u or x5c). Keys come only from the registered key set."),
    "lti.kid_missing": Reason(
        Untrusted, "key", "Security 6.3", f"This launch can't be trusted. {_ASK}",
        "The id_token's header has no kid. Let the LMS sign with a key that is in its key set."),
    "lti.kid_unknown": Reason(
        Untrusted, "key", "Security 6.3", f"This launch can't be trusted. {_ASK}",
        "The LMS's key set does not hold the key that signed. Compare key_set_url with the LMS's tool screen."),
    "lti.key_set_unavailable": Reason(
        Unavailable, "key set", "Security 6.3",
        "Your learning system did not answer in time. Please try again in a minute.",
        "The LMS's key set (key_set_url) could not be fetched; the trace names the fault. Check the address and"
        " that the LMS lets our server reach it."),
    "lti.signature_invalid": Reason(
        Untrusted, "signature", "Security 5.1.3 (1)", f"This launch can't be trusted. {_ASK}",
        "The signature does not match the LMS's key. Compare key_set_url with the LMS's tool screen. An LMS that keeps"
        " its key's id when it changes the key is understood a minute later: then the key set is read anew."),
    "lti.issuer_mismatch": Reason(
        Untrusted, "issuer", "Security 5.1.3 (2)", f"This launch can't be trusted. {_ASK}",
        "The token's iss is not the registered issuer, letter by letter. Correct the issuer setting."),
    "lti.audience_mismatch": Reason(
        Untrusted, "audience", "Security 5.1.3 (3)", f"This launch can't be trusted. {_ASK}",
        "The token's aud is not our client id alone. Correct the client_id setting."),
    "lti.azp_mismatch": Reason(
        Untrusted, "audience", "Security 5.1.3 (5)", f"This launch can't be trusted. {_ASK}",
        "The token's azp is not our client id. Correct the client_id setting."),
    "lti.expired": Reason(
        Untrusted, "times", "Security 5.1.3 (7)", f"This launch took too long. {_AGAIN}",
        "The token's exp has passed. If every launch fails so, the LMS's clock is wrong: let it use NTP."),
    "lti.issued_in_future": Reason(
        Untrusted, "times", "Security 5.1.3 (8)", _AGAIN,
        "The token's iat lies in the future. The LMS's clock is ahead: let it use NTP, or raise leeway_seconds."),
    "lti.not_yet_valid": Reason(
        Untrusted, "times", "RFC 7519 4.1.5", _AGAIN,
        "The token's nbf lies in the future. The LMS's clock is ahead: let it use NTP, or raise leeway_seconds."),
    "lti.time_claim_invalid": Reason(
        Untrusted, "times", "Security 5.1.2", f"This launch can't be trusted. {_ASK}",
        "exp or iat is missing or is not a JSON number."),
    "lti.nonce_missing": Reason(
        Untrusted, "nonce", "Security 5.1.3 (9)", _AGAIN, "The token carries no nonce."),
    "lti.nonce_mismatch": Reason(
        Untrusted, "nonce", "Security 5.1.3 (9)", _AGAIN,
        "The token's nonce is not the one that this login sent."),
    "lti.replayed": Reason(
        Untrusted, "nonce", "Security 5.1.3 (9)",
        f"This link was already used, perhaps by a reload or a double click. {_AGAIN}",
        "The same launch arrived twice. Nothing needs changing; a new click makes a new launch."),
    "lti.state_missing": Reason(
        BadData, "state", "Security 5.1.1.4", _AGAIN,
        "The LMS posted no state. Launches must begin at our /lti/login address."),
    "lti.state_invalid": Reason(
        BadData, "state", "Security 7.3.1", _AGAIN, "The state is not one that this gateway made."),
    "lti.state_expired": Reason(
        BadData, "state", "Security 7.3.1", f"This launch took longer than ten minutes. {_AGAIN}",
        "More than ten minutes passed between login and launch. Nothing needs changing."),
    "lti.browser_mismatch": Reason(
        BadData, "browser", "Security 7.3.1",
        f"Your browser did not keep the small cookie that protects this launch. {_AGAIN}",
        "The state belongs to another browser, or this one drops cookies in frames (docs/cookieless.md). Let the LMS"
        " open the tool in a new window, and check that a proxy does not strip cookies."),
    "lti.storage_silent": Reason(
        BadData, "browser", "LTI platform storage",
        f"Your browser kept no cookie, and your learning system did not help out. {_AGAIN}",
        "The LMS offered to store the launch's secret, took it, and did not give it back; the trace says how it failed."
        " Let the LMS open the tool in a new window."),
    "lti.message_type_missing": Reason(
        Untrusted, "message type", "Core 5.3.1", f"This launch is incomplete. {_ASK}",
        "The token has no message_type claim: it is not an LTI 1.3 launch."),
    "lti.message_type_unsupported": Reason(
        BadData, "message type", "Core 5.3.1", f"This kind of link is not supported here. {_ASK}",
        "The message type, named in the trace, is not supported. Remove that placement from the tool in the LMS."),
    "lti.version_missing": Reason(
        Untrusted, "version", "Core 5.3.2", f"This launch is incomplete. {_ASK}",
        "The token has no LTI version claim."),
    "lti.version_wrong": Reason(
        Untrusted, "version", "Core 5.3.2", f"This launch uses an unknown version. {_ASK}",
        "The LTI version claim is not exactly 1.3.0. Register the tool as LTI 1.3."),
    "lti.deployment_missing": Reason(
        Untrusted, "deployment", "Core 5.3.3", f"This launch is incomplete. {_ASK}",
        "The token has no deployment_id claim, or it is empty or longer than 255 characters."),
    "lti.deployment_pending": Reason(
        Refused, "deployment", "Core 5.3.3",
        "This course's connection waits for approval. Please try again once it is approved.",
        "This deployment is new to us. An operator accepts it once (schoolgate deployments accept); then open the"
        " link again."),
    "lti.deployment_disabled": Reason(
        Refused, "deployment", "Core 5.3.3", f"This connection is switched off. {_ASK}",
        "This deployment was disabled here; an operator can accept it again."),
    "lti.deployment_mismatch": Reason(
        Untrusted, "deployment", "Core 4.1", _AGAIN,
        "The deployment of the token is not the one that the login request named."),
    "lti.target_missing": Reason(
        Untrusted, "target", "Core 5.3.4", f"This launch is incomplete. {_ASK}",
        "The token has no target_link_uri claim."),
    "lti.target_mismatch": Reason(
        Untrusted, "target", "Core 5.3.4", _AGAIN,
        "The token's target_link_uri is not the one that the login request named."),
    "lti.target_not_allowed": Reason(
        Untrusted, "target", "Core 5.3.4", f"This link points to a place that is not ours. {_ASK}",
        "target_link_uri is not on our address nor on a registered application's. Correct the link in the LMS."),
    "lti.resource_link_missing": Reason(
        Untrusted, "resource link", "Core 5.3.5", f"This launch is incomplete. {_ASK}",
        "The resource_link claim or its id is missing, empty or longer than 255 characters."),
    "lti.subject_missing": Reason(
        Untrusted, "person", "Core 5.3.6", f"Your learning system did not say who you are. {_ASK}",
        "The token has no sub. Let the LMS share the user, or switch on allow_anonymous for this registration."),
    "lti.subject_invalid": Reason(
        Untrusted, "person", "Security 5.1.2", f"Your learning system did not say who you are. {_ASK}",
        "sub is empty, longer than 255 characters or not ASCII text."),
    "lti.roles_missing": Reason(
        Untrusted, "roles", "Core 5.3.7", f"This launch is incomplete. {_ASK}",
        "The token has no roles claim; an empty list would do."),
    "lti.roles_invalid": Reason(
        Untrusted, "roles", "Core 5.3.7", f"This launch is incomplete. {_ASK}",
        "The roles claim is not a list of texts."),
    "lti.custom_invalid": Reason(
        Untrusted, "custom", "Core 5.4.6", f"This launch is damaged. {_ASK}",
        "The custom claim must be an object of texts; null is not allowed. Correct the tool's custom parameters."),
    "lti.message_invalid": Reason(
        Untrusted, "message", "Core 5.3", f"This launch is incomplete. {_ASK}",
        "The token is signed by the LMS but is no launch: it has no issuer and no LTI claim at all."),
    "lti.claims_missing": Reason(
        Untrusted, "message", "Core 5.3", f"This launch is incomplete. {_ASK}",
        "Several required claims, named in the trace, are missing. Register the tool as LTI 1.3 (not 1.1)."),
    "lti.claim_shape": Reason(
        Untrusted, "claims", "Core 5.3", f"This launch is damaged. {_ASK}",
        "A claim, named in the trace, has not the shape that the specification gives it."),
    "lti.for_user_missing": Reason(
        Untrusted, "person it is about", "AGS 4.6", f"This launch is incomplete. {_ASK}",
        "A submission review or data privacy launch must say whom it is about, but its for_user claim has no user_id."),
    "lti.for_user_unknown": Reason(
        Refused, "person it is about", "our rule", f"The person this is about has never been here. {_ASK}",
        "Nobody of this integration has the user_id of the for_user claim. The person must have opened the tool once,"
        " or be on a class list that was read; people of other integrations don't count."),
    "lti.submission_review_invalid": Reason(
        Untrusted, "submission review", "AGS 4.6", f"This launch is incomplete. {_ASK}",
        "A submission review must name the line item that it reviews. Let the LMS share its grades service with the"
        " tool."),
    "lti.notice_invalid": Reason(
        BadData, "notice", "PNS 1.0", "This notice can't be read.",
        "A notice of the LMS is signed but has no notice claim with id and type; nothing was changed. A launch's token"
        " is no notice."),
    "lti.deep_linking_invalid": Reason(
        BadData, "deep linking", "Deep Linking 4.4",
        f"Your learning system did not say what may be added here. {_ASK}",
        "The deep linking request has no settings, no accept_types or no usable deep_link_return_url; the trace names"
        " it. Remove the placement from the tool in the LMS and add it again."),
    "lti.busy": Reason(
        Unavailable, "store", "our rule", "Too many people came in at once. Please try again in a moment.",
        "Many launches made the same new class at once. Nothing needs changing."),
    "account.user_suspended": Reason(
        Refused, "account", "our rule", f"Your account is switched off. {_ASK}",
        "This user is disabled or marked for deletion here."),
    "account.tenant_suspended": Reason(
        Refused, "account", "our rule", f"Your school's access is paused. {_ASK}",
        "The school or district is suspended here; the operator can lift it."),
    "account.licence_ended": Reason(
        Refused, "account", "our rule", f"Your school's licence has ended. {_ASK}",
        "The licence of the school or district has ended; the operator can extend it."),
    "handoff.no_application": Reason(
        Misconfigured, "hand-off", "our rule", f"The way in is open, but there is no product behind it yet. {_ASK}",
        "No application is registered for this school. Add one with schoolgate apps add."),
}  # fmt: skip
REASONS |= SIGN_IN_REASONS

# A check may end in several ways; its own section is that of the first.
SPEC_OF_CHECK = {reason.check: reason.spec for reason in reversed(REASONS.values())}


def refusal(code: str, detail: str = "") -> Failure:
    """Return the failure to raise for a reason; `detail` goes to the trace and must hold no personal data."""
    reason = REASONS[code]
    return reason.family(code, reason.person, detail)
