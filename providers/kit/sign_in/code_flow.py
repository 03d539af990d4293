"""The authorization code: where the browser goes for it, and what it is exchanged for (RFC 6749 4.1)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from providers.contract import (
    BadData,
    Context,
    Misconfigured,
    Reply,
    SignInClient,
    SignInReturn,
    SignInStart,
    Unavailable,
)

ClientAuth = Literal["basic", "body"]
_JSON: Final = {"Accept": "application/json"}


def authorize_address(
    client: SignInClient, start: SignInStart, *, pkce: bool = True, extra: Mapping[str, str | None] | None = None
) -> str:
    """Return the provider's authorization address with our request; `extra` parameters that are None are left out."""
    ours: dict[str, str | None] = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": start.redirect_uri,
        "state": start.state,
        "nonce": start.nonce,
        **({"code_challenge": start.challenge, "code_challenge_method": "S256"} if pkce else {}),
        **(extra or {}),
    }
    parts = urlsplit(client.authorize_url)
    theirs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in ours]
    sent = [*theirs, *((name, value) for name, value in ours.items() if value is not None)]
    return urlunsplit(parts._replace(query=urlencode(sent), fragment=""))


def redeem(
    context: Context[Any],
    client: SignInClient,
    secret: str,
    returned: SignInReturn,
    *,
    auth: ClientAuth = "basic",
    pkce: bool = True,
) -> Mapping[str, Any]:
    """Exchange the code and return the token endpoint's answer, whose `access_token` is text.

    Raises:
        BadData: ``sso.code_refused``, ``sso.answer_invalid``.
        Misconfigured: ``sso.client_refused``.
    """
    form = {"grant_type": "authorization_code", "code": returned.code, "redirect_uri": returned.redirect_uri}
    if pkce:
        form["code_verifier"] = returned.verifier
    headers = dict(_JSON)
    if auth == "basic":
        headers["Authorization"] = basic(client.client_id, secret)
    else:
        form |= {"client_id": client.client_id, "client_secret": secret}
    reply = context.http.request("POST", client.token_url, headers, form=form)
    if not reply.ok:
        raise _refusal(reply)
    answer = _object(reply)
    if not isinstance(answer.get("access_token"), str) or not answer["access_token"]:
        raise BadData("sso.answer_invalid", "", "the token endpoint gave no access_token")
    return answer


def basic(client_id: str, secret: str) -> str:
    """Return the Authorization header of a client (RFC 7617)."""
    return f"Basic {b64encode(f'{client_id}:{secret}'.encode()).decode()}"


def _refusal(reply: Reply) -> Exception:
    """Tell a client that is refused from a code that is: both come as 400 from some providers."""
    try:
        error = str(_object(reply).get("error", ""))
    except BadData:
        error = ""
    if reply.status == 401 or error in {"invalid_client", "unauthorized_client"}:
        return Misconfigured("sso.client_refused", "", f"the token endpoint answered {reply.status}")
    if reply.status == 429 or reply.status >= 500:
        return Unavailable("sso.provider_unavailable", "", f"the token endpoint answered {reply.status}")
    return BadData("sso.code_refused", "", f"the token endpoint answered {reply.status}")


def _object(reply: Reply) -> Mapping[str, Any]:
    answer = reply.json()
    if not isinstance(answer, Mapping):
        raise BadData("sso.answer_invalid", "", "the token endpoint's answer is no JSON object")
    return answer
