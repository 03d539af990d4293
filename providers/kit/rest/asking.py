"""Asks until an answer comes: credentials renewed, busy providers waited for, pages made smaller."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal
from urllib.parse import urljoin

from providers.contract import BadData, Context, Failure, Misconfigured, Refused, Reply, Unavailable
from providers.kit.rest.auth import Auth
from providers.kit.rest.links import parameter, safe_link, with_parameters

# One reading sleeps no longer than this in all, and never longer at a time than LONGEST_WAIT: beyond that the hall
# comes back later, so that no worker sleeps on somebody else's rate limit.
LONGEST_WAIT: Final = 60.0
MOST_WAITING: Final = 300.0
_MOST_TRIES: Final = 6
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
# Answers that a smaller page may heal: whoever was asked gave up on this one.
_TOO_MUCH: Final = frozenset({500, 502, 504})
_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308})
SMALLEST_PAGE: Final = 10
# A page of 50,000 enrollments is about 25 MB of JSON.
LARGEST_BODY: Final = 64 * 1024 * 1024
Meaning = Literal["answer", "busy", "unauthorized", "forbidden"]
_TOO_MUCH_CODES: Final = frozenset({"http.timeout", "http.cut_short", "http.too_large"})


def by_status(reply: Reply) -> Meaning:
    """Return what an answer means where a vendor goes by HTTP's book."""
    if reply.status in _BUSY:
        return "busy"
    meanings: dict[int, Meaning] = {401: "unauthorized", 403: "forbidden"}
    return meanings.get(reply.status, "answer")


