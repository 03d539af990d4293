"""Classes as teachers keep them: made, renamed, archived; with co-teachers, and with students who are put in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.services.classes.rights import Rights
from gateway.services.native.visits import Visitor
from gateway.services.native.wall import Wall
from gateway.store import Connection, Store
from gateway.store.audit import note
from gateway.store.classrooms.classes import ACTIVE, ARCHIVED, Classroom, Listed, change_class, list_classes, make_class
from gateway.store.classrooms.members import (
    STUDENT,
    TEACHER,
    Member,
    Place,
    enroll,
    find_people,
    leave,
    members_of,
    of_school,
)
from providers.contract import BadData

LONGEST_TITLE: Final = 80
MOST_FOUND: Final = 100


@dataclass(frozen=True, slots=True)
class Classes:
    """Thread-safe. Methods ask first whether the class is the visitor's (NotThere), changes also for the wall."""

    store: Store
    rights: Rights
    wall: Wall
    now: Callable[[], datetime]

    def mine(self, visitor: Visitor, *, archived: bool = False) -> list[Listed]:
        """Return the classes that a visitor teaches, and all of the schools that they govern."""
        found = {
            each.classroom.class_id: each
            for each in list_classes(self.store, visitor.tenant_id, user_id=visitor.user_id, archived=archived)
        }
        governed = [s.school_id for s in self.rights.schools(visitor) if self.rights.governs(visitor, s.school_id)]
        if governed:
            for each in list_classes(self.store, visitor.tenant_id, schools=governed, archived=archived):
                found.setdefault(each.classroom.class_id, each)
        return sorted(found.values(), key=lambda each: each.classroom.title.casefold())

    def attended(self, visitor: Visitor) -> list[Listed]:
        """Return the classes that a student is in."""
        return list_classes(self.store, visitor.tenant_id, user_id=visitor.user_id, role=STUDENT)

    def make(self, visitor: Visitor, school_id: str, title: str) -> str:
        """Return a new class's sourcedId. Raises BadData (``native.class_name``), Refused (``native.integrated``)."""
        school = self.rights.school(visitor, school_id)
        teacher_id = visitor.user_id if school_id in visitor.orgs_as("teacher") else None
        name, at = read_title(title), self.now()
        with self.store.transaction() as connection:
            self.wall.must_be_native(connection, visitor.tenant_id, school.school_id)
            class_id = make_class(connection, visitor.tenant_id, school.school_id, name, teacher_id=teacher_id, at=at)
            note(connection, at=at, actor=visitor.actor, action="class.added", subject=class_id,
                 tenant_id=visitor.tenant_id)  # fmt: skip
        return class_id

    def rename(self, visitor: Visitor, class_id: str, title: str) -> None:
        """Give a class another name."""
        self._change(visitor, class_id, {"title": read_title(title)})

    def archive(self, visitor: Visitor, class_id: str) -> None:
        """Put a class away: nobody comes in by its code, applications no longer see it, nothing is lost."""
        self._change(visitor, class_id, {"status": ARCHIVED})

    def bring_back(self, visitor: Visitor, class_id: str) -> None:
        """Take a class out of the archive."""
        self._change(visitor, class_id, {"status": ACTIVE})

    def _change(self, visitor: Visitor, class_id: str, fields: dict[str, str]) -> None:
        with self.changing(visitor, class_id) as (connection, _, at):
            change_class(connection, visitor.tenant_id, class_id, fields, actor=visitor.actor, at=at)

    def teachers(self, classroom: Classroom) -> list[Member]:
        """Return who teaches a class."""
        return members_of(self.store, classroom.tenant_id, classroom.class_id, TEACHER)

    def students(self, classroom: Classroom) -> list[Member]:
        """Return who is in a class."""
        return members_of(self.store, classroom.tenant_id, classroom.class_id, STUDENT)

    def to_add(self, classroom: Classroom, role: str, words: str) -> list[Member]:
        """Return people of the class's school in this role who are not in it, by words of their names."""
        return find_people(
            self.store, classroom.tenant_id, classroom.school_id, role, words=words[:200], not_in=classroom.class_id,
            most=MOST_FOUND + 1,
        )  # fmt: skip

    def add(self, visitor: Visitor, class_id: str, user_ids: Collection[str], role: str) -> int:
        """Put people of the school into a class and return how many are new in it. Others' ids are passed over."""
        with self.changing(visitor, class_id) as (connection, classroom, at):
            tenant_id, school_id = classroom.tenant_id, classroom.school_id
            own = of_school(connection, tenant_id, school_id, role, user_ids)
            places = [Place(user_id, class_id, role) for user_id in sorted(own)]
            return len(enroll(connection, tenant_id, school_id, places, at))

    def take_out(self, visitor: Visitor, class_id: str, user_id: str, role: str) -> bool:
        """Take a person out of a class. Raises BadData (``native.last_teacher``) for the last of its teachers."""
        with self.changing(visitor, class_id) as (connection, classroom, at):
            if role == TEACHER and [each.user_id for each in self.teachers(classroom)] == [user_id]:
                raise BadData("native.last_teacher", "A class has at least one teacher. Add another one first.")
            return leave(connection, classroom.tenant_id, class_id, user_id, role, at)

    @contextmanager
    def changing(self, visitor: Visitor, class_id: str) -> Iterator[tuple[Connection, Classroom, datetime]]:
        """Yield what a change to a class needs, inside one transaction and behind the wall."""
        classroom = self.rights.classroom(visitor, class_id)
        with self.store.transaction() as connection:
            self.wall.must_be_native(connection, classroom.tenant_id, classroom.school_id)
            yield connection, classroom, self.now()


def read_title(text: str) -> str:
    """Return a class's name as it is kept. Raises BadData (``native.class_name``)."""
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise BadData("native.class_name", f"A class needs a name of 1 to {LONGEST_TITLE} letters.")
    return title
