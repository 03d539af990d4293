"""Plans a whole file against the store: read once, a thousand rows at a time, so that memory stays small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec

from gateway.services.native.names import folded as username_key
from gateway.services.native_import.faults import sentence
from gateway.services.native_import.known import Known, OpenClass, Person, know
from gateway.services.native_import.plan import DOUBTS, Outcome, Plan
from gateway.services.native_import.sheet import Sheet
from gateway.services.native_import.students import JudgePassword, Reading, read_student
from gateway.store import Store
from gateway.store.classrooms.school import members_by_class, open_classes, students_of, taken_keys

_AT_ONCE: Final = 1_000


class Compared(NamedTuple):
    """A row with what will happen."""

    reading: Reading
    outcome: Outcome

    def told(self) -> dict[str, Any]:
        """Return what the preview shows and the writing needs; no password is in it."""
        outcome = self.outcome
        told: dict[str, Any] = {"values": self.reading.values}
        if outcome.changes:
            told["changes"] = [list(change) for change in outcome.changes]
        if outcome.class_ids:
            told["classes"] = list(outcome.class_ids)
        if outcome.doubt:
            told["doubt"] = outcome.doubt
            told["why"] = DOUBTS[outcome.doubt].format(row=outcome.other_row)
        if outcome.faults:
            told["faults"] = [[each.column, sentence(each.code, outcome.other_row)] for each in outcome.faults]
        return told


@dataclass(frozen=True, slots=True)
class School:
    """Whom a file is about: the tenant, the school, and the teacher whose classes it may fill (None: all of them)."""

    tenant_id: str
    school_id: str
    teacher_id: str | None


@dataclass(slots=True)
class Counting:
    """What is known at the end: how many rows have which action, and the digest of all that was decided."""

    counts: dict[str, int] = field(default_factory=dict)
    total: int = 0
    _hash: Any = field(default_factory=sha256)

    def take(self, compared: Compared) -> None:
        """Count a row."""
        outcome = compared.outcome
        self.total += 1
        self.counts[outcome.action] = self.counts.get(outcome.action, 0) + 1
        self._hash.update(msgspec.json.encode([compared.reading.row, *outcome]))

    @property
    def digest(self) -> str:
        """Return what changes when any row's outcome does."""
        return str(self._hash.hexdigest())


def known_of(store: Store, school: School) -> Known:
    """Return what is known of a school now."""
    people = (
        Person(row.user_id, row.username, row.given_name or "", row.family_name or "", row.middle_name,
               row.grades[0] if row.grades else None, row.identifier)
        for row in students_of(store, school.tenant_id, school.school_id)
    )  # fmt: skip
    classes = [OpenClass(*each) for each in open_classes(store, school.tenant_id, school.school_id, school.teacher_id)]
    members = members_by_class(store, school.tenant_id, [each.class_id for each in classes])
    return know(people, classes, members)


def compare(
    store: Store,
    school: School,
    sheet: Sheet,
    mapping: Mapping[str, int],
    judge_password: JudgePassword,
    *,
    counting: Counting,
) -> Iterator[Compared]:
    """Yield each row of a file with what will happen to it."""
    known = known_of(store, school)
    plan, width = Plan(known), len(sheet.headings)
    records = sheet.rows()
    while batch := list(islice(records, _AT_ONCE)):
        readings = [read_student(record, mapping, width, judge_password) for record in batch]
        keys = {username_key(each.student.username) for each in readings if each.student}
        taken = taken_keys(store, {key for key in keys if key not in known.by_username})
        for reading in readings:
            compared = Compared(reading, plan.outcome(reading, taken))
            counting.take(compared)
            yield compared
