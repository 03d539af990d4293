"""OneRoster's references to other objects, with addresses that this gateway answers, and its way to write a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from gateway.services.gradebook.operations import BASE as GRADEBOOK
from gateway.services.oneroster.operations import BASE as ROSTERING
from gateway.services.oneroster.service import NEW, OLD

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
_OWN: Final = frozenset({"category", "lineItem", "scoreScale"})  # ids that applications choose


def references(public_url: str, version: str = NEW) -> Reference:
    """Return what writes a GUIDRef: the three members, with an address that this gateway answers (attack H5)."""

    base = f"{public_url}/ims/oneroster/v1p1/"
    homes = {type: f"{public_url}{home}/" for type, home in _HOMES.items()}
    if version == OLD:
        homes = {type: f"{base}{home.rpartition('/')[2]}/" for type, home in _HOMES.items()}

    def reference(type: str, id: str | None) -> dict[str, str] | None:
        if id is None:
            return None
        written = quote(id, safe="") if type in _OWN else id
        return {"href": homes[type] + written, "sourcedId": id, "type": type}

    return reference


def moment(at: datetime) -> str:
    """Return a time with all that is kept of it, so that it can be compared with."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
