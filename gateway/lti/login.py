"""Reads the (unsigned) third-party-initiated login request: nothing in it is believed until the token repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit, urlunsplit

from gateway.lti.catalogue import refusal

_LONGEST = 8192  # some platforms put a whole signed token into lti_message_hint


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """What the platform asked. `login_hint` and `lti_message_hint` go back byte for byte (Security 5.1.1.2)."""

    issuer: str
    login_hint: str
    target_link_uri: str
    client_id: str | None
    lti_message_hint: str | None
    deployment_id: str | None
    storage_target: str | None


def read_login(parameters: Mapping[str, str]) -> LoginRequest:
    """Read query or form parameters; unknown ones are ignored. Raises BadData (``lti.login_missing_parameter``)."""
    for name in ("iss", "login_hint", "target_link_uri"):
        if not parameters.get(name):
            raise refusal("lti.login_missing_parameter", f"{name} is missing")
    if any(len(value) > _LONGEST or "\0" in value for value in parameters.values()):
        raise refusal("lti.login_missing_parameter", f"a parameter is no text of at most {_LONGEST} characters")
    return LoginRequest(
        issuer=parameters["iss"],
        login_hint=parameters["login_hint"],
        target_link_uri=parameters["target_link_uri"],
        client_id=parameters.get("client_id") or None,
        lti_message_hint=parameters.get("lti_message_hint"),
        # One hosted platform drops the prefix that Core 4.1 gives this parameter.
        deployment_id=parameters.get("lti_deployment_id") or parameters.get("deployment_id") or None,
        storage_target=parameters.get("lti_storage_target"),
    )


def authentication_url(
    auth_login_url: str, request: LoginRequest, *, client_id: str, redirect_uri: str, state: str, nonce: str
) -> str:
    """Return the platform's authorization address with our request (Security 5.1.1.2), keeping its own query.

    `state` and `nonce` must be URL-safe as they are.
    """
    address = f"{_fixed_part(auth_login_url, client_id, redirect_uri)}&login_hint={quote_plus(request.login_hint)}"
    if request.lti_message_hint is not None:
        address += f"&lti_message_hint={quote_plus(request.lti_message_hint)}"
    return f"{address}&state={state}&nonce={nonce}"


@lru_cache(maxsize=20_000)
def _fixed_part(auth_login_url: str, client_id: str, redirect_uri: str) -> str:
    """Return what is the same in every request of a registration: quoting it anew would cost each login."""
    ours = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
    }
    taken = {*ours, "login_hint", "lti_message_hint", "state", "nonce"}
    parts = urlsplit(auth_login_url)
    theirs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in taken]
    return urlunsplit(parts._replace(query=urlencode([*theirs, *ours.items()]), fragment=""))
