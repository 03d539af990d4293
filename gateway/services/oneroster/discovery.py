"""The service's own description (OpenAPI 3.0): where it is, where tokens come from, and which operations it has."""

from __future__ import annotations

from typing import Any, Final

from gateway.services.oneroster.documents import MEMBERS
from gateway.services.oneroster.operations import BASE, CORE, DEMOGRAPHICS, OPERATIONS, WHOLE, Operation

# The binding and the certification guide disagree.
NAMES: Final = (
    "discovery/onerosterv1p2rostersservice_openapi3_v1p0.json",
    "discovery/imsorv1p2_rostering_openapi3_v1p0.json",
)
_SCOPES: Final = {
    CORE: "Read collections and single objects, without demographics.",
    WHOLE: "Read everything but demographics.",
    DEMOGRAPHICS: "Read demographics.",
}
_STATUSES: Final = ("400", "401", "403", "404", "500", "default")


def discovery(public_url: str) -> dict[str, Any]:
    """Return the document."""
    flow = {"tokenUrl": f"{public_url}/oauth2/token", "scopes": _SCOPES}
    return {
        "openapi": "3.0.0",
        "info": {"title": "OneRoster Rostering Service", "version": "1.2"},
        "servers": [{"url": f"{public_url}{BASE}"}],
        "paths": {each.path: {"get": _operation(each)} for each in OPERATIONS},
        "components": {
            "securitySchemes": {"OAuth2CC": {"type": "oauth2", "flows": {"clientCredentials": flow}}},
            "parameters": {each["name"]: each for each in _PARAMETERS},
            "schemas": {kind: _schema(kind) for kind in MEMBERS},
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
    one = {"$ref": f"#/components/schemas/{operation.kind}"}
    content = one if operation.is_single else {"type": "array", "items": one}
    body = {"type": "object", "properties": {operation.envelope: content}}
    return {
        "operationId": operation.id,
        "parameters": [*ids, *({"$ref": f"#/components/parameters/{name}"} for name in queried)],
        "security": [{"OAuth2CC": [scope]} for scope in operation.scopes],
        "responses": {
            "200": {"description": "As asked.", "content": {"application/json": {"schema": body}}},
            **{status: {"description": "An imsx_StatusInfo says why not."} for status in _STATUSES},
        },
    }


def _schema(kind: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {} for name in sorted(MEMBERS[kind])}}
