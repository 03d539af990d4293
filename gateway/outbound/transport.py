"""Connects to exactly the address that was checked, and lets no call outlive its deadline."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from gateway.outbound.guard import Guard

Resolve = Callable[[str, int], Sequence[str]]
"""(host, port) -> addresses; raises OSError."""

_MOST_ADDRESSES = 4
_ENDS: ContextVar[float | None] = ContextVar("outbound_call_ends", default=None)


def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver, each address once, in its order of preference."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


@contextmanager
def ends_within(seconds: float) -> Iterator[None]:
    """Bound all network waits of this thread inside the block together: a server that drips can't stretch them."""
    token = _ENDS.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ENDS.reset(token)


def _at_most(timeout: float | None, expired: type[Exception]) -> float | None:
    ends = _ENDS.get()
    if ends is None:
        return timeout
    left = ends - time.monotonic()
    if left <= 0:
        raise expired("deadline")
    return left if timeout is None else min(left, timeout)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait counts against the deadline of the call that uses it just now."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _at_most(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _at_most(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limit = _at_most(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class PinnedBackend(httpcore.NetworkBackend):
    """Resolves a name once, checks the answer, and connects to that answer: a second DNS answer has no say.

    The pool above still thinks in names, so Host header, SNI and certificate check stay those of the URL.
    """

    def __init__(self, guard: Guard, resolve: Resolve, inner: httpcore.NetworkBackend) -> None:
        self._guard, self._resolve, self._inner = guard, resolve, inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port):
            limit = _at_most(timeout, httpcore.ConnectTimeout)
            try:
                return _Stream(self._inner.connect_tcp(address, port, limit, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("name not resolved") from error
        self._guard.check_addresses(host, port, addresses)
        return addresses[:_MOST_ADDRESSES]


class PinnedTransport(httpx.HTTPTransport):
    """httpx's own transport over our network backend, for which httpx has no argument but httpcore does."""

    def __init__(self, backend: httpcore.NetworkBackend, ssl_context: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context, network_backend=backend, max_connections=64, max_keepalive_connections=16
        )
