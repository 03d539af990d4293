"""Asks a token endpoint for an access token by client credentials (RFC 6749 4.4), as providers really take them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import quote_plus

from providers.contract import BadData, Context, Failure, Misconfigured, Refused, Reply, Token, Unavailable

ClientAuth = Literal["auto", "basic", "body"]
# For an endpoint that does not say how long its token is good.
_SHORT_LIFE: Final = 300


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Where to ask and as whom; `url` keeps its query (one system tells its applications apart by it)."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""
    client_auth: ClientAuth = "auto"


def fetch_token(context: Context[Any], request: TokenRequest) -> Token:
    """Return a fresh token; with `auto`, credentials go into a header first and into the body if that is refused.

    Raises:
        Refused: ``rest.credentials_refused``, ``rest.scope_refused``.
        Misconfigured: ``rest.token_url_wrong``. Unavailable: ``rest.token_unavailable``.
    """
    ways = ("basic", "body") if request.client_auth == "auto" else (request.client_auth,)
    for way in ways[:-1]:
        reply = _ask(context, request, way)
        if reply.ok:
            return _read(reply)
        if reply.status not in (400, 401, 403) or _error(reply) == "invalid_scope":
            raise _failure(reply)
    reply = _ask(context, request, ways[-1])
    if not reply.ok:
        raise _failure(reply)
    return _read(reply)


def _ask(context: Context[Any], request: TokenRequest, way: str) -> Reply:
    form = {"grant_type": "client_credentials"}
    headers = {"Accept": "application/json"}
    if request.scope:
        form["scope"] = request.scope
    if way == "basic":  # both parts are form-encoded before they are joined (RFC 6749 2.3.1)
        pair = f"{quote_plus(request.client_id)}:{quote_plus(request.client_secret)}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": request.client_id, "client_secret": request.client_secret}
    return context.http.request("POST", request.url, headers, form=form)


def _read(reply: Reply) -> Token:
    try:
        answer = reply.json()
    except BadData as failure:
        raise _wrong_address(reply) from failure
    value = answer.get("access_token") if isinstance(answer, Mapping) else None
    if not isinstance(value, str) or not value:
        raise _wrong_address(reply)
    try:
        seconds = int(float(answer.get("expires_in") or _SHORT_LIFE))
    except (TypeError, ValueError, OverflowError):
        seconds = _SHORT_LIFE
    return Token(value, max(seconds, 0))


def _error(reply: Reply) -> str:
    try:
        answer = reply.json()
    except BadData:
        return ""
    return str(answer.get("error", "")) if isinstance(answer, Mapping) else ""


def _failure(reply: Reply) -> Failure:
    if reply.status == 429 or reply.status >= 500:
        return Unavailable("rest.token_unavailable", "The token address can't answer now.", f"status {reply.status}")
    if _error(reply) == "invalid_scope":
        return Refused("rest.scope_refused", "The scope is refused: ask for one that this client was given.")
    if reply.status in (400, 401, 403):
        return Refused(
            "rest.credentials_refused",
            "The client id and secret are refused: copy them anew from the provider.",
            f"status {reply.status}",
        )
    return _wrong_address(reply)


def _wrong_address(reply: Reply) -> Misconfigured:
    return Misconfigured(
        "rest.token_url_wrong", "token_url does not answer as a token address does.", f"status {reply.status}"
    )
