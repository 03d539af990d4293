"""A lean closed-loop HTTP/1.1 load generator: one thread, raw sockets, a fixed number of requests at once."""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

Address = tuple[str, int]
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, with the seconds between sending its request and reading its last byte."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    def header(self, name: str) -> str | None:
        return next(iter(self.headers(name)), None)

    def headers(self, name: str) -> list[str]:
        pattern = rb"\r\n" + re.escape(name.encode()) + rb": *([^\r\n]*)"
        return [value.decode("latin-1") for value in re.findall(pattern, self.head, re.IGNORECASE)]


def get(path: str, *, host: str, **headers: str) -> bytes:
    return _head("GET", path, host, headers).encode() + b"\r\n"


def post(path: str, form: Mapping[str, str], *, host: str, **headers: str) -> bytes:
    body = urlencode(form).encode()
    headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    return _head("POST", path, host, headers).encode() + b"\r\n" + body


def _head(method: str, path: str, host: str, headers: Mapping[str, str]) -> str:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept: */*", "User-Agent: schoolgate-bench"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), ""])


@dataclass
class _Lane:
    """One keep-alive connection that carries one request at a time."""

    address: Address
    sock: socket.socket | None = None
    index: int = -1
    request: bytes = b""
    received: bytearray = field(default_factory=bytearray)
    started: float = 0.0

    def send(self, index: int, request: bytes) -> socket.socket:
        self.index, self.request = index, request
        self.received.clear()
        self.started = time.perf_counter()
        if self.sock is None:
            self.sock = socket.create_connection(self.address, timeout=60)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.sendall(request)
        return self.sock

    def receive(self) -> Reply | None:
        """The whole reply once its last byte is here; ConnectionError when the server hung up first."""
        assert self.sock is not None
        piece = self.sock.recv(262_144)
        if not piece:
            raise ConnectionError("the server closed the connection before the reply was complete")
        self.received += piece
        end = self.received.find(b"\r\n\r\n")
        if end < 0 or not _complete(self.received, end):
            return None
        head, body = bytes(self.received[:end]), bytes(self.received[end + 4 :])
        return Reply(int(head[9:12]), head, body, time.perf_counter() - self.started)

    def close(self) -> None:
        if self.sock is not None:
            self.sock.close()
            self.sock = None


def _complete(received: bytearray, end: int) -> bool:
    if length := _LENGTH.search(received, 0, end):
        return len(received) >= end + 4 + int(length[1])
    if _CHUNKED.search(received, 0, end):
        return received.endswith(b"0\r\n\r\n")
    return True


class Pump:
    """Keeps `at_once` connections to one address and drives lists of requests through them."""

    def __init__(self, address: Address, at_once: int) -> None:
        self._lanes = [_Lane(address) for _ in range(at_once)]

    def drive(self, requests: Sequence[bytes]) -> list[Reply]:
        """Send every request, `at_once` in flight at any time; replies come back in the order of `requests`."""
        replies: dict[int, Reply] = {}
        todo = iter(enumerate(requests))
        with selectors.DefaultSelector() as selector:
            for lane in self._lanes:
                self._next(selector, lane, todo)
            while len(replies) < len(requests):
                for key, _ in selector.select(timeout=60) or _stalled():
                    self._step(selector, key.data, todo, replies)
        return [replies[index] for index in range(len(requests))]

    def _step(
        self,
        selector: selectors.BaseSelector,
        lane: _Lane,
        todo: Iterator[tuple[int, bytes]],
        replies: dict[int, Reply],
    ) -> None:
        assert lane.sock is not None
        try:
            reply = lane.receive()
        except ConnectionError:
            if lane.received:
                raise
            # An idle keep-alive connection may be closed by the server at any time: RFC 9112 section 9.3.1.
            selector.unregister(lane.sock)
            lane.close()
            selector.register(lane.send(lane.index, lane.request), selectors.EVENT_READ, lane)
            return
        if reply is None:
            return
        replies[lane.index] = reply
        selector.unregister(lane.sock)
        if _CLOSE.search(reply.head):
            lane.close()
        self._next(selector, lane, todo)

    def _next(self, selector: selectors.BaseSelector, lane: _Lane, todo: Iterator[tuple[int, bytes]]) -> None:
        if (item := next(todo, None)) is None:
            return
        try:
            sock = lane.send(*item)
        except (BrokenPipeError, ConnectionResetError):
            lane.close()
            sock = lane.send(*item)
        selector.register(sock, selectors.EVENT_READ, lane)

    def close(self) -> None:
        for lane in self._lanes:
            lane.close()


def _stalled() -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError("no reply from the server for 60 seconds")
