"""The scopes of /api/v1: what an operator grants to an application or to a key of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from providers.contract import Misconfigured

READ_ONLY: Final = ".readonly"
INVITES: Final = "invites"
INVITES_READ: Final = INVITES + READ_ONLY
ORDERS: Final = "orders"
ORDERS_READ: Final = ORDERS + READ_ONLY
APPLICATIONS: Final = "applications"
APPLICATIONS_READ: Final = APPLICATIONS + READ_ONLY
EVENTS_READ: Final = "events" + READ_ONLY

# scope -> what it allows, for the documentation. A scope holds its own `.readonly` as well.
API_SCOPES: Final = {
    INVITES: "make invite links, see them and take them back",
    INVITES_READ: "see invite links",
    ORDERS: "keep orders, see them, make access codes and take them back",
    ORDERS_READ: "see orders, without their codes",
    APPLICATIONS: "register applications, see and change them, give them new secrets; for operators' keys alone",
    APPLICATIONS_READ: "see applications; for operators' keys alone",
    EVENTS_READ: "hear of changes of the roster",
}


def covers(granted: Collection[str], wanted: str) -> bool:
    """Return whether one of these scopes allows what `wanted` names."""
    return wanted in granted or wanted.removesuffix(READ_ONLY) in granted


def known_scopes(asked: Collection[str]) -> list[str]:
    """Return scopes in a fixed order. Raises Misconfigured (``api.scope_unknown``)."""
    if unknown := sorted(set(asked) - set(API_SCOPES)):
        known = ", ".join(API_SCOPES)
        raise Misconfigured("api.scope_unknown", f"There is no scope {', '.join(unknown)}: choose from {known}.")
    return [name for name in API_SCOPES if name in asked]
