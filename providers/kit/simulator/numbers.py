"""Numbers for the ids of a made-up roster, as systems give them that know no others."""

from __future__ import annotations

from typing import Any, Final

from providers.contract import Kind, role_id
from providers.kit.simulator.simulated_roster import Truth


class Numbers:
    """Gives each id of each kind a number of its own, the same whenever it is asked; ids that are numbers stay."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}

    def of(self, kind: str, source_id: str) -> int:
        """Return the number of an id."""
        if source_id.isdecimal():
            return int(source_id)
        key = (kind, source_id)
        if key not in self._known:
            self._known[key] = 500_001 + 7 * len(self._known)
        return self._known[key]


_REFERENCES: Final = {
    "parent_id": "orgs",
    "org_id": "orgs",
    "school_id": "orgs",
    "primary_org_id": "orgs",
    "course_id": "courses",
    "class_id": "classes",
    "user_id": "users",
    "term_ids": "academicSessions",
    "agent_ids": "users",
}
_PARENT_SESSION: Final = ("academicSessions", "parent_id")


def renumbered(truth: Truth, numbers: Numbers) -> dict[Kind, list[Any]]:
    """Return the truth with numbers for all ids; roles, which such systems give none, are named after what they say."""
    made: dict[Kind, list[Any]] = {}
    for kind, records in truth.items():
        made[kind] = [_renumbered(kind, record, numbers) for record in records]
    return made


def _renumbered(kind: Kind, record: Any, numbers: Numbers) -> Any:
    ids: dict[str, Any] = {"source_id": str(numbers.of(kind, record.source_id))}
    for name in _REFERENCES.keys() & set(record._fields):
        value, of = getattr(record, name), "academicSessions" if (kind, name) == _PARENT_SESSION else _REFERENCES[name]
        if isinstance(value, tuple):
            ids[name] = tuple(str(numbers.of(of, each)) for each in value)
        elif value is not None:
            ids[name] = str(numbers.of(of, value))
    found = record._replace(**ids)
    return found._replace(source_id=role_id(found.user_id, found.org_id, found.role)) if kind == "roles" else found
