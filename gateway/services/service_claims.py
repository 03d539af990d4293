"""What a launch says of the LMS's services: addresses that class members and grades are later asked from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.store.arrivals import Known
from providers.contract import Launch
from providers.kit.lti import claims as names

LONGEST: Final = 2000
Fields = dict[str, Any]


def service_changes(launch: Launch, known: Known) -> tuple[Fields, Fields]:
    """Return what is not stored yet of the course's services, and of the link's. What is withheld is kept."""
    if not launch.services or launch.context is None:
        return {}, {}
    grades = launch.services.get(names.GRADES)
    told = {
        "members_url": address_in(launch.services.get(names.NAMES_ROLES), "context_memberships_url"),
        "line_items_url": address_in(grades, "lineitems"),
        "grades_scopes": _scopes(grades),
        "groups_url": address_in(launch.services.get(names.GROUPS), "context_groups_url"),
        "group_sets_url": address_in(launch.services.get(names.GROUPS), "context_group_sets_url"),
    }
    context = {name: value for name, value in told.items() if value is not None and value != getattr(known, name)}
    line_item = address_in(grades, "lineitem") if launch.resource_link is not None else None
    return context, {} if line_item in {None, known.line_item_url} else {"line_item_url": line_item}


def address_in(claim: Any, name: str) -> str | None:
    """Return a service's address out of its claim; None where there is none that can be kept."""
    value = _members(claim).get(name)
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable() else None


def _members(claim: Any) -> Mapping[str, Any]:
    return claim if type(claim) is dict or isinstance(claim, Mapping) else {}


def _scopes(claim: Any) -> str | None:
    scopes = _members(claim).get("scope")
    if isinstance(scopes, str):
        scopes = scopes.split()
    if not isinstance(scopes, list) or not all(isinstance(scope, str) and scope.isprintable() for scope in scopes):
        return None
    return " ".join(scopes)[:LONGEST]
