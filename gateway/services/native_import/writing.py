"""Writes the good rows of a list: passwords first, little by little, then all people in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from gateway.services.jobs import Job
from gateway.services.native.names import folded as username_key
from gateway.services.native.passwords import Passwords
from gateway.services.native.wall import Wall
from gateway.services.native_import.comparing import Counting
from gateway.services.native_import.imports import OTHER, PURPOSE, SAME, Imports
from gateway.services.native_import.passwords import new_password
from gateway.services.native_import.students import grade_of, read_student
from gateway.store import Connection
from gateway.store.audit import note
from gateway.store.classrooms.imports import (
    FAILED,
    PLANNED,
    READING,
    WRITING,
    WRITTEN,
    Import,
    PlannedRow,
    change_import,
    hashes_of,
    import_of_job,
    planned_rows,
    put_hashes,
)
from gateway.store.classrooms.members import Place, enroll
from gateway.store.classrooms.people import NewStudent, UsernameMeanwhileTaken, add_students, change_student
from providers.contract import BadData, Refused

_HASHES_AT_ONCE: Final = 50
_ROWS_AT_ONCE: Final = 1_000
_COLUMN_OF: Final = {
    "givenName": "given_name",
    "familyName": "family_name",
    "middleName": "middle_name",
    "studentNumber": "identifier",
}
CHANGED_MEANWHILE: Final = (
    "The school has changed since you looked at this list. Please look at it again, then confirm."
)


@dataclass(slots=True)
class Written:
    """What one writing brought, and which new student each username of the file became."""

    new: int = 0
    changed: int = 0
    joined: int = 0
    by_username: dict[str, str] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Writing:
    """What a worker does for lists; it may have been begun before, and bears it."""

    imports: Imports
    passwords: Passwords
    wall: Wall
    now: Callable[[], datetime]

    def work(self, job: Job) -> float | None:
        """Plan or write a list, whichever it waits for."""
        one = import_of_job(self.imports.store, str(job.args["tenant_id"]), str(job.args["import_id"]))
        if one is None:
            return None
        if one.state == READING:
            self.imports.plan_or_fail(one)
        elif one.state == WRITING:
            return self._write(one, job.is_stopping)
        return None

    def _write(self, one: Import, is_stopping: Callable[[], bool]) -> float | None:
        try:
            counting = Counting()
            for _ in self.imports.compared(one, counting):
                pass
            if counting.digest != one.digest or not self._hash(one, is_stopping):
                if is_stopping():
                    return 0
                self._look_again(one)
                return None
            self._apply(one)
        except UsernameMeanwhileTaken:
            self._look_again(one)
        except (BadData, Refused) as fault:
            self._end(one, {"state": FAILED, "code": fault.code, "sentence": fault.sentence, "sealed_file": None})
        return None

    def _look_again(self, one: Import) -> None:
        """Plan anew, because somebody changed the school between the look and the writing."""
        self.imports.plan_or_fail(one)
        self._end(one, {"code": "students.changed_meanwhile", "sentence": CHANGED_MEANWHILE}, only_in=[PLANNED])

    def _end(self, one: Import, values: Mapping[str, Any], only_in: Sequence[str] = (WRITING,)) -> None:
        with self.imports.store.statements() as connection:
            change_import(connection, one, values, self.now(), only_in=only_in)

    def _hash(self, one: Import, is_stopping: Callable[[], bool]) -> bool:
        """Make the hashes of all new students' passwords that are not made yet; False when it stopped half-way."""
        with self.imports.store.statements() as connection:
            made = {row for rows in _pages(lambda after: hashes_of(connection, one, after)) for row, _ in rows}
        found: dict[int, tuple[str, str | None]] = {}
        new = {row.row for row in self._rows(one) if _is_new(row)}
        with_passwords = self._given(one, new - made)
        done = len(made & new)
        for row, given in with_passwords:
            password = given or new_password()
            sealed = None if given else self._seal(one, row, password)
            found[row] = (self.passwords.hash(password), sealed)
            if len(found) == _HASHES_AT_ONCE:
                done += len(found)
                put_hashes(self.imports.store, one, found, self.now(), done)
                found = {}
                if is_stopping():
                    return False
        put_hashes(self.imports.store, one, found, self.now(), done + len(found))
        return True

    def _given(self, one: Import, wanted: set[int]) -> Iterator[tuple[int, str | None]]:
        """Yield each wanted row's number with the password that stands in the file, if one does."""
        sheet = self.imports.files.open(one)
        for record in sheet.rows():
            if record.number in wanted:
                student = read_student(record, one.mapping, len(sheet.headings)).student
                yield record.number, student.password if student else None

    def _seal(self, one: Import, row: int, password: str) -> str:
        bound = f"{one.id}:{row}".encode()
        return self.imports.files.sealer.seal(password.encode(), purpose=PURPOSE, bound_to=bound)

    def _rows(self, one: Import) -> Iterator[PlannedRow]:
        for rows in _pages(lambda after: planned_rows(self.imports.store, one, after=after, most=_ROWS_AT_ONCE)):
            yield from rows

    def _apply(self, one: Import) -> None:
        at, written, actor = self.now(), Written(), f"user:{one.uploader_sourced_id}"
        with self.imports.store.transaction() as connection:
            self.wall.must_be_native(connection, one.tenant_id, one.school_sourced_id)
            if not change_import(connection, one, {"state": WRITTEN}, at, only_in=[WRITING]):
                return
            hashes = {
                row: hash_ for rows in _pages(lambda after: hashes_of(connection, one, after)) for row, hash_ in rows
            }
            for batch in _pages(lambda after: planned_rows(self.imports.store, one, after=after, most=_ROWS_AT_ONCE)):
                self._apply_rows(connection, one, batch, hashes, written, at)
            counts = one.counts | {"made": written.new, "altered": written.changed, "joined": written.joined}
            change_import(connection, one, {"counts": counts, "code": None, "sentence": None}, at)
            detail = {"new": written.new, "changed": written.changed, "joined": written.joined}
            note(connection, at=at, actor=actor, action="students.imported", subject=one.id, tenant_id=one.tenant_id,
                 detail=detail)  # fmt: skip

    def _apply_rows(
        self,
        connection: Connection,
        one: Import,
        rows: Sequence[PlannedRow],
        hashes: Mapping[int, str],
        written: Written,
        at: datetime,
    ) -> None:
        tenant_id, school_id = one.tenant_id, one.school_sourced_id
        fresh = [row for row in rows if _is_new(row)]
        students = [_new_student(row, hashes[row.row]) for row in fresh]
        for student, user_id in zip(
            students, add_students(connection, tenant_id, school_id, students, at), strict=True
        ):
            written.by_username[student.username_key] = user_id
        written.new += len(students)
        places: list[Place] = []
        for row in rows:
            target = _target(row, written)
            if target is None:
                continue
            if target == row.user_sourced_id and self._change(connection, one, row, written, at):
                written.changed += 1
            places += [Place(target, class_id) for class_id in row.told.get("classes", ())]
        written.joined += len(enroll(connection, tenant_id, school_id, places, at))

    def _change(self, connection: Connection, one: Import, row: PlannedRow, written: Written, at: datetime) -> bool:
        """Write a row's changes; of two rows that were said to be one student, the first says who that is."""
        user_id, changes = str(row.user_sourced_id), {column: after for column, _, after in row.told.get("changes", ())}
        if not changes or user_id in written.touched:
            return False
        written.touched.add(user_id)
        fields: dict[str, Any] = {_COLUMN_OF[name]: value for name, value in changes.items() if name in _COLUMN_OF}
        if "grade" in changes:
            fields["grades"] = [changes["grade"]]
        if {"givenName", "familyName"} & set(changes):
            fields["name"] = f"{row.told['values']['givenName']} {row.told['values']['familyName']}"
        username = changes.get("username")
        if username:
            fields["username"] = username
        key = (username, username_key(username)) if username else None
        change_student(connection, one.tenant_id, user_id, fields, key, at)
        return True


def _is_new(row: PlannedRow) -> bool:
    return row.action == "new" or (row.action == "doubt" and row.decision == OTHER)


def _target(row: PlannedRow, written: Written) -> str | None:
    """Return whom a row is about; None when it is left out."""
    if row.action == "refused" or (row.action == "doubt" and row.decision not in (SAME, OTHER)):
        return None
    if row.user_sourced_id and not (row.action == "doubt" and row.decision == OTHER):
        return row.user_sourced_id
    return written.by_username.get(username_key(row.told["values"]["username"]))


def _new_student(row: PlannedRow, password_hash: str) -> NewStudent:
    values = row.told["values"]
    return NewStudent(
        given_name=values["givenName"],
        family_name=values["familyName"],
        middle_name=values.get("middleName"),
        username=values["username"],
        username_key=username_key(values["username"]),
        grade=grade_of(values["grade"]) if values.get("grade") else None,
        number=values.get("studentNumber"),
        password_hash=password_hash,
    )


def _pages(page: Callable[[int], Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Yield page after page; each begins behind the last row of the one before."""
    after = 0
    while found := page(after):
        yield found
        after = found[-1][0]
