"""The reasons for which a sign-in through a portal is refused, beside those that it shares with launches."""

from __future__ import annotations

from typing import Final

from gateway.lti.reason import Reason
from providers.contract import BadData, Misconfigured, Refused, Unavailable, Untrusted

_AGAIN: Final = "Please go back to your school's portal and choose this product again."
_ASK: Final = "Please ask the person who looks after your school's accounts."

SIGN_IN_REASONS: Final[dict[str, Reason]] = {
    "sso.client_unknown": Reason(
        Misconfigured, "client", "our rule", f"This way to sign in is not set up. {_ASK}",
        "The address names no sign-in client of ours. Compare the redirect address in the provider's screens, letter"
        " by letter, with the one that schoolgate integrations add printed."),
    "sso.registration_disabled": Reason(
        Refused, "client", "our rule", f"This way to sign in is switched off. {_ASK}",
        "The sign-in client or its integration is disabled here; enable the integration to let sign-ins in again."),
    "sso.not_a_page": Reason(
        BadData, "arrival", "RFC 9700 4.7", _AGAIN,
        "A sign-in was started by something that is not a page, such as a picture on another site. Nothing needs"
        " changing."),
    "sso.loop": Reason(
        BadData, "arrival", "RFC 6749 10.12",
        f"Your portal sent you here again and again without finishing the sign-in. {_AGAIN}",
        "The provider answered our own sign-in requests without their state, several times within a minute. Check that"
        " no proxy strips the query and that the browser keeps cookies."),
    "sso.provider_error": Reason(
        BadData, "provider's answer", "RFC 6749 4.1.2.1", f"Your portal did not sign you in. {_AGAIN}",
        "The provider answered with an error, named in the trace. access_denied: the person said no, or the product is"
        " not shared with them; share it with them in the provider's screens."),
    "sso.code_missing": Reason(
        BadData, "provider's answer", "RFC 6749 4.1.2", _AGAIN,
        "The browser came back without a code. Sign-ins begin in the portal, or at our start address."),
    "sso.state_invalid": Reason(
        BadData, "state", "RFC 6749 10.12", _AGAIN, "The state is not one that this gateway made for this client."),
    "sso.state_expired": Reason(
        BadData, "state", "RFC 6749 10.12", f"This sign-in took longer than ten minutes. {_AGAIN}",
        "More than ten minutes passed between start and return. Nothing needs changing."),
    "sso.browser_mismatch": Reason(
        BadData, "browser", "RFC 9700 4.7",
        f"Your browser did not keep the small cookie that protects this sign-in. {_AGAIN}",
        "The state belongs to another browser, or this one drops cookies. Allow cookies for our address."),
    "sso.replayed": Reason(
        BadData, "nonce", "RFC 6749 4.1.2",
        "This sign-in was finished before, perhaps this page was reloaded. Sign in again to go on.",
        "The same return arrived twice. Nothing needs changing; a new sign-in takes a second."),
    "sso.code_refused": Reason(
        BadData, "code", "RFC 6749 5.2", "This sign-in was used before or took too long. Sign in again to go on.",
        "The provider no longer takes the code. If that happens to every sign-in, compare the redirect address in the"
        " provider's screens with ours, letter by letter."),
    "sso.client_refused": Reason(
        Misconfigured, "code", "RFC 6749 5.2", f"This way to sign in is not set up rightly. {_ASK}",
        "The provider does not take our client ID and secret. Copy both again from the provider's screens."),
    "sso.provider_unavailable": Reason(
        Unavailable, "code", "our rule", "Your portal did not answer in time. Please try again in a minute.",
        "The provider could not be asked who signed in; the trace names the fault."),
    "sso.answer_invalid": Reason(
        BadData, "identity", "our rule", f"Your portal's answer could not be read. {_AGAIN}",
        "The provider's answer has not the promised shape; the trace names what is wrong."),
    "sso.id_token_untrusted": Reason(
        Untrusted, "identity", "OpenID Connect Core 3.1.3.7", f"This sign-in can't be trusted. {_ASK}",
        "The provider's ID token does not hold; the trace names the rule."),
    "sso.subject_missing": Reason(
        Untrusted, "identity", "our rule", f"Your portal did not say who you are. {_ASK}",
        "The provider named no id of the person. A blank id is not an id."),
    "sso.district_missing": Reason(
        Untrusted, "identity", "our rule", f"Your portal did not say which school you are from. {_ASK}",
        "The provider named no district. People without one, such as private accounts, can't come in."),
    "sso.district_pending": Reason(
        Refused, "district", "our rule",
        "Your school's connection waits for approval. Please try again once it is approved.",
        "This district is new to us. An operator accepts it once (schoolgate deployments accept --org); then sign in"
        " again."),
    "sso.district_disabled": Reason(
        Refused, "district", "our rule", f"Your school's connection is switched off. {_ASK}",
        "This district was disabled here; an operator can accept it again."),
    "sso.busy": Reason(
        Unavailable, "store", "our rule", "Too many people came in at once. Please try again in a moment.",
        "Many sign-ins of one person arrived at once. Nothing needs changing."),
}  # fmt: skip
