"""One reading of a whole roster or of what changed: every kind in its order, with cursors and a verdict at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

import msgspec

from providers.contract import Batch, Context, Failure, Fault, Finished, Kind, Refused
from providers.kit.oneroster.rest.changes import changed_since, tells_changes, watermark
from providers.kit.oneroster.rest.check import NO_ENROLLMENTS
from providers.kit.oneroster.rest.collections import PLANS, Collection, Plan, below
from providers.kit.oneroster.rest.fields import Fields, Unreadable
from providers.kit.oneroster.rest.headers import Headers
from providers.kit.oneroster.rest.nested import ENROLLMENTS, PEOPLE, Nested, Place, is_there
from providers.kit.oneroster.rest.records import READERS, OrgTypes, read_roles
from providers.kit.oneroster.rest.root import find_root
from providers.kit.oneroster.rest.source import Source
from providers.kit.oneroster.rest.walk import CollectionMissing, Mark, Page, Walk
from providers.kit.rest.asking import Asker

_LARGEST_BATCH: Final = 2000
# A roster that moves more often than this while it is read is taken as it comes, and nobody is called gone.
MOST_RESTARTS: Final = 3


class _Moved(Exception):
    """The provider's answers are about another state of the roster than those before."""


class Progress(msgspec.Struct):
    """How far a reading came: what a cursor holds. `at` is the next page of `collection`; no credentials are in it."""

    root: str
    since: str | None
    watermark: str | None = None
    kind: int = 0
    collection: int = 0
    at: Mark | None = None
    uses_instead: bool = False
    nested: Place | None = None
    doubts: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    revision: str | None = None

    def text(self) -> str:
        """Return the cursor."""
        return msgspec.json.encode(self).decode()


