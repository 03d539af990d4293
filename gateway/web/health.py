"""`/healthz`, `/readyz`, `/metrics` and our key set: for machines, and with nothing in them for outsiders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

import msgspec
from flask import Blueprint, Response, abort, request

from gateway.store import StoreDown
from gateway.store.backlog import Backlog
from gateway.web.measures import Measures


def health_endpoints(
    *,
    is_ready: Callable[[], bool],
    measures: Measures,
    metrics_token: str | None,
    key_set: Callable[[], Mapping[str, Any]],
    backlog: Callable[[], Backlog],
) -> Blueprint:
    """Return the endpoints that load balancers, monitors and LMSs ask."""
    endpoints = Blueprint("health", __name__)

    @endpoints.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @endpoints.get("/readyz")
    def readyz() -> Response:
        ready = is_ready()
        return Response("ready\n" if ready else "not ready\n", status=200 if ready else 503, mimetype="text/plain")

    @endpoints.get("/metrics")
    def metrics() -> Response:
        if not _may_read_metrics(metrics_token):
            abort(404)
        waiting = None
        with suppress(*StoreDown):  # the rest is worth reading all the more then
            waiting = backlog()
        return Response(measures.text(waiting), mimetype="text/plain")

    @endpoints.get("/.well-known/jwks.json")
    def jwks() -> Response:
        body = Response(msgspec.json.encode(key_set()), mimetype="application/json")
        body.headers["Cache-Control"] = "public, max-age=3600"
        body.headers["Access-Control-Allow-Origin"] = "*"
        return body

    return endpoints


def _may_read_metrics(token: str | None) -> bool:
    """With a token: who has it. Without: only a direct caller on this machine (a proxy says whom it speaks for)."""
    if token is not None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(given.encode(), token.encode())
    is_direct = not any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    return is_direct and request.remote_addr is not None and ip_address(request.remote_addr).is_loopback
