"""How the sample answers: one page, with the headers that every page of it has."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, render_template

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action "


def page(template: str, status: int, **values: Any) -> Response:
    """Return a page. It may be framed by any school's LMS; its forms lead here, and on to the gateway."""
    answer = Response(render_template(template, **values), status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = f"{_POLICY}'self' {current_app.config['GATEWAY']}"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer
