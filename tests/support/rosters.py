"""A district whose roster is a Python value: read by the real engine into a real database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import Table, select

from gateway.services.room_context import RoomContexts
from gateway.services.room_settings import RoomSettings
from gateway.services.syncs import Syncs
from gateway.store import Store
from gateway.store.integrations import add_integration
from gateway.store.orgs import Org, add_org
from gateway.store.rosters.runs import Run
from gateway.store.rosters.shapes import SHAPES
from gateway.store.tables import class_academic_sessions, roster_changes, roster_records
from keys.sealing import Sealer
from providers.contract import (
    KINDS,
    AcademicSessionRecord,
    Batch,
    ClassRecord,
    Context,
    CourseRecord,
    EnrollmentRecord,
    Fault,
    Finished,
    Health,
    Http,
    Kind,
    OrgRecord,
    Provider,
    Recall,
    RoleRecord,
    UserRecord,
)
from tests.support.databases import opened
from tests.support.key_stores import Clock
from tests.support.token_memory import TokenMemory

Roster = dict[Kind, list[Any]]
ACTOR = "test"
WHOLE = Finished("full", frozenset(KINDS))


@dataclass(frozen=True, slots=True)
class NoSettings:
    """The made-up room has none."""


@dataclass(slots=True)
class MadeUp:
    """A room that brings `roster`; `fail` is raised after so many batches; `ending` is its proof.

    `before` is what it brings first, until it moves and is read anew.
    """

    roster: Roster = field(default_factory=dict)
    before: Roster | None = None
    ending: Finished | None = WHOLE
    fail: tuple[int, Exception] | None = None
    batch: int = 50
    faults: tuple[Fault, ...] = ()
    cursors: bool = False
    uses_recall: bool = False
    shares_lines: bool = False  # as in OneRoster 1.1: a user's line tells of their roles too
    asked: list[tuple[str | None, str | None]] = field(default_factory=list)
    recalled_digests: list[str | None] = field(default_factory=list)

    def is_set_up(self, _settings: object) -> bool:
        return True

    def check(self, _context: Context[Any]) -> list[Health]:
        return []

    def read(
        self,
        context: Context[Any],
        *,
        since: str | None = None,
        resume: str | None = None,
        recall: Recall | None = None,
    ) -> Iterator[Batch | Finished]:
        self.asked.append((since, resume))
        self.recalled_digests.append(recall.digest if recall else None)
        if self.before is not None:
            yield from (Batch(kind, self.before.get(kind, []), self.faults, cursor=kind) for kind in KINDS)
            yield Batch("orgs", (), restarts=True)
        batches = self._recalled(recall) if self.uses_recall else self._batches()
        for number, batch in enumerate(batches):
            if self.fail and number == self.fail[0]:
                raise self.fail[1]
            if resume is None or number > int(resume):
                yield replace(batch, cursor=str(number)) if self.cursors else batch
        if self.fail and self.fail[0] < 0:
            raise self.fail[1]
        if self.ending:
            yield replace(self.ending, faults=self.faults)

    def _recalled(self, recall: Recall | None) -> Iterator[Batch]:
        """Bring only those records whose line is not recognised."""
        groups: list[list[Kind]] = [[kind] for kind in KINDS]
        if self.shares_lines:
            groups = [["orgs"], ["academicSessions"], ["courses"], ["classes"], ["users", "roles"], ["enrollments"]]
        for kinds in groups:
            prints = {kind: [self._line(each) for each in self.roster.get(kind, [])] for kind in kinds}
            given = prints[kinds[0]] if self.shares_lines else [each for kind in kinds for each in prints[kind]]
            wanted = recall.unknown(kinds, "shape", [given]) if recall else None
            for kind in kinds:
                pairs = [
                    (record, line)
                    for record, line in zip(self.roster.get(kind, []), prints[kind], strict=True)
                    if wanted is None or line in wanted
                ]
                yield Batch(kind, [pair[0] for pair in pairs], fingerprints=[pair[1] for pair in pairs])

    def _line(self, record: Any) -> int:
        text = repr(record)
        if self.shares_lines and isinstance(record, UserRecord | RoleRecord):
            user = record.source_id if isinstance(record, UserRecord) else record.user_id
            people = [each for each in self.roster.get("users", []) if each.source_id == user]
            roles = [each for each in self.roster.get("roles", []) if each.user_id == user]
            text = repr((people, roles))
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)

    def _batches(self) -> Iterator[Batch]:
        for kind in KINDS:
            records = self.roster.get(kind, [])
            for start in range(0, len(records), self.batch):
                yield Batch(kind, records[start : start + self.batch])


@dataclass(frozen=True, slots=True)
class Synced:
    """A tenant with one integration that brings its roster."""

    store: Store
    syncs: Syncs
    org: Org
    integration_id: str
    clock: Clock

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return a table's rows."""
        with self.store.statements() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    def changes(self) -> list[tuple[str, str]]:
        """Return (kind, action) of all events, in order."""
        with self.store.statements() as connection:
            found = connection.execute(
                select(roster_changes.c.kind, roster_changes.c.action).order_by(roster_changes.c.id)
            )
            return [(row[0], row[1]) for row in found]

    def active(self, kind: Kind) -> dict[str, dict[str, Any]]:
        """Return the active rows of a kind by the source's id."""
        table = SHAPES[kind].table
        question = select(roster_records.c.source_id, table).join(
            roster_records, roster_records.c.sourced_id == table.c.sourced_id
        )
        stands = (roster_records.c.is_gone.is_(False), table.c.status == "active")
        mine = (roster_records.c.kind == kind, table.c.tenant_id == self.org.tenant_id, *stands)
        with self.store.statements() as connection:
            return {row["source_id"]: dict(row) for row in connection.execute(question.where(*mine)).mappings()}

    def seen(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return what an application sees: active records by the source's ids, references to what is gone left out."""
        found = {kind: self.active(kind) for kind in KINDS}
        names = {row["sourced_id"]: source_id for kind in KINDS for source_id, row in found[kind].items()}
        # Where the roster names no org, or one that is gone, ours stands in; which of the two it was is not seen.
        for row in (*found["courses"].values(), *found["enrollments"].values()):
            row.pop("org_sourced_id", None)
            row.pop("school_sourced_id", None)
        return {kind: {source_id: _told(row, names) for source_id, row in rows.items()} for kind, rows in found.items()}

    def picture(self) -> dict[str, list[dict[str, Any]]]:
        """Return every row of the roster as it is, but for when it was last modified."""
        tables = [*(SHAPES[kind].table for kind in KINDS), class_academic_sessions]
        return {table.name: sorted((_undated(row) for row in self.rows(table)), key=str) for table in tables}


@dataclass(frozen=True, slots=True)
class District(Synced):
    """One whose room is `room`."""

    room: MadeUp

    def sync(self, roster: Roster | None = None, *, preview: bool = False, full: bool = False) -> Run:
        """Let the room have this roster and sync it, a day later."""
        if roster is not None:
            self.room.roster = roster
        self.clock.move(days=1)
        return self.syncs.run(self.integration_id, actor=ACTOR, preview=preview, full=full)


def _told(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    ours = {"sourced_id", "source_id", "tenant_id", "date_last_modified", "roster_source_id"}
    return {
        name: names.get(value) if name.endswith("_sourced_id") else value
        for name, value in row.items()
        if name not in ours
    }


def _undated(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "date_last_modified"}


def a_district(store: Store, *, name: str = "Northfield", clock: Clock | None = None) -> District:
    """Make a tenant, its integration and the engine that syncs it."""
    time = clock or Clock()
    room = MadeUp()
    plate = Provider("made_up", "Made up", NoSettings, "tests", "experimental", roster=cast(Any, room))
    synced = synced_by(store, plate, {}, cast(Any, None), clock=time, name=name)
    return District(store, synced.syncs, synced.org, synced.integration_id, time, room)


def synced_by(
    store: Store, plate: Provider, values: Mapping[str, Any], http: Http, *, clock: Clock, name: str = "Northfield"
) -> Synced:
    """Make a tenant whose integration has these settings of any room, and the engine that syncs it."""
    rooms = RoomSettings(lambda _key: plate, Sealer((b"k" * 32,)))
    contexts = RoomContexts(
        rooms, http, TokenMemory(clock), clock, lambda _claims: "", lambda seconds: clock.move(seconds=seconds)
    )
    org = add_org(store, name=name, type="district", parent=None, actor=ACTOR, at=clock())
    row = {"tenant_id": org.tenant_id, "org_sourced_id": org.sourced_id, "provider": plate.key}
    with store.transaction() as connection:
        stored = {**row, "settings": rooms.seal(plate, values)}
        integration_id = add_integration(connection, stored, actor=ACTOR, at=clock())
    syncs = Syncs(store, contexts, clock, lambda _seconds: None, wait_seconds=0)
    return Synced(store, syncs, org, integration_id, clock)


@contextmanager
def district_at(address: str) -> Iterator[District]:
    """Open the database at `address` and make a district there."""
    with opened(address) as store:
        yield a_district(store)


def a_roster(*, students: int = 20, classes: int = 2, schools: int = 1) -> Roster:
    """Return a small district: every student of a school is in each of its classes, each class has a teacher."""
    roster: Roster = {
        "orgs": [OrgRecord("d", "District", "district")],
        "academicSessions": [AcademicSessionRecord("y", "2026-27", "schoolYear", "2026-08-01", "2027-07-01")],
        "courses": [CourseRecord("course", "Algebra", school_year_id="y", org_id="d", grades=("09", "10"))],
        "classes": [],
        "users": [],
        "roles": [],
        "enrollments": [],
    }
    for number in range(schools):
        _add_school(roster, f"s{number}", students, classes)
    return roster


def _add_school(roster: Roster, school: str, students: int, classes: int) -> None:
    roster["orgs"].append(OrgRecord(school, f"School {school}", "school", parent_id="d"))
    people = [*((f"{school}-p{n}", "student") for n in range(students)), (f"{school}-t", "teacher")]
    for person, role in people:
        roster["users"].append(
            UserRecord(person, given_name=f"Given {person}", family_name=f"Family {person}", primary_org_id=school)
        )
        roster["roles"].append(RoleRecord(f"r-{person}", person, school, role, "primary"))
    for number in range(classes):
        class_id = f"{school}-c{number}"
        roster["classes"].append(
            ClassRecord(class_id, f"Class {class_id}", school, course_id="course", term_ids=("y",))
        )
        for person, role in people:
            roster["enrollments"].append(EnrollmentRecord(f"{class_id}/{person}", person, class_id, role, school))


def without(roster: Roster, kind: Kind, ids: Iterable[str]) -> Roster:
    """Return the roster without some records of a kind."""
    away = set(ids)
    return {**roster, kind: [each for each in roster[kind] if each.source_id not in away]}


def with_changed(roster: Roster, kind: Kind, source_id: str, **fields: Any) -> Roster:
    """Return the roster with other fields in one record."""
    changed = [each._replace(**fields) if each.source_id == source_id else each for each in roster[kind]]
    return {**roster, kind: changed}
