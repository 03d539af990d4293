"""`/lti/notices/…`: where platforms send what happens while nobody clicks (Platform Notification Service)."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, jsonify, request

from gateway.errors import answer_of
from gateway.services.notices import Ending, Notices
from gateway.web.measures import Measures
from providers.contract import BadData, Failure, Unavailable


def notice_endpoints(notices: Notices, measures: Measures) -> Blueprint:
    """Return the endpoint. It asks for no sign-in: every notice is a signed token."""
    endpoints = Blueprint("notices", __name__)
    endpoints.register_error_handler(Failure, _failed)

    @endpoints.post("/lti/notices/<uuid:registration_id>")
    def receive(registration_id: object) -> tuple[Response, int]:
        ended = notices.receive(str(registration_id), _body())
        for each in ended:
            measures.notice(each.outcome, each.ref)
        return jsonify({"notices": [_told(each) for each in ended]}), _status(ended)

    return endpoints


def _status(ended: list[Ending]) -> int:
    """Return 200 when any was taken in; 503 when sending the batch again may help: what is in is not taken twice."""
    failures = [each.failure for each in ended if each.failure is not None]
    if any(isinstance(failure, Unavailable) for failure in failures):
        return answer_of(next(failure for failure in failures if isinstance(failure, Unavailable))).status
    return answer_of(failures[0]).status if failures and len(failures) == len(ended) else 200


def _told(ending: Ending) -> dict[str, str]:
    told = {"outcome": ending.outcome, "reference": ending.ref}
    return told | ({"message": answer_of(ending.failure).sentence} if ending.failure else {})


def _body() -> Any:
    try:
        return msgspec.json.decode(request.get_data())
    except (ValueError, RecursionError):
        raise BadData("notices.unreadable", "This is no batch of notices: the body is no JSON.") from None


def _failed(failure: Failure) -> tuple[Response, int]:
    answer = answer_of(failure)
    return jsonify({"code": failure.code, "message": answer.sentence}), answer.status
