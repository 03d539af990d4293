"""The one HTTP client: guarded, bounded in time and size, without cookies, redirects, proxies or chatter in logs."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import httpcore
import httpx

from gateway.outbound.failures import OutboundFailed
from gateway.outbound.guard import Guard, host_of
from gateway.outbound.response import Response, read_body
from gateway.outbound.transport import PinnedBackend, PinnedTransport, Resolve, ends_within, resolve

_WORTH_ANOTHER_TRY = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes. `total` bounds a whole call from connecting to the last byte (not the system's DNS).

    `tells_redirects`: an answer of 3xx is an answer; it is never followed by itself.
    """

    connect: float = 5
    read: float = 10
    total: float = 20
    max_body: int = 10 * 1024 * 1024
    tells_redirects: bool = False


def _ignore(_host: str) -> None:
    """Count nothing."""


@cache
def _trusted() -> ssl.SSLContext:
    """Return what this process believes of TLS servers: reading the certificates takes 20 ms, once."""
    return httpx.create_ssl_context(trust_env=False)


class Outbound:
    """Thread-safe; keep one per process. `on_call(host)` is told of each request before it leaves."""

    def __init__(
        self,
        allow_hosts: Collection[str],
        user_agent: str,
        *,
        limits: Limits | None = None,
        resolve: Resolve = resolve,
        ssl_context: ssl.SSLContext | None = None,
        on_call: Callable[[str], None] = _ignore,
    ) -> None:
        self._guard, self._limits = Guard(allow_hosts), limits or Limits()
        self._user_agent, self._on_call = user_agent, on_call
        self._resolve = resolve
        backend = PinnedBackend(self._guard, resolve, httpcore.SyncBackend())
        self._transport = PinnedTransport(backend, ssl_context or _trusted())
        logging.getLogger("httpcore").setLevel(logging.WARNING)  # at DEBUG it writes headers into the log

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        form: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        tries: int = 1,
    ) -> Response:
        """Return the answer, whatever its status; raise OutboundRefused or OutboundFailed.

        Sends `body`, or `form` URL-encoded. `tries` above 1 asks again, at once, after a network fault, a timeout, 502,
        503 or 504.
        """
        form_headers: dict[str, str] = {}
        if form is not None:
            encoded = httpx.Request("POST", "https://x", data=form)
            body, form_headers = encoded.read(), {"Content-Type": encoded.headers["Content-Type"]}
        return self._try(method, url, {**form_headers, **(headers or {})}, body, tries, limits or self._limits)

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        max_body: int | None = None,
        total: float | None = None,
        tries: int = 1,
    ) -> Response:
        """Read; otherwise like `request`."""
        own = self._limits
        limits = replace(own, total=total or own.total, max_body=max_body or own.max_body)
        return self.request("GET", url, headers, limits=limits, tries=tries)

    def post(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        form: Mapping[str, str] | None = None,
        tries: int = 1,
    ) -> Response:
        """Send `body`, or `form` URL-encoded, or nothing; otherwise like `request`."""
        return self.request("POST", url, headers, body=body or b"", form=form, tries=tries)

    def get_json(self, url: str, headers: Mapping[str, str] | None = None, *, tries: int = 1) -> Any:
        """Return the JSON of a 2xx answer; any other status raises OutboundFailed of kind `status`."""
        response = self.get(url, {"Accept": "application/json", **(headers or {})}, tries=tries)
        if not response.ok:
            raise OutboundFailed("status", response.host, response.status)
        return response.json()

    def check(self, url: str) -> None:
        """Raise OutboundRefused for an address that is never called, as far as can be told now."""
        target = self._guard.read_url(url)
        host, port = host_of(target), target.port or 443
        with suppress(OSError, UnicodeError):  # a name that can't be resolved yet is looked at when it is called
            self._guard.check_addresses(host, port, self._resolve(host, port))

    def close(self) -> None:
        """Close idle connections."""
        self._transport.close()

    def _try(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None, tries: int, limits: Limits
    ) -> Response:
        target = self._guard.read_url(url)
        request = self._request(method, target, headers, content, limits)
        for _ in range(tries - 1):
            try:
                response = self._send(request, host_of(target), limits)
            except OutboundFailed as failure:
                if failure.kind not in ("network", "timeout"):
                    raise
                continue
            if response.status not in _WORTH_ANOTHER_TRY:
                return response
        return self._send(request, host_of(target), limits)

    def _request(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], content: bytes | None, limits: Limits
    ) -> httpx.Request:
        # A platform may answer 403 to a request without User-Agent (two widespread LMSs do).
        own = {"User-Agent": self._user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
        timeout = httpx.Timeout(limits.read, connect=limits.connect, pool=limits.connect)
        extensions = {"timeout": timeout.as_dict()}
        merged = httpx.Headers(own)
        merged.update(headers)
        return httpx.Request(method, url, headers=merged, content=content, extensions=extensions)

    def _send(self, request: httpx.Request, host: str, limits: Limits) -> Response:
        self._on_call(host)
        try:
            with ends_within(limits.total):
                answer = self._transport.handle_request(request)
                try:
                    return _read(answer, host, limits)
                finally:
                    answer.close()
        except httpx.TimeoutException as error:
            raise OutboundFailed("timeout", host) from error
        except httpx.HTTPError as error:
            raise OutboundFailed("tls" if _is_tls(error) else "network", host) from error


def _read(answer: httpx.Response, host: str, limits: Limits) -> Response:
    if 300 <= answer.status_code < 400 and not limits.tells_redirects:
        raise OutboundFailed("redirect", _redirect_host(answer, host), answer.status_code)
    return Response(host, answer.status_code, answer.headers, read_body(answer, host, limits.max_body))


def _redirect_host(answer: httpx.Response, host: str) -> str:
    """Return where a redirect points, host only: the rest may carry tokens."""
    try:
        return host_of(httpx.URL(answer.headers.get("location", ""))) or host
    except httpx.InvalidURL:
        return host


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
