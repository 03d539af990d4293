"""A list of students on its way in: uploaded, its columns settled, looked at, written or thrown away."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from gateway.services.classes.rights import NotThere, Rights
from gateway.services.jobs import Jobs
from gateway.services.native.visits import Visitor
from gateway.services.native.wall import Wall
from gateway.services.native_import.columns import BY_NAME, NEEDED
from gateway.services.native_import.comparing import Compared, Counting, School, compare
from gateway.services.native_import.encodings import CHOICES, choice_of
from gateway.services.native_import.faults import unreadable_file
from gateway.services.native_import.headings import recognise
from gateway.services.native_import.sheet import Sheet, open_sheet
from gateway.services.native_import.students import JudgePassword
from gateway.store import Store
from gateway.store.classrooms.imports import (
    FAILED,
    MAPPING,
    PLANNED,
    READING,
    WRITING,
    Import,
    PlannedRow,
    add_import,
    add_planned,
    change_import,
    clear_plan,
    count_decided,
    decide_rows,
    find_import,
    imports_of,
    planned_rows,
    sealed_file,
)
from gateway.store.classrooms.school import open_classes
from gateway.store.ids import new_id
from keys.sealing import Sealer
from providers.contract import BadData

WORK: Final = "students.import"
AT_ONCE_BYTES: Final = 200_000  # about two thousand rows: looked at while the person waits
PURPOSE: Final = "student import"
SAMPLE: Final = 3
_BATCH: Final = 1_000
SAME, OTHER = "same", "other"


@dataclass(frozen=True, slots=True)
class Files:
    """The uploaded file of a list, which is kept sealed: it may hold passwords."""

    store: Store
    sealer: Sealer

    def seal(self, import_id: str, data: bytes) -> str:
        """Return what is kept: packed, for names are much alike."""
        return self.sealer.seal(zlib.compress(data, 1), purpose=PURPOSE, bound_to=import_id.encode())

    def open(self, one: Import) -> Sheet:
        """Return the table in the file. Raises BadData (``students.forgotten``) when it is no longer kept."""
        sealed = sealed_file(self.store, one)
        if sealed is None:
            raise BadData("students.forgotten", "This file is no longer kept. Please upload it again.")
        packed = self.sealer.open(sealed, purpose=PURPOSE, bound_to=one.id.encode())
        return open_sheet(zlib.decompress(packed), encoding=one.encoding)


@dataclass(frozen=True, slots=True)
class Imports:
    """Thread-safe. A list belongs to who uploaded it: for everybody else it is not there (NotThere)."""

    store: Store
    rights: Rights
    wall: Wall
    jobs: Jobs
    files: Files
    judge_password: JudgePassword
    now: Callable[[], datetime]

    def upload(self, visitor: Visitor, school_id: str, file_name: str, data: bytes) -> Import:
        """Keep a file and, when its columns are certain, plan it. Raises BadData, Refused (``native.integrated``)."""
        school = self.rights.school(visitor, school_id)
        with self.store.statements() as connection:
            self.wall.must_be_native(connection, visitor.tenant_id, school.school_id)
        sheet = open_sheet(data)
        found, import_id, at = recognise(sheet.headings), new_id(), self.now()
        values: dict[str, Any] = {
            "id": import_id,
            "tenant_id": visitor.tenant_id,
            "school_sourced_id": school.school_id,
        }
        values |= {"uploader_sourced_id": visitor.user_id, "file_name": _name(file_name), "mapping": found.mapping}
        values |= {
            "encoding": choice_of(sheet.codec),
            "state": MAPPING,
            "sealed_file": self.files.seal(import_id, data),
        }
        add_import(self.store, values | {"created_at": at, "changed_at": at})
        one = self.find(visitor, import_id)
        return self._plan(one, len(data)) if found.is_certain else one

    def find(self, visitor: Visitor, import_id: str) -> Import:
        """Return a list. Raises NotThere."""
        one = find_import(self.store, visitor.tenant_id, visitor.user_id, import_id)
        if one is None or not any(s.school_id == one.school_sourced_id for s in self.rights.schools(visitor)):
            raise NotThere
        return one

    def newest(self, visitor: Visitor) -> list[Import]:
        """Return a visitor's newest lists."""
        return imports_of(self.store, visitor.tenant_id, visitor.user_id)

    def settle(self, visitor: Visitor, import_id: str, columns: Mapping[str, str], encoding: str | None) -> Import:
        """Take the columns as a person chose them (name -> place in the row), and plan with them.

        Raises:
            BadData: ``students.columns``: a needed column is missing, or one place was chosen twice.
        """
        one = self.find(visitor, import_id)
        values: dict[str, Any] = {"mapping": _mapping(columns)}
        if encoding in CHOICES:
            values["encoding"] = encoding
        values |= {"state": MAPPING, "code": None, "sentence": None}
        with self.store.statements() as connection:
            change_import(connection, one, values, self.now(), only_in=[MAPPING, PLANNED, FAILED])
        one = self.find(visitor, import_id)
        if one.state != MAPPING:
            return one
        check_mapping(one.mapping)
        return self._plan(one, len(self.files.open(one).data))

    def recode(self, visitor: Visitor, import_id: str, encoding: str) -> None:
        """Read the file's text another way, and go back to its columns."""
        one = self.find(visitor, import_id)
        if encoding in CHOICES:
            with self.store.statements() as connection:
                values = {"encoding": encoding, "state": MAPPING}
                change_import(connection, one, values, self.now(), only_in=[MAPPING, PLANNED, FAILED])

    def sample(self, one: Import) -> tuple[Sheet, list[list[str]]]:
        """Return the table and its first rows, passwords hidden, for the page on which columns are chosen."""
        sheet, rows = self.files.open(one), []
        secret = {each.get("password") for each in (one.mapping, recognise(sheet.headings).mapping)}
        for record in sheet.rows():
            rows.append(["•••" if cell and at in secret else cell[:40] for at, cell in enumerate(record.cells)])
            if len(rows) == SAMPLE:
                break
        return sheet, rows

    def rows(self, one: Import, action: str, *, after: int = 0, most: int = 50) -> list[PlannedRow]:
        """Return rows of the plan that have this action, in the file's order."""
        return planned_rows(self.store, one, action, after=after, most=most)

    def decided(self, one: Import) -> int:
        """Return how many rows in doubt are to be taken."""
        return count_decided(self.store, one)

    def class_titles(self, one: Import) -> dict[str, str]:
        """Return the names of the classes that the list may fill."""
        school = self.school_of(one)
        return dict(open_classes(self.store, school.tenant_id, school.school_id, school.teacher_id))

    def decide(self, visitor: Visitor, import_id: str, decisions: Mapping[int, str]) -> None:
        """Keep, of rows in doubt, whether they are the same student, another one, or left out."""
        one = self.find(visitor, import_id)
        known = {row: choice if choice in (SAME, OTHER) else None for row, choice in decisions.items()}
        decide_rows(self.store, one, known, self.now())

    def write(self, visitor: Visitor, import_id: str) -> Import:
        """Ask for the good rows to be written; two clicks are one. Raises Refused (``native.integrated``)."""
        one = self.find(visitor, import_id)
        with self.store.transaction() as connection:
            self.wall.must_be_native(connection, one.tenant_id, one.school_sourced_id)
            if change_import(connection, one, {"state": WRITING, "done": 0}, self.now(), only_in=[PLANNED]):
                job = self._enqueue(one, connection)
            else:
                job = None
        if job:
            self.jobs.wake(job)
        return self.find(visitor, import_id)

    def throw_away(self, visitor: Visitor, import_id: str) -> None:
        """Write nothing of a list, and forget its file."""
        one = self.find(visitor, import_id)
        with self.store.statements() as connection:
            gone = {"state": FAILED, "sealed_file": None, "code": "students.thrown_away"}
            gone["sentence"] = "You threw this list away. Nothing was changed."
            change_import(connection, one, gone, self.now(), only_in=[MAPPING, PLANNED, READING])

    def compared(self, one: Import, counting: Counting) -> Iterator[Compared]:
        """Yield each row of the file with what would happen to it now."""
        sheet, school = self.files.open(one), self.school_of(one)
        return compare(self.store, school, sheet, one.mapping, self.judge_password, counting=counting)

    def plan_now(self, one: Import) -> None:
        """Compare the file with the school and keep what will happen with each row."""
        counting, kept = Counting(), 0
        clear_plan(self.store, one)
        compared = self.compared(one, counting)
        while batch := [_planned(each) for each in islice(compared, _BATCH)]:
            kept += len(batch)
            add_planned(self.store, one, batch, kept, self.now())
        if not kept:
            raise unreadable_file("students.no_rows")
        values = {"state": PLANNED, "digest": counting.digest, "counts": counting.counts, "total": counting.total}
        with self.store.statements() as connection:
            change_import(connection, one, values, self.now(), only_in=[READING, WRITING])

    def school_of(self, one: Import) -> School:
        """Return whom a list is about, with the classes that its uploader may fill."""
        governs = self.rights.governs_as(one.tenant_id, one.uploader_sourced_id, one.school_sourced_id)
        return School(one.tenant_id, one.school_sourced_id, None if governs else one.uploader_sourced_id)

    def _plan(self, one: Import, size: int) -> Import:
        with self.store.statements() as connection:
            change_import(connection, one, {"state": READING, "done": 0}, self.now(), only_in=[MAPPING])
        if size > AT_ONCE_BYTES:
            with self.store.statements() as connection:
                job = self._enqueue(one, connection)
            self.jobs.wake(job)
        else:
            self.plan_or_fail(one)
        found = find_import(self.store, one.tenant_id, one.uploader_sourced_id, one.id)
        assert found is not None
        return found

    def plan_or_fail(self, one: Import) -> None:
        """Plan, or keep why that can't be."""
        try:
            self.plan_now(one)
        except BadData as fault:
            values = {"state": FAILED, "code": fault.code, "sentence": fault.sentence, "sealed_file": None}
            with self.store.statements() as connection:
                change_import(connection, one, values, self.now())

    def _enqueue(self, one: Import, connection: Any) -> str:
        args = {"tenant_id": one.tenant_id, "import_id": one.id}
        return self.jobs.enqueue(WORK, args, key=f"{WORK}:{one.id}", connection=connection)


def _planned(each: Compared) -> PlannedRow:
    return PlannedRow(each.reading.row, each.outcome.action, each.outcome.user_id, each.told(), None)


def check_mapping(mapping: Mapping[str, int]) -> None:
    """Raise BadData when the columns as chosen make no student."""
    missing = [BY_NAME[name].heading for name in NEEDED if name not in mapping]
    if missing:
        raise BadData("students.columns", f"Please choose a column for: {', '.join(missing)}.")
    if len(set(mapping.values())) < len(mapping):
        raise BadData("students.columns", "One column of your file was chosen twice. Each can have one meaning only.")


def _mapping(columns: Mapping[str, str]) -> dict[str, int]:
    return {
        name: int(place) for name, place in columns.items() if name in BY_NAME and place.isdecimal() and len(place) < 5
    }


def _name(file_name: str) -> str:
    """Return a file's name as it is shown: its last part, without what is no letter."""
    last: Sequence[str] = file_name.replace("\\", "/").split("/")
    return "".join(each for each in last[-1] if each.isprintable())[:100] or "students.csv"
