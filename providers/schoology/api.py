"""Asks Schoology's REST interface, page by page, and judges whether everything came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin

import msgspec

from providers.contract import BadData, Context, Misconfigured, Reply
from providers.kit.rest import Asker, Manners, OAuth1
from providers.kit.rest.links import safe_link, with_parameters
from providers.kit.rest.values import identifier, number
from providers.schoology.settings import SchoologySettings

# Signatures are good once, so a redirect is followed with one of its own (users/me answers 303).
MANNERS: Final = Manners(follows=True)
REALM: Final = "Schoology API"
PAGE: Final = 200
_OBJECT = msgspec.json.Decoder(dict[str, Any])


class Gone(BadData):
    """What was asked for is no longer there."""


class Api:
    """One reading's way to Schoology. Raises Misconfigured (``schoology.key_missing``)."""

    def __init__(self, context: Context[Any], manners: Manners = MANNERS) -> None:
        settings: SchoologySettings = context.settings
        if not settings.consumer_key or not settings.consumer_secret:
            raise Misconfigured("schoology.key_missing", "consumer_key and consumer_secret belong together.")
        auth = OAuth1(
            settings.consumer_key, settings.consumer_secret, settings.signature_method, fall_back=False, realm=REALM
        )
        self.base = settings.api_url.rstrip("/")
        self.asker = Asker(context, auth, PAGE, manners=manners)

    def one(self, path: str) -> Mapping[str, Any]:
        """Return one object. Raises Refused, Unavailable, and BadData (``schoology.error_answer``, …)."""
        return read_answer(self.asker.get(f"{self.base}/{path}"), path)

    def write(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """Send JSON once and return the answer, a refusal too. Raises as `Asker.write`."""
        return self.asker.write(method, f"{self.base}/{path}", body)

    def all(self, path: str, name: str, *, is_counted: bool = True) -> Listing:
        """Return a list to be walked through; its records stand under `name`."""
        return Listing(self, path, name, is_counted=is_counted)


class Listing:
    """One list. `doubt` says why it proves nothing, and is empty when everything came.

    `is_counted`: Schoology says how many there are in all, as it does for every list but those of buildings and roles.
    """

    def __init__(self, api: Api, path: str, name: str, *, is_counted: bool) -> None:
        self.doubt = "the reading did not come to its end"
        self._api, self._path, self._name = api, path, name
        self._is_counted = is_counted
        self._came: set[str] = set()

    def pages(self) -> Iterator[list[Mapping[str, Any]]]:
        """Yield the pages, each record once."""
        asker, doubt, total = self._api.asker, "", None
        url: str | None = with_parameters(f"{self._api.base}/{self._path}", start=0, limit=asker.page_size)
        while url is not None:
            answer = read_answer(asker.get(url), self._path)
            records = answer.get(self._name)
            if not isinstance(records, list):
                raise BadData("schoology.list_missing", "Schoology's answer holds no list of records.", self._name)
            told = number(answer.get("total"))
            if None not in (told, total) and told != total:
                doubt = "the roster was changed while it was read"
            total = total if told is None else told
            fresh = [each for each in records if isinstance(each, Mapping) and self._is_new(each)]
            if len(fresh) < len(records):
                doubt = doubt or "records came twice, or without an id"
            yield fresh
            url = next_page(answer, url) if fresh else None
        if total is None and self._is_counted:
            doubt = doubt or "Schoology does not say how many there are"
        if total is not None and total != len(self._came):
            doubt = doubt or f"Schoology counts {total} and {len(self._came)} came"
        self.doubt = doubt

    def _is_new(self, record: Mapping[str, Any]) -> bool:
        own = identifier(record.get("id")) or identifier(record.get("uid"))
        if own is None or own in self._came:
            return False
        self._came.add(own)
        return True


def next_page(answer: Mapping[str, Any], url: str) -> str | None:
    """Return where a list goes on, within the host; None at its end."""
    links = answer.get("links")
    link = links.get("next") if isinstance(links, Mapping) else None
    return safe_link(urljoin(url, link), url) if isinstance(link, str) and link else None


def read_answer(reply: Reply, path: str) -> Mapping[str, Any]:
    """Return the object in an answer. Raises BadData (``schoology.gone``, ``…error_answer``, ``…not_json``)."""
    place = path.partition("?")[0].rpartition("/")[2]
    if reply.status == 404:
        raise Gone("schoology.gone", "Schoology has no such thing any more.", place)
    if not reply.ok:
        detail = f"{place}: status {reply.status}"
        raise BadData("schoology.error_answer", "Schoology answered with an error instead of records.", detail)
    try:
        return _OBJECT.decode(reply.body)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as fault:
        kind = "a web page" if reply.body.lstrip()[:1] == b"<" else "something that is not whole JSON"
        raise BadData("schoology.not_json", f"Schoology answered with {kind}.", place) from fault
