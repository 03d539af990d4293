"""Sends a browser on, without the page that nobody sees."""

from __future__ import annotations

from werkzeug.datastructures import Headers

from gateway.web.whole import WholeResponse


class Move(WholeResponse):
    """A redirect whose address is encoded already; the general class would take it apart and quote it again."""

    def get_wsgi_headers(self, environ: object) -> Headers:  # noqa: ARG002 - Werkzeug's signature
        """Return the headers as they were set."""
        return self.headers


def move_to(address: str, status: int) -> Move:
    """Return a redirect. `address` is a URI and one of ours to name: registered, never taken from a request."""
    response = Move(status=status)
    headers = response.headers
    headers.clear()
    headers.add("Location", address)
    headers.add("Content-Length", "0")
    headers.add("Referrer-Policy", "no-referrer")
    headers.add("Cache-Control", "no-store")
    return response
