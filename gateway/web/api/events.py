"""`/api/v1/events`: what changed in the roster, in order, for applications and operators' programs."""

from __future__ import annotations

from typing import Annotated

import msgspec
from flask import Blueprint, Response, jsonify

from gateway.services.api.callers import Caller
from gateway.services.api.scopes import EVENTS_READ
from gateway.services.events.feed import EventFeed
from gateway.web.api.guard import Api, read_query

MOST = 1000


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on, and how much at once."""

    after: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 100


def event_endpoints(api: Api, feed: EventFeed) -> Blueprint:
    """Return the endpoint."""
    endpoints = api.room("events")

    @endpoints.get("")
    @api.guard(EVENTS_READ)
    def events(caller: Caller) -> Response:
        asked = read_query(Asked)
        return jsonify(feed.page(caller, after=asked.after, limit=asked.limit))

    return endpoints
