"""Holds the table in a room's README against the kit's OneRoster reader: JSON member by member, field by field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from providers.contract import RECORD_OF, Fault, Kind
from providers.kit.oneroster.rest.fields import Fields
from providers.kit.oneroster.rest.records import READERS

_LEAST: Final[dict[str, dict[str, Any]]] = {
    "orgs": {"name": "x", "type": "school"},
    "academicSessions": {"title": "x", "type": "term", "startDate": "2026-08-01", "endDate": "2027-01-01"},
    "courses": {"title": "x"},
    "classes": {"title": "x", "school": {"sourcedId": "s"}},
    "users": {},
    "enrollments": {"user": {"sourcedId": "u"}, "class": {"sourcedId": "c"}, "role": "student"},
}
_OTHER: Final[dict[str, Any]] = {
    "status": "tobedeleted",
    "enabledUser": "false",
    "primary": "true",
    "userIds": [{"type": "SIS", "identifier": "1"}],
}


def rows_of(readme: Path) -> list[tuple[Kind, str, str]]:
    """Return the table's rows: kind, JSON member, record field."""
    found = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \|$", readme.read_text(), re.MULTILINE)
    return [row for row in found if row[0] in READERS]


def changed_by(kind: Kind, member: str, field: str) -> list[str]:
    """Return which fields of the record change when this member says something else."""
    before = _read(kind, {})
    after = _read(kind, {member: _another(field, member, getattr(before, field))})
    return [name for name in before._fields if getattr(before, name) != getattr(after, name)]


def every_field() -> set[tuple[str, str]]:
    """Return every field of every record that the reader makes."""
    return {(kind, field) for kind in READERS for field in RECORD_OF[kind]._fields}


def _read(kind: Kind, record: dict[str, Any]) -> Any:
    faults: list[Fault] = []
    return READERS[kind](Fields({"sourcedId": "r-1", **_LEAST[kind], **record}, "", faults))


def _another(field: str, member: str, before: Any) -> Any:
    """Return a value of the member's own shape that differs from what is there."""
    if member in _OTHER:
        return _OTHER[member]
    if field.endswith("_ids"):
        return [{"sourcedId": "other"}]
    if field.endswith("_id") and field != "source_id":
        return {"sourcedId": "other"}
    if field.endswith("_date"):
        return "2026-12-31"
    return ["other"] if isinstance(before, tuple) else "ext:other"
