"""The changes since an event: the feed is read in its order, and what it comes to is told once for each record.

https://dev.clever.com/docs/events-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from providers.clever.fields import Fields, Unreadable
from providers.clever.pages import Pages, Record
from providers.clever.reading import COLLECTIONS, batches_of, state_faults
from providers.clever.records import read_district, read_enrollments
from providers.clever.roles import read_roles
from providers.clever.settings import CleverSettings
from providers.contract import BadData, Batch, Context, Fault, Finished, Kind
from providers.contract.roster import TO_BE_DELETED

# Clever keeps events for thirty days; a cursor that is nearly as old may lose some while we read.
KEPT: Final = timedelta(days=29)
# Beyond so many changed records a full reading is as quick, and it is proven.
MOST_CHANGED: Final = 50_000
MOST_NEWCOMERS: Final = 200  # each costs a call
_BATCH: Final = 1000


class GapFound(Exception):
    """The feed does not reach back to the last reading, or says too little: everything must be read."""


@dataclass(slots=True)
class Change:
    """What the feed comes to for one record: how it is now, and what once hung on it."""

    record: Record
    is_deleted: bool = False
    is_new: bool = False
    hung: dict[str, Any] = field(default_factory=dict)


class Events:
    """One reading of changes."""

    def __init__(self, context: Context[CleverSettings], pages: Pages) -> None:
        self._context, self._settings, self._pages = context, context.settings, pages
        self._changes: dict[str, dict[str, Change]] = {name: {} for name in (*COLLECTIONS, "districts")}
        self._last = ""

    def run(self, since: str) -> Iterator[Batch | Finished]:
        """Yield what has changed since this event.

        Raises:
            GapFound: before anything is yielded.
        """
        self._check_reach(since)
        self._last = since
        for page in self._pages.after(since):
            for event in page:
                self._take(event)
        self._take_sections_of_newcomers()
        yield from self._districts()
        for name in COLLECTIONS:
            yield from self._told(name)
        yield Finished("delta", frozenset(), since=self._last)

    def _check_reach(self, since: str) -> None:
        """Look whether the feed still holds the event that we go on from: an id begins with its second."""
        try:
            age = self._context.now().timestamp() - int(since[:8], 16)
            if age > KEPT.total_seconds():
                raise GapFound("the last reading is too long ago")
            self._pages.one(f"/events/{since}")
        except (ValueError, BadData) as fault:
            raise GapFound("the event that we go on from is gone") from fault

    def _take(self, event: Record) -> None:
        collection, _, action = str(event.get("type", "")).partition(".")
        event_id, data = event.get("id"), event.get("data")
        if not isinstance(event_id, str) or event_id <= self._last:
            raise GapFound("the feed is out of order")
        self._last = event_id
        if collection not in self._changes:
            return  # attendance, resources and what is still to come
        record = data.get("object") if isinstance(data, Mapping) else None
        if not isinstance(record, dict) or not isinstance(record.get("id"), str):
            raise GapFound("an event tells no object")
        self._note(collection, action, record, _previous(event, data))

    def _take_sections_of_newcomers(self) -> None:
        """Look at the sections of people who came or came back: whether those changed, too, Clever does not promise."""
        came = [id for id, change in self._changes["users"].items() if change.is_new and not change.is_deleted]
        if len(came) > MOST_NEWCOMERS:
            raise GapFound("a full reading is as quick")
        for user_id in came:
            for section in self._pages.sections_of(user_id):
                if isinstance(section.get("id"), str):
                    self._changes["sections"].setdefault(section["id"], Change(section))

    def _note(self, collection: str, action: str, record: Record, previous: Record | None) -> None:
        changes = self._changes[collection]
        change = changes.setdefault(record["id"], Change(record))
        if action == "updated":
            if previous is None:
                raise GapFound("an update does not say what was before")
            change.hung |= self._hanging(collection, _merged(record, previous))
        change.hung |= self._hanging(collection, record)
        change.record, change.is_deleted = record, action == "deleted"
        change.is_new |= action == "created"
        if sum(map(len, self._changes.values())) > MOST_CHANGED:
            raise GapFound("a full reading is as quick")

    def _hanging(self, collection: str, record: Record) -> dict[str, Any]:
        told = Fields(record, collection, [])
        try:
            if collection == "sections":
                return {each.source_id: each for each in read_enrollments(told)}
            if collection == "users":
                return {each.source_id: each for each in read_roles(told, self._settings.staff_role)}
        except Unreadable:
            pass
        return {}

    def _districts(self) -> Iterator[Batch]:
        for change in self._changes["districts"].values():
            faults: list[Fault] = list(state_faults(change.record))
            if not change.is_deleted:  # a district that left has no token any more either
                yield Batch("orgs", [read_district(Fields(change.record, "districts", faults))], faults)

    def _told(self, name: str) -> Iterator[Batch]:
        changes = list(self._changes[name].values())
        there = [change for change in changes if not change.is_deleted]
        for start in range(0, len(there), _BATCH):
            part = there[start : start + _BATCH]
            yield from batches_of(name, [change.record for change in part], self._settings)
            yield from self._ended(name, part)
        gone = [change.record for change in changes if change.is_deleted]
        for start in range(0, len(gone), _BATCH):
            yield from _deleted(name, gone[start : start + _BATCH], self._settings)

    def _ended(self, name: str, changes: list[Change]) -> Iterator[Batch]:
        """Yield what hangs on a record no longer: somebody left a section, a role was taken away."""
        ended = []
        for change in changes:
            now = self._hanging(name, change.record)
            ended += [each._replace(status=TO_BE_DELETED) for key, each in change.hung.items() if key not in now]
        kind: Kind = "enrollments" if name == "sections" else "roles"
        if ended:
            yield Batch(kind, ended)


def _deleted(name: str, records: list[Record], settings: CleverSettings) -> Iterator[Batch]:
    """Yield records that are gone or no longer shared; what hangs on them goes with them."""
    kind, _ = COLLECTIONS[name]
    for batch in batches_of(name, records, settings):
        if batch.kind == kind:
            yield Batch(kind, [each._replace(status=TO_BE_DELETED) for each in batch.records], batch.faults)


def _previous(event: Record, data: Any) -> Record | None:
    """Return what an update changed, from either of the two places where Clever's pages put it."""
    for place in (event, data):
        told = place.get("previous_attributes") if isinstance(place, Mapping) else None
        if isinstance(told, dict):
            return told
    return None


def _merged(record: Mapping[str, Any], previous: Mapping[str, Any]) -> Record:
    """Return the record as it was, whether the old values are told whole or only in their changed parts."""
    merged = dict(record)
    for name, value in previous.items():
        here = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(here, Mapping)
        merged[name] = _merged(here, value) if both else value  # type: ignore[arg-type]
    return merged
