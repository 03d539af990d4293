"""Asks until an answer comes: credentials renewed, busy providers waited for, pages made smaller."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from providers.contract import BadData, Context, Failure, Refused, Reply, Unavailable
from providers.kit.oneroster.rest.auth import Auth
from providers.kit.oneroster.rest.links import parameter, with_parameters
from providers.kit.oneroster.rest.source import SMALLEST_PAGE

# One reading sleeps no longer than this in all, and never longer at a time than LONGEST_WAIT: beyond that the hall
# comes back later, so that no worker sleeps on somebody else's rate limit.
LONGEST_WAIT: Final = 60.0
MOST_WAITING: Final = 300.0
_MOST_TRIES: Final = 6
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
# Answers that a smaller page may heal: whoever was asked gave up on this one.
_TOO_MUCH: Final = frozenset({500, 502, 504})
_TOO_MUCH_CODES: Final = frozenset({"http.timeout", "http.cut_short", "http.too_large"})


class Asker:
    """Asks one provider during one reading. `page_size` shrinks when pages prove too large, and stays so."""

    def __init__(self, context: Context[Any], auth: Auth, page_size: int, largest_body: int) -> None:
        self.page_size = page_size
        self.server_time: datetime | None = None
        self._context, self._auth, self._largest_body = context, auth, largest_body
        self._slept = 0.0

    def get(self, url: str, *, tries: int = _MOST_TRIES) -> Reply:
        """Return the provider's answer; of errors only those that waiting and smaller pages don't heal.

        Raises:
            Refused: ``oneroster.unauthorized``, ``oneroster.forbidden``.
            Unavailable: ``oneroster.busy`` with `retry_after`, or what the network says.
        """
        for attempt in range(tries):
            address, seconds = self.fitting(url), 2.0**attempt
            try:
                reply = self._send(address)
                if reply.status not in _BUSY:
                    return reply
                trouble: Failure = _busy(reply, self._context.now())
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
        reply = self._send_once(url)
        if reply.status == 401 and self._auth.renew(self._context):
            reply = self._send_once(url)
        if reply.status == 401:
            raise Refused("oneroster.unauthorized", "The provider refuses these credentials.", "status 401")
        if reply.status == 403:
            raise Refused("oneroster.forbidden", "The provider does not give these records to us.", "status 403")
        self.server_time = self.server_time or _moment(reply.headers.get("date", ""))
        return reply

    def _send_once(self, url: str) -> Reply:
        headers = {"Accept": "application/json", **self._auth.headers(self._context, "GET", url)}
        return self._context.http.request("GET", url, headers, max_body=self._largest_body)

    def _heal(self, failure: Failure, url: str) -> None:
        """Ask for less next time, or give up at once where that is no help."""
        shrunk = failure.code in _TOO_MUCH_CODES and self._shrink(url)
        if isinstance(failure, BadData) and not shrunk:
            raise failure

    def _shrink(self, url: str) -> bool:
        if parameter(url, "limit") is None or self.page_size <= SMALLEST_PAGE:
            return False
        self.page_size = max(self.page_size // 2, SMALLEST_PAGE)
        self._context.log("oneroster.page_halved", page_size=self.page_size)
        return True

    def fitting(self, url: str) -> str:
        """Return the address with no larger a page than has proved to work; offsets count records and stay right."""
        limit = parameter(url, "limit")
        if limit is None or not limit.isdecimal() or int(limit) <= self.page_size:
            return url
        return with_parameters(url, limit=self.page_size)

    def _wait(self, seconds: float, trouble: Failure) -> None:
        if seconds > LONGEST_WAIT or self._slept + seconds > MOST_WAITING:
            raise _later(trouble, seconds) from trouble
        self._slept += seconds
        self._context.sleep(seconds)


def _busy(reply: Reply, now: datetime) -> Unavailable:
    return Unavailable(
        "oneroster.busy",
        "The provider has too much to do.",
        f"status {reply.status}",
        retry_after=_retry_after(reply.headers.get("retry-after", ""), now),
    )


def _told_wait(trouble: Failure) -> float | None:
    return trouble.retry_after if isinstance(trouble, Unavailable) else None


def _later(trouble: Failure, seconds: float) -> Failure:
    if not isinstance(trouble, Unavailable):
        return trouble
    return Unavailable(trouble.code, trouble.sentence, trouble.detail, retry_after=max(seconds, LONGEST_WAIT))


def _retry_after(header: str, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, given as a number or as a moment (RFC 9110 10.2.3)."""
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
