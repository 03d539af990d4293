"""Walks Clever's collections by cursor and says in the end whether every record was seen.

https://dev.clever.com/docs/paging-and-limits and https://dev.clever.com/docs/error-messages
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin

import msgspec

from providers.clever.district_token import DistrictToken
from providers.clever.settings import CleverSettings
from providers.contract import BadData, Context, Refused, Reply
from providers.kit.rest.asking import Asker, Manners
from providers.kit.rest.links import parameter, safe_link, with_parameters

Record = dict[str, Any]
MOST_RECORDS: Final = 50_000_000
_SMALLEST_PAGE: Final = 50
WINDOW_SECONDS: Final = 60.0
_ANSWER: Final = msgspec.json.Decoder(dict[str, Any])


class Mark(msgspec.Struct, frozen=True):
    """Where an interrupted walk goes on: the next page, how many came before it, how many there were to be."""

    url: str
    came: int
    told: int | None
    last: str


class Page(NamedTuple):
    """The records of one page, and where to go on."""

    records: list[Record]
    following: Mark | None


def asker_of(context: Context[CleverSettings]) -> Asker:
    """Return who asks for this district's records."""
    manners = Manners(smallest_page=_SMALLEST_PAGE, waits=window_left)
    return Asker(context, DistrictToken(context.settings), context.settings.page_size, manners=manners)


def window_left(reply: Reply, now: datetime) -> float | None:
    """Return the seconds until Clever's rate limit begins anew; it says so in a header of its own.

    By Clever's clock, where it tells it; a window is a minute, so no more than that is ever waited for.
    """
    reset = reply.headers.get("x-ratelimit-reset", "").strip()
    if not reset.isdecimal():
        return None
    try:
        now = parsedate_to_datetime(reply.headers.get("date", ""))
    except (TypeError, ValueError):
        pass
    return min(max(float(reset[:12]) - now.timestamp(), 1.0), WINDOW_SECONDS)


class Pages:
    """One district's collections."""

    def __init__(self, asker: Asker, settings: CleverSettings) -> None:
        self._asker, self._settings = asker, settings
        self.doubt = ""
        self.told: int | None = None

    def one(self, path: str) -> Record:
        """Return a single record. Raises BadData (``clever.missing``) when there is none."""
        data = self._read(self._settings.data(path)).get("data")
        if not isinstance(data, dict):
            raise BadData("clever.answer_invalid", "Clever's answer can't be read.", "no data")
        return data

    def newest(self, kind: str) -> Record | None:
        """Return a collection's last record, None when it is empty."""
        url = with_parameters(self._settings.data(f"/{kind}"), limit=1, ending_before="last")
        records = _records(self._read(url))
        return records[-1] if records else None

    def walk(self, kind: str, start: Mark | None = None) -> Iterator[Page]:
        """Yield a collection's pages. Afterwards `doubt` says why absence proves nothing; empty: all were seen.

        Ids ascend, so the last one that came must be the collection's newest.
        """
        self.doubt, self.told = "the reading did not come to its end", start.told if start else None
        came, last = (start.came, start.last) if start else (0, "")
        url: str | None = start.url if start else self._first(kind)
        while url is not None:
            answer = self._read(url)
            records = _records(answer)
            came, last = came + len(records), _last_id(records) or last
            self.told = _count(answer) if self.told is None else self.told
            url = _next(answer, url)
            yield Page(records, Mark(url, came, self.told, last) if url else None)
            if came > MOST_RECORDS or (url is not None and not records):
                raise BadData("clever.endless", "Clever's pages do not end.", kind)
        self.doubt = self._doubt(kind, came, last)

    def sections_of(self, user_id: str) -> Iterator[Record]:
        """Yield the sections that somebody is in or teaches; none where the person is gone again."""
        url: str | None = with_parameters(self._settings.data(f"/users/{user_id}/sections"), limit=1000)
        while url is not None:
            try:
                answer = self._read(url)
            except BadData as fault:
                if fault.code == "clever.missing":
                    return
                raise
            yield from _records(answer)
            url = _next(answer, url)

    def after(self, event_id: str) -> Iterator[list[Record]]:
        """Yield pages of the events that came after one, oldest first."""
        url: str | None = with_parameters(self._settings.data("/events"), limit=1000, starting_after=event_id)
        while url is not None:
            answer = self._read(url)
            yield _records(answer)
            url = _next(answer, url)

    def _first(self, kind: str) -> str:
        return with_parameters(self._settings.data(f"/{kind}"), limit=self._asker.page_size, count="true")

    def _doubt(self, kind: str, came: int, last: str) -> str:
        if came == 0:
            return "nothing came at all"
        if self.told is not None and self.told != came:
            return f"Clever counts {self.told} and {came} came"
        newest = self.newest(kind)
        if newest is None or newest.get("id") != last:
            return "the newest record did not come"
        return ""

    def _read(self, url: str) -> Record:
        reply = self._asker.get(url)
        if reply.status == 413 and self._asker.page_size > _SMALLEST_PAGE:
            self._asker.page_size //= 2
            return self._read(self._asker.fitting(url))
        return _decode(reply)


def _decode(reply: Reply) -> Record:
    """Return a JSON object, whatever status and content type claim."""
    if reply.status == 404:
        raise BadData("clever.missing", "Clever has no such record, or the district does not share it.")
    try:
        answer = _ANSWER.decode(reply.body)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as fault:
        kind = "a web page" if reply.body.lstrip()[:1] == b"<" else "something that is not whole JSON"
        raise BadData("clever.not_json", f"Clever answered with {kind}.", f"status {reply.status}") from fault
    if "not in token's scopes" in f"{answer.get('message')} {answer.get('error')}":
        raise Refused("rest.forbidden", "The token is not for this.", f"status {reply.status}")
    if not reply.ok or "data" not in answer:
        raise BadData("clever.error_answer", "Clever answered with an error instead of data.", f"status {reply.status}")
    return answer


def _records(answer: Mapping[str, Any]) -> list[Record]:
    data = answer["data"]
    if not isinstance(data, list):
        raise BadData("clever.answer_invalid", "Clever's answer holds no list.", "data is no list")
    return [each["data"] for each in data if isinstance(each, dict) and isinstance(each.get("data"), dict)]


def _last_id(records: list[Record]) -> str:
    return str(records[-1].get("id", "")) if records else ""


def _count(answer: Mapping[str, Any]) -> int | None:
    count = answer.get("count")
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def _next(answer: Mapping[str, Any], url: str) -> str | None:
    """Return the next page's address, on the host that was asked; links are relative."""
    links = answer.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "next" and isinstance(link.get("uri"), str):
            found = safe_link(urljoin(url, link["uri"]), url)
            return found if found is None or parameter(found, "limit") else with_parameters(found, limit=_limit(url))
    return None


def _limit(url: str) -> str:
    return parameter(url, "limit") or "100"
