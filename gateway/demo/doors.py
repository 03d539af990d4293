"""The demo's ports: reserved before anything starts, so that every part knows all addresses."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from gateway.demo.failure import DemoFailed

LOOPBACK = "127.0.0.1"


class Door:
    """A port of this machine that nobody else can take while it is held."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((LOOPBACK, port))
        self.port: int = self._socket.getsockname()[1]

    def at(self, host: str) -> str:
        """Return the address of this door under one of the machine's names."""
        return f"http://{host}:{self.port}"

    def release(self) -> None:
        """Let go of the port, for a program of its own to take."""
        self._socket.close()

    @contextmanager
    def serve(self, app: Flask) -> Iterator[None]:
        """Serve an application here, in threads of this process."""
        self._socket.listen(128)
        server = make_server(LOOPBACK, self.port, app, threaded=True, request_handler=_Quiet, fd=self._socket.fileno())
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            self.release()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_details: Any) -> None:
        """Say nothing: the terminal belongs to the demo's own words."""


def start_door(port: int) -> Door:
    """Return the start page's door. Raises DemoFailed when another program has it."""
    door = _reserve(port)
    if door is None:
        raise DemoFailed(f"Port {port} is taken by another program. Choose another one: make demo PORT={port + 10}")
    return door


def door_near(port: int) -> Door:
    """Return the door with this number, or any free one."""
    return _reserve(port) or Door(0)


def _reserve(port: int) -> Door | None:
    try:
        # A listener on all addresses, or on IPv6's localhost, would be met by the browser instead of us.
        with socket.create_connection(("localhost", port), timeout=0.5):
            return None
    except OSError:
        pass
    try:
        return Door(port)
    except (OSError, OverflowError):
        return None
