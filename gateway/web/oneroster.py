"""OneRoster 1.2's Rostering service: one view for its operations, their pages' headers, and the discovery document."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, jsonify, request

from gateway.services.oidc.house import House
from gateway.services.oidc.machine_grant import application_of
from gateway.services.oneroster.discovery import NAMES, discovery
from gateway.services.oneroster.operations import BASE, call_of
from gateway.services.oneroster.roster import Page, RosterReading
from gateway.web.oneroster_status import status_of, status_with
from providers.contract import Failure

STREAMED: Final = 1000  # pages of more than this many objects leave piece by piece
_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def roster_endpoints(roster: RosterReading, house: House) -> Blueprint:
    """Return the endpoints. Failures come as OneRoster's error body."""
    endpoints = Blueprint("oneroster", __name__, url_prefix=BASE)
    endpoints.register_error_handler(Failure, status_of)

    @endpoints.route("/<path:path>", methods=_METHODS)
    def operation(path: str) -> Any:
        call = call_of(path)
        if call is None and path not in NAMES:
            return status_with(404, "oneroster.no_operation", "Rostering has no operation at this address.")
        if request.method not in {"GET", "HEAD"}:
            refused, status = status_with(405, "oneroster.read_only", "Rostering can only be read.")
            refused.headers["Allow"] = "GET, HEAD"
            return refused, status
        if call is None:
            return jsonify(discovery(roster.public_url))
        application = application_of(house, request.headers.get("Authorization"), *call.operation.scopes)
        query = request.args.to_dict(flat=False)
        if call.id is not None:
            return Response(roster.one(application, call, query), mimetype="application/json")
        return _answer(roster.page(application, call, query), f"{roster.public_url}{quote(request.path)}")

    return endpoints


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
