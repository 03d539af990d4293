"""Writes records as some provider would: by the book, or with what the switches say."""

from __future__ import annotations

from typing import Any

from providers.kit.simulator.roster_data import Record
from providers.kit.simulator.roster_switches import RosterSwitches

_BOOLEANS = {"text": ("true", "false"), "json": (True, False), "upper": ("TRUE", "FALSE"), "digit": ("1", "0")}
_MODIFIED = {"date": "2026-09-01", "local": "2026-09-01T06:00:00", "offset": "2026-09-01T01:00:00-05:00"}
_STATUSES = {
    "lower": {},
    "upper": {"active": "ACTIVE", "tobedeleted": "TOBEDELETED"},
    "inactive": {"tobedeleted": "inactive"},
}
_ROLES_1_1 = {"districtAdministrator": "administrator", "siteAdministrator": "administrator"}


def written(record: Record, switches: RosterSwitches) -> Record:
    """Return a record as this provider writes it."""
    made = {name: _value(name, value, switches) for name, value in record.items()}
    if "roles" in made and (switches.shape or switches.version) == "1.1":
        made = _as_1_1(made)
    if switches.status == "missing":
        made.pop("status", None)
    elif "status" in made:
        made["status"] = _STATUSES[switches.status].get(made["status"], made["status"])
    if switches.modified == "missing":
        made.pop("dateLastModified", None)
    elif switches.modified in _MODIFIED:
        made["dateLastModified"] = _MODIFIED[switches.modified]
    if switches.extensions and "role" in made:
        made["role"] = {"teacher": "ext:mentor", "student": "pupil"}[made["role"]]
    return (
        made | dict.fromkeys(("agents", "middleName", "children", "resources", "metadata")) if switches.nulls else made
    )


def _value(name: str, value: Any, switches: RosterSwitches) -> Any:
    if name in ("enabledUser", "primary"):
        return _BOOLEANS[switches.booleans][value != "true"]
    if isinstance(value, list):
        return [_value(name, each, switches) for each in value]
    if isinstance(value, dict) and "href" in value:
        return _reference(name, value, switches)
    if isinstance(value, dict):
        return {inner: _value(inner, each, switches) for inner, each in value.items()}
    return value


def _reference(name: str, value: Record, switches: RosterSwitches) -> Any:
    if switches.references == "bare":
        return {"sourcedId": value["sourcedId"]}
    if switches.references == "ids":
        return value["sourcedId"]
    return None if switches.references == "null" and name == "course" else value


def _as_1_1(user: Record) -> Record:
    """1.1 has one role for a user and a list of orgs, and no primaryOrg."""
    roles = user["roles"]
    kept = {name: value for name, value in user.items() if name not in ("roles", "primaryOrg")}
    role = roles[0]["role"]
    return kept | {"role": _ROLES_1_1.get(role, role), "orgs": [each["org"] for each in roles]}
