"""A student's data as typed into a form: judged field by field with the rules that a file's rows are judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gateway.services.native.names import folded
from gateway.services.native_import.columns import BY_NAME, NAMES
from gateway.services.native_import.faults import sentence
from gateway.services.native_import.records import Record
from gateway.services.native_import.students import JudgePassword, Student, read_student
from gateway.store import Store
from gateway.store.classrooms.people import NewStudent
from gateway.store.classrooms.school import taken_keys

_PLACES: Final = {name: place for place, name in enumerate(NAMES)}


class FormFaults(Exception):
    """What is wrong with a form: field -> one sentence."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = dict(faults)


class StudentForm:
    """What somebody typed, by the columns' names. `password` stays as it is typed."""

    def __init__(self, typed: Mapping[str, str], judge_password: JudgePassword) -> None:
        self._cells = [typed.get(name, "").replace("\r", " ").replace("\n", " ") for name in NAMES]
        self.password = typed.get("password", "")
        self._judge: Callable[[str, str], str | None] = judge_password

    def check(self, store: Store, *, needs_password: bool = True) -> Student:
        """Return the student. Raises FormFaults."""
        reading = read_student(Record(0, self._cells), _PLACES, len(NAMES), self._judge)
        faults = {each.column or "username": sentence(each.code) for each in reading.faults}
        if needs_password and not self.password:
            faults["password"] = sentence("row.needed")
        if reading.student is None or faults:
            raise FormFaults(faults)
        if taken_keys(store, {folded(reading.student.username)}):
            raise self.taken()
        return reading.student

    def student(self, password_hash: str, *, must_change: bool = False) -> NewStudent:
        """Return what is written; call `check` first."""
        found = read_student(Record(0, self._cells), _PLACES, len(NAMES)).student
        assert found is not None
        return new_student(found, password_hash, must_change=must_change)

    def taken(self) -> FormFaults:
        """Return the fault of a username that somebody has."""
        return FormFaults({"username": sentence("row.username_taken")})


def new_student(found: Student, password_hash: str, *, must_change: bool = False) -> NewStudent:
    """Return a student as they are written."""
    return NewStudent(
        given_name=found.given_name,
        family_name=found.family_name,
        middle_name=found.middle_name,
        username=found.username,
        username_key=folded(found.username),
        grade=found.grade,
        number=found.number,
        password_hash=password_hash,
        must_change=must_change,
    )


def heading_of(name: str) -> str:
    """Return a field's label."""
    return BY_NAME[name].heading
