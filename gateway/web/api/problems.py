"""The one way in which /api/v1 says no: problem+json (RFC 9457) with our stable code."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from flask import Response

from gateway.errors import answer_of
from providers.contract import BadData, Failure, Refused, Untrusted

# Where one status says more than the family's.
_STATUS = {
    "invite.unknown_id": HTTPStatus.NOT_FOUND,
    "order.unknown": HTTPStatus.NOT_FOUND,
    "application.unknown_id": HTTPStatus.NOT_FOUND,
    "events.cursor_too_old": HTTPStatus.GONE,
    "api.idempotency_key_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
}


def problem(failure: Failure) -> Response:
    """Return a failure as problem+json: `detail` is for people, `code` for programs, `where` names what is at fault."""
    answer = answer_of(failure)
    where = failure.detail if isinstance(failure, BadData) else ""
    response = problem_with(_STATUS.get(failure.code, answer.status), failure.code, answer.sentence, where=where)
    if isinstance(failure, Untrusted):  # RFC 6750 3
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    elif isinstance(failure, Refused) and failure.code == "api.scope_missing":
        response.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{failure.detail}"'
    return response


def problem_with(status: int, code: str, detail: str, **more: str) -> Response:
    """Return problem+json; a `reference` finds the line in the log. What is empty is left out."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "detail": detail}
    body |= {"code": code, **{name: text for name, text in more.items() if text}}
    return Response(msgspec.json.encode(body), status=status, mimetype="application/problem+json")
