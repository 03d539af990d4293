"""One reading of everything: each collection from its first page to its newest record, a cursor after each page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

import msgspec

from providers.clever.fields import Fields, Unreadable
from providers.clever.pages import Mark, Pages, Record
from providers.clever.records import (
    read_course,
    read_district,
    read_enrollments,
    read_school,
    read_section,
    read_term,
    read_user,
)
from providers.clever.roles import read_roles
from providers.clever.settings import CleverSettings
from providers.contract import BadData, Batch, Context, Fault, Finished, Kind, Refused

Read = Callable[[Fields], Any]
# Clever's collections with the kind that each tells of, in the order of the contract's.
COLLECTIONS: Final[dict[str, tuple[Kind, Read]]] = {
    "schools": ("orgs", read_school),
    "terms": ("academicSessions", read_term),
    "courses": ("courses", read_course),
    "sections": ("classes", read_section),
    "users": ("users", read_user),
}
_LARGEST_BATCH: Final = 2000
_FROZEN: Final = {"paused": "clever.district_paused", "error": "clever.district_error"}


class Progress(msgspec.Struct):
    """How far a reading came: what a cursor holds. `since` is the newest event when it began."""

    since: str | None
    collection: int = 0
    at: Mark | None = None
    doubts: dict[str, list[str]] = {}
    counts: dict[str, int] = {}

    def text(self) -> str:
        """Return the cursor."""
        return msgspec.json.encode(self).decode()


class Reading:
    """Keeps nothing in memory but its page."""

    def __init__(self, context: Context[CleverSettings], pages: Pages) -> None:
        self._settings, self._pages = context.settings, pages
        self._faults: list[Fault] = []

    def run(self, resume: str | None) -> Iterator[Batch | Finished]:
        """Yield batches and in the end what they prove."""
        progress = _resumed(resume) or Progress(self._newest_event(), doubts={}, counts={})
        if progress.collection == 0 and progress.at is None:
            yield from self._district(progress)
        names = list(COLLECTIONS)
        for number in range(progress.collection, len(names)):
            yield from self._collection(names[number], progress)
            progress.collection, progress.at = number + 1, None
            yield Batch(COLLECTIONS[names[number]][0], (), (), progress.text())
        yield self._finished(progress)

    def _newest_event(self) -> str | None:
        """Return where changes go on after this reading: whatever happens meanwhile comes again as an event."""
        if not self._settings.events:
            return None
        try:
            newest = self._pages.newest("events")
        except (Refused, BadData):  # an application without events
            return None
        return str(newest["id"]) if newest and newest.get("id") else None

    def _district(self, progress: Progress) -> Iterator[Batch]:
        told = self._pages.one(f"/districts/{self._settings.district_id}")
        faults = list(state_faults(told))
        if told.get("state") == "pending":
            for kind, _ in COLLECTIONS.values():
                _doubt(progress, kind, "Clever is still reading the district for the first time")
        yield Batch("orgs", [read_district(Fields(told, "districts", faults))], faults)

    def _collection(self, name: str, progress: Progress) -> Iterator[Batch]:
        kind, _ = COLLECTIONS[name]
        for page in self._pages.walk(name, progress.at):
            progress.at = page.following
            cursor = progress.text() if page.following else None
            starts = range(0, len(page.records), _LARGEST_BATCH)
            for start in starts:
                records = page.records[start : start + _LARGEST_BATCH]
                yield from batches_of(name, records, self._settings, cursor if start == starts[-1] else None)
        if self._pages.doubt:
            _doubt(progress, kind, self._pages.doubt)

    def _finished(self, progress: Progress) -> Finished:
        faults = [
            Fault(f"/{kind}", None, None, "clever.not_proven_complete", f"{kind}: {doubt}.", is_skipped=False)
            for kind, doubts in progress.doubts.items()
            for doubt in doubts
        ]
        complete: set[Kind] = {kind for kind, _ in COLLECTIONS.values() if not progress.doubts.get(kind)}
        complete |= {"roles"} if "users" in complete else set()
        complete |= {"enrollments"} if "classes" in complete else set()
        mode: Literal["full"] = "full"
        return Finished(mode, frozenset(complete), {}, progress.since, faults)


def batches_of(
    name: str, records: list[Record], settings: CleverSettings, cursor: str | None = None
) -> Iterator[Batch]:
    """Yield what records of a collection tell: themselves, and with sections and users what hangs on them."""
    kind, read = COLLECTIONS[name]
    faults: list[Fault] = []
    own: list[Any] = []
    hanging: list[Any] = []
    unread: list[str] = []
    for record in records:
        told = Fields(record, name, faults)
        try:
            own.append(read(told))
            hanging += _hanging(name, told, settings)
        except Unreadable:
            unread += [record["id"]] if isinstance(record.get("id"), str) else []
    with_it: dict[str, Kind] = {"sections": "enrollments", "users": "roles"}
    if name not in with_it:
        yield Batch(kind, own, faults, cursor, unread=unread)
        return
    yield Batch(kind, own, faults, unread=unread)
    parts = range(0, max(len(hanging), 1), _LARGEST_BATCH)
    for start in parts:
        yield Batch(with_it[name], hanging[start : start + _LARGEST_BATCH], (), cursor if start == parts[-1] else None)


def _hanging(name: str, told: Fields, settings: CleverSettings) -> list[Any]:
    if name == "sections":
        return read_enrollments(told)
    return read_roles(told, settings.staff_role) if name == "users" else []


def state_faults(district: Record) -> Iterator[Fault]:
    """Say that what Clever has stands still, so that nobody waits for changes in vain."""
    state = district.get("state")
    if state in _FROZEN:
        until = district.get("pause_end")
        when = f" until {until[:10]}" if state == "paused" and isinstance(until, str) else ""
        what = "paused" if state == "paused" else "in trouble"
        message = f"The district's own sync with Clever is {what}{when}: what we read stands still."
        yield Fault("/districts", None, None, _FROZEN[state], message, is_skipped=False)


def _resumed(cursor: str | None) -> Progress | None:
    """Return where to go on; a cursor of another version of this file means from the start."""
    try:
        return msgspec.json.decode(cursor, type=Progress) if cursor else None
    except msgspec.MsgspecError:
        return None


def _doubt(progress: Progress, kind: Kind, why: str) -> None:
    doubts = progress.doubts.setdefault(kind, [])
    if why not in doubts:
        doubts.append(why)
