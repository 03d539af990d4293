"""Access tokens for LTI services: the client-assertion request by the book, and one retry when a token is refused.

https://www.imsglobal.org/spec/security/v1p0/ section 4.1.1; LTI core 6 names the deployment.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from providers.contract import (
    BadData,
    Context,
    Failure,
    LtiService,
    Misconfigured,
    Refused,
    Reply,
    Token,
    Unavailable,
)
from providers.kit.lti import claims as names
from providers.kit.web_answers import is_overloaded, retry_after

ASSERTION_SECONDS: Final = 300
DEFAULT_SECONDS: Final = 3600  # what the framework recommends; taken where `expires_in` is missing
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_KNOWN_ERRORS: Final = frozenset(
    {
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a platform wants otherwise: `aud` as a list, or no deployment id in the assertion."""

    audience_list: bool = False
    names_deployment: bool = True


BY_THE_BOOK: Final = TokenRules()


def authorized(
    context: Context[Any],
    service: LtiService,
    scopes: tuple[str, ...],
    method: str,
    url: str,
    headers: Mapping[str, str],
    *,
    body: bytes | None = None,
    rules: TokenRules = BY_THE_BOOK,
) -> Reply:
    """Send a request with an access token; a token that is refused (401) is forgotten and another one tried, once.

    Raises what the token request raises: ``token.address_missing``, ``token.client_refused``, ``token.scope_refused``,
    ``token.refused``, ``token.unavailable``, ``token.unreadable``; and what `Http` raises.
    """
    endpoints = service.endpoints
    if not endpoints.auth_token_url:
        raise Misconfigured("token.address_missing", "The LMS's token address is missing in this integration.")
    key = (endpoints.issuer, endpoints.client_id, endpoints.auth_token_url, service.deployment_id, *sorted(scopes))
    fetch = partial(_fetch, context, service, endpoints.auth_token_url, scopes, rules)
    token = context.tokens.get(key, fetch)
    reply = _send(context, token, method, url, headers, body)
    if reply.status != 401:
        return reply
    context.tokens.refused(key, token)
    return _send(context, context.tokens.get(key, fetch), method, url, headers, body)


def _send(
    context: Context[Any], token: str, method: str, url: str, headers: Mapping[str, str], body: bytes | None
) -> Reply:
    return context.http.request(method, url, {**headers, "Authorization": f"Bearer {token}"}, body=body)


def assertion_claims(context: Context[Any], service: LtiService, token_url: str, rules: TokenRules) -> dict[str, Any]:
    """Return the claims of the client assertion; the audience is the token address unless the registration has one."""
    issued = int(context.now().timestamp())
    audience = service.endpoints.auth_audience or token_url
    claims: dict[str, Any] = {
        "iss": service.endpoints.client_id,
        "sub": service.endpoints.client_id,
        "aud": [audience] if rules.audience_list else audience,
        "iat": issued,
        "exp": issued + ASSERTION_SECONDS,
        "jti": secrets.token_urlsafe(24),
    }
    return claims | ({names.DEPLOYMENT_ID: service.deployment_id} if rules.names_deployment else {})


def _fetch(
    context: Context[Any], service: LtiService, token_url: str, scopes: tuple[str, ...], rules: TokenRules
) -> Token:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": _ASSERTION_TYPE,
        "client_assertion": context.sign(assertion_claims(context, service, token_url, rules)),
        "scope": " ".join(scopes),
    }
    reply = context.http.request("POST", token_url, {"Accept": "application/json"}, form=form)
    if not reply.ok:
        raise _refusal(context, reply)
    return _read(reply.json(), scopes)


def _read(told: Any, scopes: tuple[str, ...]) -> Token:
    value = told.get("access_token") if isinstance(told, dict) else None
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise BadData("token.unreadable", "The LMS's token address answered with something else.")
    granted = told.get("scope")
    if isinstance(granted, str) and granted and not set(scopes) & set(granted.split()):
        raise Refused("token.scope_refused", "The LMS does not give this tool the right to do that.")
    seconds = told.get("expires_in", DEFAULT_SECONDS)
    whole = int(seconds) if isinstance(seconds, int | float | str) and str(seconds).isdigit() else DEFAULT_SECONDS
    return Token(value, whole)


def _refusal(context: Context[Any], reply: Reply) -> Failure:
    if is_overloaded(reply):
        wait = retry_after(reply, context.now())
        detail = f"status {reply.status}"
        return Unavailable("token.unavailable", "The LMS hands out no token just now.", detail, retry_after=wait)
    error = _error(reply)
    detail = f"status {reply.status} {error}"
    if error == "invalid_scope":
        return Refused("token.scope_refused", "The LMS does not give this tool the right to do that.", detail)
    if error in {"invalid_client", "unauthorized_client"}:
        sentence = "The LMS does not know this tool: check client ID, our key set address and that the tool is on."
        return Refused("token.client_refused", sentence, detail)
    sentence = "The LMS refused the token request: check token address, token audience and the machines' clocks."
    return Refused("token.refused", sentence, detail)


def _error(reply: Reply) -> str:
    """Return the OAuth error code, nothing else of the answer: its text may name whom it likes."""
    try:
        told = reply.json()
    except BadData:
        return ""
    error = told.get("error") if isinstance(told, dict) else None
    return error if error in _KNOWN_ERRORS else ""
