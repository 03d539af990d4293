"""Asks a provider who somebody is, with the token that they just brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.contract import BadData, Context, Unavailable


def ask(context: Context[Any], url: str, access_token: str, what: str) -> Mapping[str, Any]:
    """Return a JSON object. `what` names it in the trace.

    Raises:
        BadData: ``sso.answer_invalid``: a refusal, a page in place of data, another shape.
        Unavailable: ``sso.provider_unavailable``.
    """
    headers = {"Accept": "application/json", "Authorization": f"Bearer {access_token}"}
    reply = context.http.request("GET", url, headers)
    if reply.status == 429 or reply.status >= 500:
        raise Unavailable("sso.provider_unavailable", "", f"{what} answered {reply.status}")
    if not reply.ok:
        raise BadData("sso.answer_invalid", "", f"{what} answered {reply.status}")
    answer = reply.json()
    if not isinstance(answer, Mapping):
        raise BadData("sso.answer_invalid", "", f"{what} is no JSON object")
    return answer
