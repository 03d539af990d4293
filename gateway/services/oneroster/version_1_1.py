"""The read-only face of OneRoster 1.1 for older clients: 1.2's objects, said in 1.1's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.services.gradebook.operations import CORE as GRADEBOOK_CORE
from gateway.services.gradebook.operations import GRADEBOOK
from gateway.services.oneroster.operations import OPERATIONS, ROSTERING
from gateway.services.oneroster.resources import RESOURCES
from gateway.services.oneroster.service import OLD, Operation, Service

BASE: Final = "/ims/oneroster/v1p1"
_SCOPE: Final = "https://purl.imsglobal.org/spec/or/v1p1/scope/"
_ONLY_NEW: Final = ("/scoreScales", "/categories", "/users/{userSourcedId}/resources")
_LEFT: Final[Mapping[str, frozenset[str]]] = {  # members that came with 1.2
    "users": frozenset(
        {"userMasterIdentifier", "preferredFirstName", "preferredMiddleName", "preferredLastName", "pronouns"}
        | {"userProfiles", "roles", "primaryOrg", "resources"}
    ),
    "categories": frozenset({"weight"}),
    "lineItems": frozenset({"school", "academicSession", "scoreScale", "learningObjectiveSet"}),
    "results": frozenset(
        {"class", "scoreScale", "textScore", "learningObjectiveSet", "inProgress", "incomplete", "late", "missing"}
    ),
}
_MORE: Final = {"users": frozenset({"role", "orgs"})}
# 1.1 knows eight roles and no extensions.
_ROLE: Final = {
    **{each: each for each in ("aide", "guardian", "parent", "proctor", "relative", "student", "teacher")},
    **dict.fromkeys(
        ("districtAdministrator", "siteAdministrator", "systemAdministrator", "principal"), "administrator"
    ),
}


def _old_scope(scope: str) -> str:
    name = scope.rpartition("/")[2]
    kept = {"gradebook-core.readonly": "gradebook.readonly", "resource-core.readonly": "resource.readonly"}
    return _SCOPE + kept.get(name, name)


def _old(operation: Operation) -> Operation:
    scopes = dict.fromkeys((*map(_old_scope, operation.scopes), *operation.scopes))
    return operation._replace(scopes=tuple(scopes), version=OLD)


def _is_old(operation: Operation) -> bool:
    is_new = any(operation.path.endswith(each) for each in _ONLY_NEW) or operation.kind == "scoreScales"
    return operation.verb == "GET" and (not is_new or operation.path == "/categories")


_SCOPES: Final = {**ROSTERING.scopes, **RESOURCES.scopes, GRADEBOOK_CORE: "", **GRADEBOOK.scopes}

VERSION_1_1: Final = Service(
    title="OneRoster 1.1",
    base=BASE,
    names=(),
    scopes={
        _old_scope(scope): what
        for scope, what in _SCOPES.items()
        if scope.endswith(".readonly") and not scope.endswith(("gradebook-core.readonly", "resource-core.readonly"))
    },
    operations=tuple(
        _old(each) for each in (*OPERATIONS, *RESOURCES.operations, *GRADEBOOK.operations) if _is_old(each)
    ),
    among=GRADEBOOK.among,
    own_ids=GRADEBOOK.own_ids,
)


def old_members(kind: str, members: frozenset[str]) -> frozenset[str]:
    """Return which of a kind's members 1.1 knows, with those that only it has."""
    return members - _LEFT.get(kind, frozenset()) | _MORE.get(kind, frozenset())


def old_document(kind: str, told: dict[str, Any]) -> dict[str, Any]:
    """Return an object as 1.1 writes it."""
    left = _LEFT.get(kind, frozenset())
    found = {name: value for name, value in told.items() if name not in left}
    if kind == "users":
        found.setdefault("username", "")
        found |= _role(told.get("roles", []))
    if kind == "lineItems":
        found.setdefault("resultValueMin", 0)
    return found


def _role(roles: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the first role, which is the primary one where there is one, and every org of all roles."""
    orgs = {each["org"]["sourcedId"]: each["org"] for each in roles}
    known = [_ROLE[each["role"]] for each in roles if each["role"] in _ROLE]
    return ({"role": known[0]} if known else {"role": "aide"} if roles else {}) | {"orgs": list(orgs.values())}
