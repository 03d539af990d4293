"""Runs a simulator on a free loopback port for as long as a test needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server


@contextmanager
def running(build: Callable[[str], Flask], *, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve ``build(base_url)``, whose base address is known only when its port is; yields the base address."""
    server = make_server(host, 0, Flask(__name__), threaded=True)
    base_url = f"http://{host}:{server.server_port}"
    server.app = build(base_url)
    # How long its end waits: by default half a second, more than most tests take.
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield base_url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
