"""The token of one district: looked up by the district's id, since the token itself may change.

https://dev.clever.com/docs/onboarding
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin

from providers.clever.settings import CleverSettings
from providers.contract import BadData, Context, Misconfigured, Refused, Token, Unavailable
from providers.kit.rest.links import safe_link, with_parameters
from providers.kit.sign_in.code_flow import basic

LOOKED_UP_EVERY: Final = 3600
_MOST_PAGES: Final = 200


class DistrictToken:
    """An `Auth` of the kit: a refused token is looked up again once for each request."""

    def __init__(self, settings: CleverSettings) -> None:
        self._settings = settings
        self._value = ""

    def headers(self, context: Context[Any], _method: str, _url: str) -> Mapping[str, str]:
        """Return the district's token."""
        self._value = context.tokens.get(self._key(context), lambda: find_token(context, self._settings))
        return {"Authorization": f"Bearer {self._value}"}

    def renew(self, context: Context[Any]) -> bool:
        """Forget the refused token, so that the next request looks for another."""
        context.tokens.refused(self._key(context), self._value)
        return True

    def _key(self, context: Context[Any]) -> tuple[str, ...]:
        return (context.integration_id, self._settings.site_url, self._settings.client_id, self._settings.district_id)


def find_token(context: Context[Any], settings: CleverSettings) -> Token:
    """Return the district's token.

    Raises:
        Misconfigured: ``clever.district_unknown``, ``clever.client_refused``.
        Refused: ``clever.district_not_connected``.
        Unavailable: ``clever.unavailable``. BadData: ``clever.answer_invalid``.
    """
    if not settings.district_id:
        raise Misconfigured("clever.district_unknown", "district_id is empty: enter the district's own ID.")
    for entry in _entries(context, settings):
        owner, value = entry.get("owner"), entry.get("access_token")
        if isinstance(owner, Mapping) and owner.get("id") == settings.district_id and isinstance(value, str) and value:
            return Token(value, LOOKED_UP_EVERY)
    raise Refused(
        "clever.district_not_connected",
        "This district does not share with the application (any more): it accepts the application in its dashboard.",
    )


def _entries(context: Context[Any], settings: CleverSettings) -> Iterator[Mapping[str, Any]]:
    url: str | None = with_parameters(
        settings.site("/oauth/tokens"), owner_type="district", district=settings.district_id
    )
    for _ in range(_MOST_PAGES):
        if url is None:
            return
        answer = _ask(context, settings, url)
        data = answer.get("data")
        if not isinstance(data, list):
            raise BadData("clever.answer_invalid", "Clever's list of tokens can't be read.", "no data")
        yield from (entry for entry in data if isinstance(entry, Mapping))
        url = _next(answer, url)


def _ask(context: Context[Any], settings: CleverSettings, url: str) -> Mapping[str, Any]:
    headers = {"Accept": "application/json", "Authorization": basic(settings.client_id, settings.client_secret)}
    reply = context.http.request("GET", url, headers)
    if reply.status in {400, 401, 403}:
        raise Misconfigured("clever.client_refused", "client_id and client_secret are refused: copy both anew.")
    if reply.status == 429 or reply.status >= 500:
        raise Unavailable("clever.unavailable", "Clever has too much to do.", f"status {reply.status}", retry_after=60)
    answer = reply.json() if reply.ok else None
    if not isinstance(answer, Mapping):
        raise BadData("clever.answer_invalid", "Clever's list of tokens can't be read.", f"status {reply.status}")
    return answer


def _next(answer: Mapping[str, Any], url: str) -> str | None:
    links = answer.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, Mapping) and link.get("rel") == "next" and isinstance(link.get("uri"), str):
            return safe_link(urljoin(url, link["uri"]), url)
    return None
