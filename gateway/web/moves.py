"""Sends a browser on, without the page that nobody sees."""

from __future__ import annotations

from flask import Response


def move_to(address: str, status: int) -> Response:
    """Return a redirect. `address` is one of ours to name: registered, never taken from a request."""
    response = Response(status=status)
    response.headers["Location"] = address
    return response
