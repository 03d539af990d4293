"""Students as staff see them: found by name, and added by hand, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from gateway.services.classes.rights import Rights
from gateway.services.classes.student_form import FormFaults, StudentForm
from gateway.services.native.passwords import Passwords
from gateway.services.native.visits import Visitor
from gateway.services.native.wall import Wall
from gateway.services.native_import.known import name_key
from gateway.services.native_import.passwords import new_password
from gateway.services.native_import.students import JudgePassword
from gateway.store import Store
from gateway.store.audit import note
from gateway.store.classrooms.classes import Classroom
from gateway.store.classrooms.members import STUDENT, Member, Place, enroll, find_people
from gateway.store.classrooms.people import NewStudent, UsernameMeanwhileTaken, add_students
from gateway.store.people import change_user

MOST_SHOWN: Final = 200


class Added(NamedTuple):
    """A student who was just added. `password` is what we made, None when it was typed."""

    user_id: str
    name: str
    username: str
    password: str | None


class PerhapsThere(Exception):
    """A student with this name is at the school already: the person says whether this is another one."""

    def __init__(self, people: list[Member]) -> None:
        super().__init__("the name is at the school already")
        self.people = people


@dataclass(frozen=True, slots=True)
class Students:
    """Thread-safe. Schools that are not the visitor's raise NotThere."""

    store: Store
    rights: Rights
    wall: Wall
    passwords: Passwords
    judge_password: JudgePassword
    now: Callable[[], datetime]

    def of_school(self, visitor: Visitor, school_id: str, words: str = "") -> list[Member]:
        """Return a school's students by name, at most one more than are shown."""
        school = self.rights.school(visitor, school_id)
        return find_people(
            self.store,
            visitor.tenant_id,
            school.school_id,
            STUDENT,
            words=words[:200],
            not_in=None,
            most=MOST_SHOWN + 1,
        )

    def add(
        self,
        visitor: Visitor,
        school_id: str,
        typed: Mapping[str, str],
        *,
        class_id: str = "",
        is_active: bool = True,
        is_another: bool = False,
    ) -> Added:
        """Make one student's account, in a class if one is named. Without a password we make one.

        Raises:
            FormFaults: what is wrong, field by field.
            PerhapsThere: the name is there already, and nobody said that this `is_another` person.
            Refused: ``native.integrated``.
            Unavailable: ``native.busy``.
        """
        school = self.rights.school(visitor, school_id)
        with self.store.statements() as connection:
            self.wall.must_be_native(connection, visitor.tenant_id, school.school_id)
        classroom = self.rights.classroom(visitor, class_id) if class_id else None
        form = StudentForm(typed, self.judge_password)
        found = form.check(self.store, needs_password=False)
        if not is_another and (same := self._same_name(visitor, school_id, found.given_name, found.family_name)):
            raise PerhapsThere(same)
        made = None if form.password else new_password()
        student = form.student(self.passwords.hash(made or form.password))
        try:
            user_id = self._write(visitor, school_id, student, classroom, is_active=is_active)
        except UsernameMeanwhileTaken:
            raise form.taken() from None
        return Added(user_id, f"{student.given_name} {student.family_name}", student.username, made)

    def _write(
        self, visitor: Visitor, school_id: str, student: NewStudent, classroom: Classroom | None, *, is_active: bool
    ) -> str:
        tenant_id, at = visitor.tenant_id, self.now()
        with self.store.transaction() as connection:
            self.wall.must_be_native(connection, tenant_id, school_id)
            (user_id,) = add_students(connection, tenant_id, school_id, [student], at)
            if not is_active:
                change_user(connection, tenant_id, user_id, {"enabled_user": False}, at)
            if classroom is not None and classroom.school_id == school_id:
                enroll(connection, tenant_id, school_id, [Place(user_id, classroom.class_id)], at)
            note(connection, at=at, actor=visitor.actor, action="student.added", subject=user_id, tenant_id=tenant_id)
        return user_id

    def _same_name(self, visitor: Visitor, school_id: str, given_name: str, family_name: str) -> list[Member]:
        """Return students of the school with this name, however it is capitalised."""
        wanted = name_key(given_name, family_name)
        found = self.of_school(visitor, school_id, f"{given_name} {family_name}")
        return [each for each in found if name_key(each.given_name or "", each.family_name or "") == wanted][:5]


__all__ = ["Added", "FormFaults", "PerhapsThere", "Students"]
