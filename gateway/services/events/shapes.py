"""An event as applications get it, from the feed and by webhook alike: ids, and no names (attack I3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from gateway.services.events.cursors import write_cursor
from gateway.store.events.lines import CREATED, DELETED, UPDATED, Place
from providers.contract import Misconfigured

# OneRoster's collection -> what one of its objects is called.
ENTITIES: Final[Mapping[str, str]] = {
    "orgs": "org",
    "academicSessions": "academicSession",
    "courses": "course",
    "classes": "class",
    "users": "user",
    "enrollments": "enrollment",
}
ACTIONS: Final = (CREATED, UPDATED, DELETED)
_KINDS: Final = {entity: kind for kind, entity in ENTITIES.items()}


class Told(Protocol):
    """What an event is made of."""

    @property
    def tenant_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def sourced_id(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def event_id(change_id: int) -> str:
    """Return an event's id, the same wherever and however often it is told."""
    return f"evt_{change_id}"


def document(told: Told, place: Place) -> dict[str, Any]:
    """Return the event: `org` is the district it happened in, `cursor` where the feed goes on behind it."""
    entity = ENTITIES[told.kind]
    data = {"id": event_id(place.id), "entity": entity, "sourcedId": told.sourced_id, "org": told.tenant_id}
    return {
        "type": f"{entity}.{told.action}",
        "timestamp": told.at.isoformat(),
        "data": {**data, "cursor": write_cursor(place)},
    }


def read_types(asked: tuple[str, ...]) -> list[str]:
    """Return event types such as `user` or `enrollment.deleted` in the store's words.

    Raises:
        Misconfigured: ``events.type_unknown``.
    """
    found = []
    for each in asked:
        entity, dot, action = each.partition(".")
        if entity not in _KINDS or (dot and action not in ACTIONS):
            entities, actions = ", ".join(_KINDS), ", ".join(ACTIONS)
            raise Misconfigured(
                "events.type_unknown", f"There is no event {each!r}: one of {entities}, alone or with one of {actions}."
            )
        found.append(f"{_KINDS[entity]}.{action}" if dot else _KINDS[entity])
    return found


def shown_type(type_: str) -> str:
    """Return a type of the store's as people write it."""
    kind, dot, action = type_.partition(".")
    return f"{ENTITIES[kind]}{dot}{action}"
