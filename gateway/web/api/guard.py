"""The one guard of /api/v1 (who calls, and may it) and the reading of bodies, queries and idempotency keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import msgspec
from flask import Blueprint, Response, jsonify, request

from gateway.services.api.callers import Caller, Callers
from gateway.services.api.repeating import Repeating
from gateway.store import Connection
from gateway.web.api.problems import problem
from providers.contract import BadData, Failure

Shape = TypeVar("Shape")
View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Api:
    """What a room of /api/v1 needs: make its endpoints with `room`, and put `guard` around each view."""

    callers: Callers
    repeating: Repeating

    def room(self, name: str) -> Blueprint:
        """Return a blueprint at /api/v1/NAME whose failures come as problem+json."""
        endpoints = Blueprint(f"api_{name}", __name__, url_prefix=f"/api/v1/{name}")
        endpoints.register_error_handler(Failure, problem)
        return endpoints

    def guard(self, scope: str) -> Callable[[View], View]:
        """Let only callers with this scope at a view, which gets its `Caller` first."""

        def around(view: View) -> View:
            @wraps(view)
            def guarded(**values: Any) -> Response:
                return view(self.callers.of(request.headers.get("Authorization"), scope), **values)

            return guarded

        return around

    def once(self, caller: Caller, status: int, make: Callable[[Connection], dict[str, Any]]) -> Response:
        """Answer a POST; sent again with its Idempotency-Key, it gets the same answer and changes nothing."""
        asked = f"{request.method} {request.path}\n{request.get_data().hex()}"
        answer = self.repeating.once(caller, request.headers.get("Idempotency-Key"), asked, make)
        response = jsonify(answer)
        response.status_code = status
        return response


def read_body(shape: type[Shape]) -> Shape:
    """Return the JSON body. Raises BadData (``api.body_invalid``), which names the member that is wrong."""
    return _read(lambda: msgspec.json.decode(request.get_data(), type=shape), "body")


def read_query(shape: type[Shape]) -> Shape:
    """Return the query's parameters. Raises BadData (``api.query_invalid``), also for one sent twice."""
    given = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    return _read(lambda: msgspec.convert(given, shape, strict=False), "query")


def _read(read: Callable[[], Shape], what: str) -> Shape:
    try:
        return read()
    except msgspec.ValidationError as fault:  # it names the member and what it may be, never what was sent
        why = str(fault)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        why = "It is no JSON"
    raise BadData(f"api.{what}_invalid", f"The {what} can't be read.", why)
