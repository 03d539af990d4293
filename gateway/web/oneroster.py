"""OneRoster's services: one view for all their operations, their pages' headers, and the discovery documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, jsonify, request

from gateway.services.oidc.house import House
from gateway.services.oidc.machine_grant import application_of
from gateway.services.oneroster.discovery import discovery
from gateway.services.oneroster.roster import Page, RosterReading
from gateway.services.oneroster.service import Call, Service
from gateway.store.applications import Application
from gateway.web.oneroster_status import status_of, status_with
from providers.contract import Failure

STREAMED: Final = 1000  # pages of more than this many objects leave piece by piece
_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
Change = Callable[[Application, Call], Any]


def service_endpoints(
    name: str, service: Service, reading: RosterReading, house: House, change: Change | None = None
) -> Blueprint:
    """Return a service's endpoints; `change` answers what does not only read. Failures are OneRoster's error body."""
    endpoints = Blueprint(name, __name__, url_prefix=service.base)
    endpoints.register_error_handler(Failure, status_of)

    @endpoints.get("/discovery/<document>")
    def described(document: str) -> Any:
        if document not in service.names:
            return _nothing_here(service)
        return jsonify(discovery(service, reading.public_url))

    @endpoints.route("/<path:path>", methods=_METHODS)
    def operation(path: str) -> Any:
        call = service.call_of(request.method, path)
        if call is None:
            return _refusal(service, path)
        application = application_of(house, request.headers.get("Authorization"), *call.operation.scopes)
        if call.operation.verb != "GET" and change is not None:
            return change(application, call)
        query = request.args.to_dict(flat=False)
        if call.id is not None:
            return Response(reading.one(application, call, query), mimetype="application/json")
        return _answer(reading.page(application, call, query), f"{reading.public_url}{quote(request.path)}")

    return endpoints


def _refusal(service: Service, path: str) -> Any:
    """Say that nothing is there, or that it is there for something else."""
    verbs = service.verbs_at(path)
    if not verbs:
        return _nothing_here(service)
    refused, status = status_with(405, "oneroster.not_here", f"Here one can only {', '.join(verbs)}.")
    refused.headers["Allow"] = ", ".join(verbs)
    return refused, status


def _nothing_here(service: Service) -> Any:
    return status_with(404, "oneroster.no_operation", f"The {service.title} has nothing at this address.")


def _answer(page: Page, address: str) -> Response:
    body = page.body if page.asked.limit > STREAMED else b"".join(page.body)
    answer = Response(body, mimetype="application/json")
    answer.headers["X-Total-Count"] = str(page.total)
    answer.headers["Link"] = _links(page, address)
    return answer


def _links(page: Page, address: str) -> str:
    """Return RFC 8288's links, with all that the caller asked; `next` knows where this page ended."""
    offset, limit = page.asked.offset, page.asked.limit
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in _PAGED]

    def link(relation: str, offset: int, **more: str) -> str:
        query = urlencode([*kept, ("limit", limit), ("offset", offset), *more.items()], quote_via=quote)
        return f'<{address}?{query}>; rel="{relation}"'

    links = [link("first", 0), link("last", max(page.total - 1, 0) // limit * limit)]
    if page.next is not None:
        links.append(link("next", page.next.offset, after=page.next.written()))
    if offset > 0:
        links.append(link("prev", max(offset - limit, 0)))
    return ", ".join(links)


_PAGED: Final = frozenset({"limit", "offset", "after"})