class Reading:
    """Reads in the order of `KINDS`; what it learns of orgs (their types) stays in memory, nothing else does."""

    def __init__(self, context: Context[Any], source: Source, asker: Asker) -> None:
        self._context, self._source, self._asker = context, source, asker
        self._org_types: OrgTypes = {}
        self._headers, self._restarts = Headers(source.revision_header, source.totals), 0

    def run(self, since: str | None, resume: str | None) -> Iterator[Batch | Finished]:
        """Yield batches and in the end what they prove; see `providers.contract.Roster.read`."""
        progress = _resumed(resume) or self._begin(since)
        self._headers.revision = progress.revision
        while True:
            try:
                yield from self._all(progress)
                return
            except _Moved:
                self._restarts += 1
                self._context.log("oneroster.roster_moved", restarts=self._restarts)
            self._headers.has_moved = False
            progress = self._begin(since)
            yield Batch("orgs", (), restarts=True)

    def _all(self, progress: Progress) -> Iterator[Batch | Finished]:
        """Yield all that is not read yet, of one state of the roster. Raises _Moved when it becomes another."""
        self._org_types.clear()
        if progress.since or progress.kind or progress.at:
            self._learn_orgs(progress.root)
        for number in range(progress.kind, len(PLANS)):
            yield from self._kind(PLANS[number], progress)
            progress.kind, progress.collection, progress.at, progress.uses_instead = number + 1, 0, None, False
            yield Batch(PLANS[number].kind, (), (), progress.text())
        yield self._finished(progress)

    def _begin(self, since: str | None) -> Progress:
        root = find_root(self._asker, self._source)
        if since and not self._tells_changes(root):
            self._context.log("oneroster.filter_not_honoured")
            since = None
        started = self._asker.server_time or self._context.now()
        return Progress(root, since, watermark(started), doubts={}, counts={})

    def _tells_changes(self, root: str) -> bool:
        return not self._source.enrollments_from_classes and tells_changes(self._asker, root)

    def _learn_orgs(self, root: str) -> None:
        for _, page in self._pages(Progress(root, None, doubts={}, counts={}), PLANS[0]):
            for _, record in page.records:
                if isinstance(record, dict):
                    self._read(PLANS[0].kind, record, 0, [])

    def _kind(self, plan: Plan, progress: Progress) -> Iterator[Batch]:
        try:
            if plan.kind == "enrollments":
                yield from self._enrollments(plan, progress)
                return
            for collection, page in self._pages(progress, plan):
                yield from self._batches(plan.kind, collection, page, progress)
        except Refused as failure:
            if plan.is_needed or failure.code != "rest.forbidden":
                raise
            _doubt(progress, plan.kind, "the provider does not give these records to us")
        except CollectionMissing:
            if plan.is_needed:
                raise
            _doubt(progress, plan.kind, "the provider has no such collection")

    def _enrollments(self, plan: Plan, progress: Progress) -> Iterator[Batch]:
        """Yield all enrollments, class by class where their collection is missing, withheld or not wanted."""
        parts = PEOPLE if self._source.enrollments_from_classes else ENROLLMENTS
        if progress.nested is None and not self._source.enrollments_from_classes:
            try:
                for collection, page in self._pages(progress, plan):
                    yield from self._batches(plan.kind, collection, page, progress)
                return
            except (CollectionMissing, Refused) as failure:
                if failure.code == "rest.unauthorized" or progress.at:
                    raise
                if not is_there(self._asker, progress.root, ENROLLMENTS):
                    raise _without_enrollments(failure) from failure
        place = progress.nested = progress.nested or Place()
        nested = Nested(self._asker, progress.root, parts, lambda why: _doubt(progress, plan.kind, why), self._headers)
        for collection, page, may_go_on in nested.pages(place):
            self._stop_if_moved(progress)
            yield from self._batches(plan.kind, collection, page, progress)
            if may_go_on:
                yield Batch(plan.kind, (), (), progress.text())
        progress.nested = None

    def _pages(self, progress: Progress, plan: Plan) -> Iterator[tuple[Collection, Page]]:
        """Yield the pages of a kind; a missing collection's place is taken by those that hold parts of it."""
        if self._source.users_from_students_and_teachers and plan.kind == "users":
            yield from self._walk_each(progress, plan, plan.instead)
            return
        if not progress.uses_instead:
            try:
                yield from self._walk_each(progress, plan, (plan.whole,))
                return
            except CollectionMissing:
                if not plan.instead:
                    raise
        progress.uses_instead = True
        _doubt(progress, plan.kind, f"{plan.whole.path} is missing, only parts of it could be read")
        yield from self._walk_each(progress, plan, plan.instead)

    def _walk_each(
        self, progress: Progress, plan: Plan, collections: Sequence[Collection]
    ) -> Iterator[tuple[Collection, Page]]:
        for number in range(progress.collection, len(collections)):
            progress.collection = number
            url = below(progress.root, collections[number].path)
            if progress.since:
                url = changed_since(url, progress.since)
            walk = Walk(self._asker, url, collections[number].names, self._headers)
            for page in walk.pages(progress.at):
                self._stop_if_moved(progress)
                progress.at = page.following
                yield collections[number], page
            progress.at = None
            if walk.verdict.doubt:
                _doubt(progress, plan.kind, walk.verdict.doubt)
            if walk.verdict.told is not None:
                progress.counts[plan.kind] = progress.counts.get(plan.kind, 0) + walk.verdict.told

    def _stop_if_moved(self, progress: Progress) -> None:
        if self._headers.has_moved and self._restarts < MOST_RESTARTS:
            raise _Moved
        progress.revision = self._headers.revision

    def _batches(self, kind: Kind, collection: Collection, page: Page, progress: Progress) -> Iterator[Batch]:
        cursor = progress.text() if page.following else None
        starts = range(0, len(page.records), _LARGEST_BATCH)
        for start in starts:
            batch = self._batch(kind, collection, page.records[start : start + _LARGEST_BATCH], progress)
            is_last = start == starts[-1]
            if kind == "users":
                roles = [role for _, roles in batch.records for role in roles]
                yield Batch(kind, [user for user, _ in batch.records], batch.faults)
                yield Batch("roles", roles, (), cursor if is_last else None)
            else:
                yield Batch(kind, batch.records, batch.faults, cursor if is_last else None)

    def _batch(
        self, kind: Kind, collection: Collection, records: Sequence[tuple[int, Any]], progress: Progress
    ) -> Batch:
        faults: list[Fault] = []
        read = []
        for place, record in records:
            if not isinstance(record, dict):
                message = "is no record: it was left out"
                faults.append(Fault(f"/{collection.path}[{place}]", None, None, "oneroster.not_a_record", message))
                continue
            try:
                read.append(self._read(kind, record, place, faults))
            except Unreadable:
                if Fields(record, "", []).has("sourcedId"):
                    _doubt(progress, kind, "a record that is there can't be read")
        return Batch(kind, read, faults)

    def _read(self, kind: Kind, record: dict[str, Any], place: int, faults: list[Fault]) -> Any:
        named = record.get("sourcedId")
        fields = Fields(record, f"/{kind}/{named}" if named else f"/{kind}[{place}]", faults)
        read = READERS[kind](fields)
        if kind == "orgs":
            self._org_types[read.source_id] = read.type
        return (read, read_roles(fields, read, self._org_types)) if kind == "users" else read

    def _finished(self, progress: Progress) -> Finished:
        faults = [
            Fault(f"/{kind}", None, None, "oneroster.not_proven_complete", doubt, is_skipped=False)
            for kind, doubts in progress.doubts.items()
            for doubt in doubts
        ]
        if progress.since:
            return Finished("delta", frozenset(), since=progress.watermark, faults=faults, roles_with_users=True)
        complete: set[Kind] = {plan.kind for plan in PLANS if not progress.doubts.get(plan.kind)}
        if "users" in complete:
            complete.add("roles")
        counts: dict[Kind, int] = {
            plan.kind: progress.counts[plan.kind] for plan in PLANS if plan.kind in progress.counts
        }
        since = progress.watermark if self._tells_changes(progress.root) else None
        mode: Literal["full"] = "full"
        return Finished(mode, frozenset(complete), counts, since, faults)


def _without_enrollments(failure: Failure) -> Failure:
    return CollectionMissing(failure.code, NO_ENROLLMENTS) if isinstance(failure, CollectionMissing) else failure


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
