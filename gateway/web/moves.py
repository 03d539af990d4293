"""Sends a browser on, without the page that nobody sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import Headers

from gateway.web.whole import WholeResponse

_STATUS = {302: "302 FOUND", 303: "303 SEE OTHER"}


class Move(WholeResponse):
    """A redirect that is made of its headers alone.

    Its address is encoded already, and it has no body: the general class would take the one apart and quote it again,
    and find out the other.
    """

    def __init__(self, status: int, headers: list[tuple[str, str]]) -> None:
        # Not the general constructor, which takes as long as the rest of a login's answer.
        self.headers = Headers(headers)
        self._status, self._status_code = _STATUS[status], status
        self.response, self.direct_passthrough, self._on_close = [], False, []

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:  # noqa: ARG002 - WSGI's signature
        """Answer as a WSGI application."""
        start_response(self._status, self.headers.to_wsgi_list())
        return []


def move_to(address: str, status: int, *, cookie: str | None = None) -> Move:
    """Return a redirect. `address` is a URI and one of ours to name: registered, never taken from a request."""
    headers = [
        ("Location", address),
        ("Content-Length", "0"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    ]
    if cookie is not None:
        headers.append(("Set-Cookie", cookie))
    return Move(status, headers)
