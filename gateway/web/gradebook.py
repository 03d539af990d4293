"""OneRoster 1.2 Gradebook as far as it hands in grades: line items and results, each put and read by its id."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from flask import Blueprint, Response, jsonify, request

from gateway.services.grade_shapes import read_id, read_line_item, read_result
from gateway.services.grades import Gradebook
from gateway.services.oidc.house import House
from gateway.services.oidc.machine_grant import GRADEBOOK_READ, GRADEBOOK_WRITE, application_of
from gateway.store.applications import Application
from gateway.web.oneroster_status import status_of
from providers.contract import BadData, Failure

BASE: Final = "/ims/oneroster/gradebook/v1p2"


def gradebook_endpoints(gradebook: Gradebook, house: House) -> Blueprint:
    """Return the endpoints. Failures come as OneRoster's error body."""
    endpoints = Blueprint("gradebook", __name__, url_prefix=BASE)
    endpoints.register_error_handler(Failure, status_of)

    def caller(scope: str) -> Application:
        return application_of(house, request.headers.get("Authorization"), scope)

    @endpoints.put("/lineItems/<sourced_id>")
    def put_line_item(sourced_id: str) -> tuple[str, int]:
        application = caller(GRADEBOOK_WRITE)
        gradebook.put_line_item(application, read_id(sourced_id), read_line_item(_body()))
        return "", 201

    @endpoints.get("/lineItems/<sourced_id>")
    def line_item(sourced_id: str) -> Response:
        return jsonify({"lineItem": gradebook.line_item(caller(GRADEBOOK_READ), sourced_id)})

    @endpoints.put("/results/<sourced_id>")
    def put_result(sourced_id: str) -> tuple[str, int]:
        application = caller(GRADEBOOK_WRITE)
        gradebook.put_result(application, read_id(sourced_id), read_result(_body()))
        return "", 201

    @endpoints.get("/results/<sourced_id>")
    def result(sourced_id: str) -> Response:
        return jsonify({"result": gradebook.result(caller(GRADEBOOK_READ), sourced_id)})

    return endpoints


def _body() -> Any:
    try:
        return msgspec.json.decode(request.get_data())
    except (ValueError, RecursionError):
        raise BadData("gradebook.unreadable", "The gradebook can't read this: the body is no JSON.") from None
