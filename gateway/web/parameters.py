"""Reads what a browser sent, of each name the first value: half the cost of the general forms, which keep them all."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Request

_FORM = "application/x-www-form-urlencoded"


def query_of(request: Request) -> dict[str, str]:
    """Return the query's parameters."""
    return _first(request.query_string.decode("latin-1"))


def form_of(request: Request) -> dict[str, str]:
    """Return a posted form's fields; of a form in another shape than LTI posts, whatever Flask makes of it."""
    if request.mimetype != _FORM:
        return request.form.to_dict()
    return _first(request.get_data(cache=False).decode("latin-1"))


def _first(encoded: str) -> dict[str, str]:
    pairs = parse_qsl(encoded, keep_blank_values=True)
    pairs.reverse()
    return dict(pairs)
