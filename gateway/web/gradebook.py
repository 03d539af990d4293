"""What changes a gradebook: PUT, POST and DELETE of OneRoster 1.2's Gradebook service."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import jsonify, request

from gateway.services.gradebook.gradebook import Gradebook
from gateway.services.oneroster.service import Call
from gateway.store.applications import Application
from gateway.web.oneroster import Change
from providers.contract import BadData


def gradebook_changes(gradebook: Gradebook) -> Change:
    """Return what answers these calls. An Idempotency-Key gets the same call the same answer."""

    def change(application: Application, call: Call) -> Any:
        key = request.headers.get("Idempotency-Key")
        if call.operation.verb == "PUT":
            return "", 201 if gradebook.put(application, call, _body(), key) else 200
        if call.operation.verb == "POST":
            return jsonify(gradebook.post(application, call, _body(), key)), 201
        gradebook.delete(application, call)
        return "", 204

    return change


def _body() -> Any:
    try:
        return msgspec.json.decode(request.get_data())
    except (ValueError, RecursionError):
        raise BadData("gradebook.unreadable", "The gradebook can't read this: the body is no JSON.") from None
