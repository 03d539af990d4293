"""The headers every answer carries."""

from __future__ import annotations

from flask import Flask, Response, request

from gateway.web.moves import Move

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
# A page of the launch with a script of ours, shown in the LMS's frame.
WITH_SCRIPT = f"{_POLICY}; script-src 'self'; connect-src 'self'"
# A page of ours with forms and a script that nobody may frame.
WITH_FORMS = WITH_SCRIPT.replace("form-action 'none'", "form-action 'self'") + "; frame-ancestors 'none'"
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def with_forms(response: Response) -> Response:
    """Give a page the policy of those with forms."""
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = WITH_FORMS
    return response


def add_headers(app: Flask, *, is_https: bool) -> None:
    """Register the headers on the app."""

    @app.after_request
    def headers(response: Response) -> Response:
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if isinstance(response, Move):
            return response  # it brought the rest, and nobody sees it
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            # A launch's page shows inside the LMS's frame and has nothing to click; no other page may be framed.
            framed = "" if request.path.startswith(("/lti/", "/oauth2/authorize")) else "; frame-ancestors 'none'"
            response.headers.setdefault("Content-Security-Policy", _POLICY + framed)
        return response
