"""A real HTTP server on loopback whose every answer a test writes byte by byte."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Self

Answer = Callable[["Wire", socket.socket], None]


def reply(body: bytes = b"{}", status: int = 200, **headers: str) -> Answer:
    """Answer with this; header names take `_` for `-`."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *lines])
    return lambda wire, connection: connection.sendall(head.encode() + b"\r\n\r\n" + body)


class Wire:
    """Answers each request with `answer`; keeps what it was asked in `requests` and counts connections."""

    def __init__(self, answer: Answer | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer or reply()
        self.requests: list[bytes] = []
        self.connections = 0
        self.sent = 0
        self.closing = False
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self._threads = [Thread(target=self._accept, daemon=True)]

    def url(self, path: str = "/keys", scheme: str = "http") -> str:
        return f"{scheme}://{self.host}{path}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *error: object) -> None:
        self.closing = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._threads.append(Thread(target=self._serve, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _serve(self, plain: socket.socket) -> None:
        with plain, suppress(OSError):
            connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with connection:
                connection.settimeout(5)
                while request := _read_request(connection):
                    self.requests.append(request)
                    self.answer(self, connection)


def _read_request(connection: socket.socket) -> bytes:
    """Return one request with its body, or nothing when the other side has gone."""
    request = b""
    while b"\r\n\r\n" not in request:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        request += chunk
    head, _, body = request.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def flood(total: int) -> Answer:
    """Send `total` bytes of body, counting in `wire.sent` what the other side let through."""

    def answer(wire: Wire, connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 200 X\r\nContent-Length: {total}\r\n\r\n".encode())
        while wire.sent < total:
            connection.sendall(b" " * 65536)
            wire.sent += 65536

    return answer


def drip(head: bytes, pause: float = 0.05) -> Answer:
    """Send the head, then one space each `pause` seconds for as long as anybody listens."""

    def answer(wire: Wire, connection: socket.socket) -> None:
        from time import sleep

        connection.sendall(head)
        while not wire.closing:
            connection.sendall(b" ")
            sleep(pause)

    return answer


def silent(wire: Wire, connection: socket.socket) -> None:
    """Never answer."""
    connection.recv(1)


def cut_short(wire: Wire, connection: socket.socket) -> None:
    """Promise more than comes, and hang up."""
    connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n{}")
    connection.shutdown(socket.SHUT_RDWR)
