"""`/lti/launch/storage`: our own page brings what the LMS stored for it (docs/cookieless.md)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from gateway.errors import answer_of
from gateway.lti.target import origin_of
from gateway.services.launch_record import LaunchRefused
from gateway.services.launches import Launches
from gateway.web.browsers import is_from_our_page
from gateway.web.measures import Measures
from gateway.web.telling import Advise, told


def storage_endpoints(launches: Launches, advise: Advise, measures: Measures, *, public_url: str) -> Blueprint:
    """Return the endpoint; it answers with JSON, for `static/ladder.js`."""
    endpoints = Blueprint("storage", __name__)
    own_origin = origin_of(public_url)

    @endpoints.post("/lti/launch/storage")
    def resume() -> tuple[Response, int]:
        brought = request.get_json(silent=True)
        try:
            accepted = launches.resume(
                lambda name: _text_in(brought, name), is_ours=is_from_our_page(request, own_origin)
            )
        except LaunchRefused as refused:
            measures.launch(refused.failure.code, refused.ref)
            return jsonify(told(refused, advise)), answer_of(refused.failure).status
        measures.launch("accepted", accepted.ref)
        return jsonify(location=accepted.url), 200

    return endpoints


def _text_in(brought: Any, name: str) -> str:
    value = brought.get(name) if isinstance(brought, dict) else None
    return value if isinstance(value, str) else ""
