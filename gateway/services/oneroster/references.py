"""OneRoster's references to other objects, with addresses that this gateway answers, and its way to write a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from gateway.services.gradebook.operations import BASE as GRADEBOOK
from gateway.services.oneroster.operations import BASE as ROSTERING

Reference = Callable[[str, str | None], dict[str, str] | None]
_HOMES: Final = {
    "org": f"{ROSTERING}/orgs",
    "academicSession": f"{ROSTERING}/academicSessions",
    "course": f"{ROSTERING}/courses",
    "class": f"{ROSTERING}/classes",
    "user": f"{ROSTERING}/users",
    "category": f"{GRADEBOOK}/categories",
    "lineItem": f"{GRADEBOOK}/lineItems",
    "scoreScale": f"{GRADEBOOK}/scoreScales",
}


def references(public_url: str) -> Reference:
    """Return what writes a GUIDRef: the three members, with an address that this gateway answers (attack H5)."""

    def reference(type: str, id: str | None) -> dict[str, str] | None:
        if id is None:
            return None
        return {"href": f"{public_url}{_HOMES[type]}/{quote(id, safe='')}", "sourcedId": id, "type": type}

    return reference


def moment(at: datetime) -> str:
    """Return a time with all that is kept of it, so that it can be compared with."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
