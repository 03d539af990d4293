"""What a sign-in is made of: what a browser brings and gets, and a room's words turned into the house's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from gateway.lti.catalogue import REASONS, refusal
from gateway.services.launch_claims import SIGN_IN
from gateway.services.standing import Codes
from providers.contract import Failure, Launch, LaunchRoles, Misconfigured, SignedIn, Unavailable

MOST_RESTARTS: Final = 3  # a portal that drops our state would send its people round for ever
_PAGES: Final = frozenset({"", "document"})  # what Sec-Fetch-Dest says of a window; old browsers say nothing
_KNOWN_ERRORS: Final = frozenset(
    {
        "access_denied",
        "consent_required",
        "interaction_required",
        "invalid_request",
        "invalid_scope",
        "login_required",
        "server_error",
        "temporarily_unavailable",
        "unauthorized-user",
        "unauthorized_client",
        "unsupported_response_type",
    }
)
SIGN_IN_CODES: Final = Codes(
    disabled="sso.registration_disabled",
    pending="sso.district_pending",
    deployment_disabled="sso.district_disabled",
    replayed="sso.replayed",
    busy="sso.busy",
)


class Started(NamedTuple):
    """Where the browser goes to be recognised, and the cookie that ties this sign-in to it.

    `restarts` counts how often in a row it was sent there for a missing state; 0: somebody asked for it.
    """

    url: str
    cookie_name: str
    cookie_value: str
    restarts: int = 0


class CameIn(NamedTuple):
    """A sign-in that was let in. `replaced`: somebody else's in this browser has ended, so the page says who came."""

    ref: str
    url: str
    spent_cookie: str
    person: str | None
    is_replacing: bool
    device: str


class Browser(NamedTuple):
    """What of the browser's request matters: `destination` is Sec-Fetch-Dest, `restarts` our own counter's cookie."""

    cookies: Mapping[str, str]
    destination: str = ""
    restarts: int = 0
    device: str | None = None


def launch_of(signed_in: SignedIn) -> Launch:
    """Return a sign-in as the entry takes it: a person of a district, in no class."""
    return Launch(
        message_type=SIGN_IN,
        deployment_id=signed_in.district_id,
        subject=signed_in.subject,
        roles=LaunchRoles(person=signed_in.roles),
        person=signed_in.person,
    )


def look_like_a_page(browser: Browser) -> None:
    if browser.destination not in _PAGES:
        raise refusal("sso.not_a_page", "Sec-Fetch-Dest is not document")


def error_of(answer: Mapping[str, str]) -> str:
    return answer["error"] if answer.get("error") in _KNOWN_ERRORS else "another error code"


def in_our_words(failure: Failure) -> Failure:
    """Return a room's failure with the sentences of the catalogue, its own code and detail kept for the trace."""
    if failure.code in REASONS:
        return refusal(failure.code, failure.detail)
    if isinstance(failure, Unavailable):
        return refusal("sso.provider_unavailable", failure.code)
    if isinstance(failure, Misconfigured):
        return refusal("sso.client_refused", failure.code)
    return refusal("sso.answer_invalid", failure.code)


def name_of(signed_in: SignedIn) -> str | None:
    person = signed_in.person
    return person.name or " ".join(filter(None, (person.given_name, person.family_name))) or None
