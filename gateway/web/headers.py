"""The headers every answer carries, and the plain page for what has no page of its own."""

from __future__ import annotations

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from gateway.errors import ANSWERS, answer_of
from gateway.store import Unstorable
from gateway.web.moves import Move
from providers.contract import BadData, Failure

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def add_headers(app: Flask, *, is_https: bool) -> None:
    """Register headers and error pages on the app."""

    @app.after_request
    def headers(response: Response) -> Response:
        if isinstance(response, Move):
            return response  # it brought its own, and nobody sees it
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            # A launch's page shows inside the LMS's frame and has nothing to click; no other page may be framed.
            framed = "" if request.path.startswith(("/lti/", "/oauth2/authorize")) else "; frame-ancestors 'none'"
            response.headers.setdefault("Content-Security-Policy", _POLICY + framed)
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    @app.errorhandler(Failure)
    def failed(failure: Failure) -> tuple[str, int]:
        answer = answer_of(failure)
        return _page(answer.sentence, failure.code), answer.status

    @app.errorhandler(Unstorable)
    def unstorable(_fault: Unstorable) -> tuple[str, int]:
        # A NUL in a parameter: PostgreSQL keeps none, and no client of good faith sends one.
        answer = ANSWERS[BadData]
        return _page(answer.sentence, "http.400"), answer.status

    @app.errorhandler(HTTPException)
    def http(fault: HTTPException) -> tuple[str, int]:
        sentences = {404: "There is no page at this address.", 405: "This address can't be used like that."}
        status = fault.code or 500
        sentence = sentences.get(status, "Something went wrong on our side. Please try again in a minute.")
        return _page(sentence, f"http.{status}"), status


def _page(sentence: str, code: str) -> str:
    return render_template("refused.html", sentence=sentence, advice="", code=code, reference="")
