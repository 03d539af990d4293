"""Asks Canvas's REST interface: opaque pages, tokens that live an hour, and a throttle that says 403."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from providers.canvas.settings import CanvasSettings
from providers.contract import BadData, Context, Misconfigured, Refused, Reply, Token, Unavailable
from providers.kit.rest import Asker, Auth, Bearer, Manners
from providers.kit.rest.asking import Meaning, by_status
from providers.kit.rest.links import next_link, safe_link, with_parameters
from providers.kit.rest.values import identifier

PAGE: Final = 100


def meaning(reply: Reply) -> Meaning:
    """Tell throttling from a missing permission, and a token that died from one that may not.

    https://canvas.instructure.com/doc/api/file.throttling.html and file.oauth.html: a 401 without WWW-Authenticate is a
    token that is good but not allowed to.
    """
    if reply.status == 403 and b"rate limit" in reply.body[:200].lower():
        return "busy"
    if reply.status == 401 and not reply.headers.get("www-authenticate"):
        return "forbidden"
    return by_status(reply)


# Ids are 64 bits wide; as text no reader rounds them.
MANNERS: Final = Manners(
    size="per_page", accept="application/json+canvas-string-ids, application/json", meaning=meaning
)


class Refreshed:
    """An access token of an administrator who agreed once; the refresh token brings a new one each hour."""

    def __init__(self, base: str, settings: CanvasSettings) -> None:
        self._url, self._settings, self._value = f"{base}/login/oauth2/token", settings, ""

    def headers(self, context: Context[Any], _method: str, _url: str) -> Mapping[str, str]:
        """Return a token that is good for some time yet."""
        self._value = context.tokens.get(self._key(context), lambda: self._fetch(context))
        return {"Authorization": f"Bearer {self._value}"}

    def renew(self, context: Context[Any]) -> bool:
        """Forget the refused token, so that the next request brings another."""
        context.tokens.refused(self._key(context), self._value)
        return True

    def _key(self, context: Context[Any]) -> tuple[str, ...]:
        return (context.integration_id, self._url, str(self._settings.rest_client_id))

    def _fetch(self, context: Context[Any]) -> Token:
        form = {
            "grant_type": "refresh_token",
            "client_id": str(self._settings.rest_client_id),
            "client_secret": str(self._settings.rest_client_secret),
            "refresh_token": str(self._settings.rest_refresh_token),
        }
        reply = context.http.request("POST", self._url, {"Accept": "application/json"}, form=form)
        if reply.status == 429 or reply.status >= 500:
            raise Unavailable("canvas.token_unavailable", "Canvas gives out no token now.", f"status {reply.status}")
        answer = reply.json() if reply.ok else None
        value = answer.get("access_token") if isinstance(answer, Mapping) else None
        if not isinstance(value, str) or not isinstance(answer, Mapping):
            raise Refused("canvas.refresh_refused", "Canvas takes the refresh token no more.", f"status {reply.status}")
        seconds = answer.get("expires_in")
        return Token(value, seconds if isinstance(seconds, int) else 3600)


class Api:
    """One reading's way to Canvas. Raises Misconfigured (``canvas.rest_incomplete``)."""

    def __init__(self, context: Context[Any], manners: Manners = MANNERS) -> None:
        settings: CanvasSettings = context.settings
        base = (settings.rest_url or settings.base_url or "").rstrip("/")
        if not base:
            raise Misconfigured(
                "canvas.rest_incomplete", "rest_url is missing: roster and grades are at your own address."
            )
        self.base = f"{base}/api/v1"
        self.asker = Asker(context, _auth(base, settings), PAGE, manners=manners)

    def one(self, path: str) -> Mapping[str, Any]:
        """Return one object."""
        answer = read_answer(self.asker.get(f"{self.base}/{path}"), path)
        if not isinstance(answer, Mapping):
            raise BadData("canvas.list_missing", "Canvas answered with something else than was asked for.", path)
        return answer

    def write(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """Send JSON once and return the answer, a refusal too. Raises as `Asker.write`."""
        return self.asker.write(method, f"{self.base}/{path}", body)

    def all(self, path: str, *, under: str = "", query: str = "") -> Listing:
        """Return a list to be walked through; a few stand under a name."""
        return Listing(self, f"{self.base}/{path}{f'?{query}' if query else ''}", under)


class Listing:
    """One list. `doubt` says why it proves nothing, and is empty when its pages came to their end."""

    def __init__(self, api: Api, url: str, under: str) -> None:
        self.doubt = "the reading did not come to its end"
        self._api, self._url, self._under = api, url, under
        self._came: set[str] = set()

    def pages(self) -> Iterator[list[Mapping[str, Any]]]:
        """Yield the pages, each record once. Links are opaque: they are followed as they are, within the host."""
        asker, doubt = self._api.asker, ""
        url: str | None = with_parameters(self._url, per_page=asker.page_size)
        visited: set[str] = set()
        while url is not None:
            visited.add(url)
            reply = asker.get(url)
            answer = read_answer(reply, self._url)
            records = answer.get(self._under) if isinstance(answer, Mapping) and self._under else answer
            if not isinstance(records, list):
                raise BadData("canvas.list_missing", "Canvas's answer holds no list of records.", self._under)
            fresh = [each for each in records if isinstance(each, Mapping) and self._is_new(each)]
            if len(fresh) < len(records):
                doubt = doubt or "records came twice, or without an id"
            yield fresh
            link = next_link(reply.headers.get("link", ""), url)
            following = safe_link(link, url) if link else None
            if link and (following is None or following in visited):
                doubt = doubt or "the pages did not come to an end"
                following = None
            url = following
        self.doubt = doubt

    def _is_new(self, record: Mapping[str, Any]) -> bool:
        own = identifier(record.get("id"))
        if own is None or own in self._came:
            return False
        self._came.add(own)
        return True


def _auth(base: str, settings: CanvasSettings) -> Auth:
    if settings.rest_token:
        return Bearer(settings.rest_token)
    needed = ("rest_client_id", "rest_client_secret", "rest_refresh_token")
    missing = [name for name in needed if not getattr(settings, name)]
    if missing:
        wanted = " and ".join(missing)
        raise Misconfigured("canvas.rest_incomplete", f"rest_token is missing, or in its place {wanted}.")
    return Refreshed(base, settings)


def read_answer(reply: Reply, place: str) -> Any:
    """Return an answer's JSON. Raises BadData (``canvas.gone``, ``canvas.error_answer``, ``canvas.not_json``)."""
    if reply.status == 404:
        raise Gone("canvas.gone", "Canvas has no such thing, or shows it to nobody.")
    if not reply.ok:
        raise BadData(
            "canvas.error_answer", "Canvas answered with an error instead of records.", f"status {reply.status}"
        )
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError) as fault:
        kind = "a web page" if reply.body.lstrip()[:1] == b"<" else "something that is not whole JSON"
        raise BadData("canvas.not_json", f"Canvas answered with {kind}.", place.rpartition("/")[2]) from fault


class Gone(BadData):
    """What was asked for is no longer there."""
