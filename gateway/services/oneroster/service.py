"""What OneRoster's services have in common: operations at paths, and which of them an address asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

SCOPE: Final = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
OLD, NEW = "1.1", "1.2"

# The kind of a collection's objects -> what one of them is called.
SINGULAR: Final[Mapping[str, str]] = {
    "academicSessions": "academicSession",
    "classes": "class",
    "courses": "course",
    "demographics": "demographics",
    "enrollments": "enrollment",
    "orgs": "org",
    "users": "user",
    "categories": "category",
    "lineItems": "lineItem",
    "results": "result",
    "scoreScales": "scoreScale",
    "resources": "resource",
}
_KINDS: Final = {
    "terms": "academicSessions",
    "gradingPeriods": "academicSessions",
    "schools": "orgs",
    "students": "users",
    "teachers": "users",
}


class Operation(NamedTuple):
    """One operation, and the scopes of which one is enough."""

    id: str
    path: str
    scopes: tuple[str, ...]
    verb: str = "GET"
    version: str = NEW

    @property
    def segments(self) -> list[str]:
        """The path's parts; every second one stands for an id."""
        return self.path[1:].split("/")

    @property
    def is_single(self) -> bool:
        """Whether it is about one object."""
        return self.path.endswith("{sourcedId}")

    @property
    def collection(self) -> str:
        """The collection that it reads or writes."""
        return self.segments[-2 if self.is_single else -1]

    @property
    def kind(self) -> str:
        """The kind of its objects."""
        return _KINDS.get(self.collection, self.collection)

    @property
    def envelope(self) -> str:
        """The one member of its answer."""
        return SINGULAR[self.kind] if self.is_single else self.kind


class Call(NamedTuple):
    """An operation and the ids in its address: what it lies within, outermost first, and the object it is about."""

    operation: Operation
    within: tuple[tuple[str, str], ...]
    id: str | None


@dataclass(frozen=True)
class Service:
    """A service below its base path. `names` are its discovery document's, and `scopes` what each scope allows.

    `among` says which collection a path's part means where it lies within another object. Ids that applications
    choose themselves may hold a slash, which a server can't tell from the path's own: `own_ids` names these.
    """

    title: str
    base: str
    names: tuple[str, ...]
    scopes: Mapping[str, str]
    operations: tuple[Operation, ...]
    among: Mapping[str, str] = field(default_factory=dict)
    own_ids: frozenset[str] = frozenset()

    def call_of(self, verb: str, path: str) -> Call | None:
        """Return what a call of an address (below `base`, without its first slash) asks, or None: nothing is there."""
        for pattern, operations in self._patterns:
            found = pattern.fullmatch(path)
            if found is not None:
                operation = operations.get("GET" if verb == "HEAD" else verb)
                return None if operation is None else self._call(operation, found.groups())
        return None

    def verbs_at(self, path: str) -> list[str]:
        """Return what may be done at an address, or nothing when there is no such address."""
        for pattern, operations in self._patterns:
            if pattern.fullmatch(path):
                return sorted({*operations, *(["HEAD"] if "GET" in operations else [])})
        return []

    def _call(self, operation: Operation, ids: tuple[str, ...]) -> Call:
        named = [self.among.get(each, each) for each in operation.segments[::2]]
        pairs = tuple(zip(named, ids, strict=False))
        return Call(operation, pairs[:-1], pairs[-1][1]) if operation.is_single else Call(operation, pairs, None)

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], dict[str, Operation]], ...]:
        """Longer addresses come first, so that an id takes no more slashes than it must."""
        found: dict[str, dict[str, Operation]] = {}
        for one in sorted(self.operations, key=lambda each: -len(each.segments)):
            found.setdefault("/".join(map(self._part, one.segments)), {})[one.verb] = one
        return tuple((re.compile(pattern), operations) for pattern, operations in found.items())

    def _part(self, segment: str) -> str:
        if segment[0] != "{":
            return re.escape(segment)
        return "(.+)" if segment[1:-1] in self.own_ids else "([^/]*)"