def retry_after(reply: Reply, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, given as a number or as a moment (RFC 9110 10.2.3)."""
    header = reply.headers.get("retry-after", "")
    if header.strip().isdecimal():
        return float(header.strip()[:9])
    moment = _moment(header)
    return None if moment is None else max((moment - now).total_seconds(), 0.0)


def _moment(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Manners:
    """What a vendor does otherwise. `size` is the parameter that says how many records a page shall have.

    `follows`: an answer of 3xx within the host is followed once, with a signature of its own. `waits` says for how many
    seconds a busy provider wants to be left alone.
    """

    size: str = "limit"
    smallest_page: int = SMALLEST_PAGE
    accept: str = "application/json"
    follows: bool = False
    meaning: Callable[[Reply], Meaning] = by_status
    waits: Callable[[Reply, datetime], float | None] = retry_after
    tries: int = _MOST_TRIES


BY_THE_BOOK: Final = Manners()


class Asker:
    """Asks one provider during one reading. `page_size` shrinks when pages prove too large, and stays so."""

    def __init__(
        self,
        context: Context[Any],
        auth: Auth,
        page_size: int,
        largest_body: int = LARGEST_BODY,
        manners: Manners = BY_THE_BOOK,
    ) -> None:
        self.page_size = page_size
        self.server_time: datetime | None = None
        self._context, self._auth, self._largest_body = context, auth, largest_body
        self._manners = manners
        self._slept = 0.0

    def get(self, url: str, *, tries: int | None = None) -> Reply:
        """Return the provider's answer; of errors only those that waiting and smaller pages don't heal.

        Raises:
            Refused: ``rest.unauthorized``, ``rest.forbidden``.
            Unavailable: ``rest.busy`` with `retry_after`, or what the network says.
        """
        tries = tries or self._manners.tries
        for attempt in range(tries):
            address, seconds = self.fitting(url), 2.0**attempt
            try:
                reply = self._send(address)
                if self._manners.meaning(reply) != "busy":
                    return reply
                trouble: Failure = _busy(reply, self._manners.waits(reply, self._context.now()))
                seconds = _told_wait(trouble) or seconds
                if reply.status in _TOO_MUCH:
                    self._shrink(address)
            except (Unavailable, BadData) as failure:
                trouble = failure
                self._heal(failure, address)
            if attempt + 1 == tries:
                raise _later(trouble, LONGEST_WAIT)
            self._wait(seconds, trouble)
        raise AssertionError("unreachable: the last try returns or raises")

    def _send(self, url: str) -> Reply:
        reply = self._follow(self._send_once(url), url)
        if self._manners.meaning(reply) == "unauthorized" and self._auth.renew(self._context):
            reply = self._follow(self._send_once(url), url)
        match self._manners.meaning(reply):
            case "unauthorized":
                raise _unauthorized(reply)
            case "forbidden":
                detail = f"status {reply.status}"
                raise Refused("rest.forbidden", "The provider does not give these records to us.", detail)
        self.server_time = self.server_time or _moment(reply.headers.get("date", ""))
        return reply

    def write(self, method: str, url: str, body: Any) -> Reply:
        """Send JSON, once: who writes knows when to try again. What is forbidden comes back, its words say why.

        Raises:
            Refused: ``rest.unauthorized``.
            Unavailable: ``rest.busy`` with `retry_after`, or what the network says.
        """
        content = json.dumps(body).encode()
        reply = self._send_once(url, method, content)
        if self._manners.meaning(reply) == "unauthorized" and self._auth.renew(self._context):
            reply = self._send_once(url, method, content)
        match self._manners.meaning(reply):
            case "busy":
                raise _busy(reply, self._manners.waits(reply, self._context.now()))
            case "unauthorized":
                raise _unauthorized(reply)
        return reply

    def _send_once(self, url: str, method: str = "GET", body: bytes | None = None) -> Reply:
        headers = {"Accept": self._manners.accept, **self._auth.headers(self._context, method, url)}
        if body is not None:
            headers["Content-Type"] = "application/json"
        largest, follows = self._largest_body, self._manners.follows
        return self._context.http.request(
            method, url, headers, body=body, max_body=largest, tells_redirects=follows and body is None
        )

    def _follow(self, reply: Reply, url: str) -> Reply:
        if reply.status not in _ELSEWHERE:
            return reply
        there = safe_link(urljoin(url, reply.headers.get("location", "")), url)
        if there is None or there == url:
            raise Misconfigured("http.redirected", "The address sends us on to another host: enter the final one.")
        return self._send_once(there)

    def _heal(self, failure: Failure, url: str) -> None:
        """Ask for less next time, or give up at once where that is no help."""
        shrunk = failure.code in _TOO_MUCH_CODES and self._shrink(url)
        if isinstance(failure, BadData) and not shrunk:
            raise failure

    def _shrink(self, url: str) -> bool:
        if parameter(url, self._manners.size) is None or self.page_size <= self._manners.smallest_page:
            return False
        self.page_size = max(self.page_size // 2, self._manners.smallest_page)
        self._context.log("rest.page_halved", page_size=self.page_size)
        return True

    def fitting(self, url: str) -> str:
        """Return the address with no larger a page than has proved to work; offsets count records and stay right."""
        limit = parameter(url, self._manners.size)
        if limit is None or not limit.isdecimal() or int(limit) <= self.page_size:
            return url
        return with_parameters(url, **{self._manners.size: self.page_size})

    def _wait(self, seconds: float, trouble: Failure) -> None:
        if seconds > LONGEST_WAIT or self._slept + seconds > MOST_WAITING:
            raise _later(trouble, seconds) from trouble
        self._slept += seconds
        self._context.sleep(seconds)


def _unauthorized(reply: Reply) -> Refused:
    return Refused("rest.unauthorized", "The provider refuses these credentials.", f"status {reply.status}")


def _busy(reply: Reply, seconds: float | None) -> Unavailable:
    return Unavailable("rest.busy", "The provider has too much to do.", f"status {reply.status}", retry_after=seconds)


def _told_wait(trouble: Failure) -> float | None:
    return trouble.retry_after if isinstance(trouble, Unavailable) else None


def _later(trouble: Failure, seconds: float) -> Failure:
    if not isinstance(trouble, Unavailable):
        return trouble
    return Unavailable(trouble.code, trouble.sentence, trouble.detail, retry_after=max(seconds, LONGEST_WAIT))
