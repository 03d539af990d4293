"""The service's own description (OpenAPI 3.0): where it is, where tokens come from, and which operations it has."""

from __future__ import annotations

from typing import Any, Final

from gateway.services.oneroster.documents import MEMBERS
from gateway.services.oneroster.service import Operation, Service

_PAIR: Final = ("suppliedSourcedId", "allocatedSourcedId")
_STATUSES: Final = ("400", "401", "403", "404", "422", "500", "default")


def discovery(service: Service, public_url: str) -> dict[str, Any]:
    """Return the document."""
    flow = {"tokenUrl": f"{public_url}/oauth2/token", "scopes": dict(service.scopes)}
    paths: dict[str, dict[str, Any]] = {}
    for each in service.operations:
        paths.setdefault(each.path, {})[each.verb.lower()] = _operation(each)
    return {
        "openapi": "3.0.0",
        "info": {"title": service.title, "version": service.base.rpartition("/v")[2].replace("p", ".")},
        "servers": [{"url": f"{public_url}{service.base}"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"OAuth2CC": {"type": "oauth2", "flows": {"clientCredentials": flow}}},
            "parameters": {each["name"]: each for each in _PARAMETERS},
            "schemas": {kind: _schema(kind) for kind in sorted({each.kind for each in service.operations})},
        },
    }


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


_TEXT: Final = {"type": "string"}
_PARAMETERS: Final = (
    _parameter("limit", {"type": "integer", "minimum": 1, "default": 100}),
    _parameter("offset", {"type": "integer", "minimum": 0, "default": 0}),
    _parameter("sort", _TEXT),
    _parameter("orderBy", {"type": "string", "enum": ["asc", "desc"]}),
    _parameter("filter", _TEXT),
    _parameter("fields", {"type": "array", "items": _TEXT}),
)


def _operation(operation: Operation) -> dict[str, Any]:
    named = [each[1:-1] for each in operation.segments if each.startswith("{")]
    ids = [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in named]
    queried = ["fields"] if operation.is_single else [each["name"] for each in _PARAMETERS]
    asked = queried if operation.verb == "GET" else []
    told = {"requestBody": _content(operation)} if operation.verb in {"PUT", "POST"} else {}
    return {
        "operationId": operation.id,
        "parameters": [*ids, *({"$ref": f"#/components/parameters/{name}"} for name in asked)],
        **told,
        "security": [{"OAuth2CC": [scope]} for scope in operation.scopes],
        "responses": {
            **_success(operation),
            **{status: {"description": "An imsx_StatusInfo says why not."} for status in _STATUSES},
        },
    }


def _content(operation: Operation) -> dict[str, Any]:
    one = {"$ref": f"#/components/schemas/{operation.kind}"}
    content = one if operation.is_single else {"type": "array", "items": one}
    body = {"type": "object", "properties": {operation.envelope: content}}
    return {"content": {"application/json": {"schema": body}}}


def _success(operation: Operation) -> dict[str, Any]:
    if operation.verb == "GET":
        return {"200": {"description": "As asked.", **_content(operation)}}
    if operation.verb == "PUT":
        return {"200": {"description": "Replaced."}, "201": {"description": "Made."}}
    if operation.verb == "DELETE":
        return {"204": {"description": "Gone."}}
    pairs = {"type": "array", "items": {"type": "object", "properties": dict.fromkeys(_PAIR, _TEXT)}}
    body = {"type": "object", "properties": {"sourcedIdPairs": pairs}}
    return {"201": {"description": "Made.", "content": {"application/json": {"schema": body}}}}


def _schema(kind: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {} for name in sorted(MEMBERS[kind])}}
