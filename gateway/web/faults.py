"""The plain page for what has no page of its own: unknown addresses, failures, and what went wrong on our side."""

from __future__ import annotations

import structlog
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from gateway.errors import ANSWERS, Answer, answer_of
from gateway.store import StoreDown, Unstorable
from gateway.store.ids import new_reference
from gateway.web.api.problems import problem_with
from gateway.web.oneroster_status import status_with
from providers.contract import BadData, Failure, Unavailable

Shown = Response | tuple[str | Response, int]
_log = structlog.get_logger("schoolgate.web")
_SENTENCES = {
    404: "There is no page at this address.",
    405: "This address can't be used like that.",
    413: "What arrived is too large.",
}
_OURS = "Something went wrong on our side. Please try again in a minute."


def add_fault_pages(app: Flask) -> None:
    """Register the pages on the app. What was not foreseen gets a reference that finds its log line."""

    @app.errorhandler(Failure)
    def failed(failure: Failure) -> Shown:
        answer = answer_of(failure)
        return _page(answer.sentence, failure.code, answer.status)

    @app.errorhandler(Unstorable)
    def unstorable(_fault: Unstorable) -> Shown:
        # A NUL in a parameter: PostgreSQL keeps none, and no client of good faith sends one.
        answer = ANSWERS[BadData]
        return _page(answer.sentence, "http.400", answer.status)

    for kind in StoreDown:
        app.register_error_handler(kind, _store_down)

    @app.errorhandler(HTTPException)
    def http(fault: HTTPException) -> Shown:
        status = fault.code or 500
        if status < 500:
            return _page(_SENTENCES.get(status, ANSWERS[BadData].sentence), f"http.{status}", status)
        original = getattr(fault, "original_exception", None) or fault
        return _unforeseen(original, Answer(status, _OURS), f"http.{status}")


def _store_down(fault: Exception) -> Shown:
    # The driver's own words name tables, hosts and limits; the statement's values are in another part of the fault.
    detail = str(getattr(fault, "orig", ""))
    return _unforeseen(fault, ANSWERS[Unavailable], "store.unavailable", detail)


def _unforeseen(fault: BaseException, answer: Answer, code: str, detail: str = "") -> Shown:
    reference = new_reference()
    _log.error("failed", ref=reference, code=code, fault=type(fault).__name__, detail=detail)
    return _page(answer.sentence, code, answer.status, reference)


def _page(sentence: str, code: str, status: int, reference: str = "") -> Shown:
    """Return the page, or for a program that calls an API what it reads."""
    if request.path.startswith("/api/"):
        return problem_with(status, code, sentence, reference=reference)
    if request.path.startswith("/ims/oneroster/"):
        return status_with(status, code, f"{sentence} {reference}".strip())
    return render_template("refused.html", sentence=sentence, advice="", code=code, reference=reference), status
