"""Pages of students: the school's list, and adding one by hand after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from gateway.services.classes.parts import Classrooms
from gateway.services.classes.student_form import FormFaults
from gateway.services.classes.students import MOST_SHOWN, Added, PerhapsThere
from gateway.services.native.visits import Visitor
from gateway.services.native_import.columns import NAMES
from gateway.store.classrooms.schools import School
from gateway.web.native.classrooms import behind_the_wall, room, school_of, walled
from gateway.web.native.doors import Doors, Page

NEWEST = 10  # of those added one after the other, in the list below the form


def student_endpoints(doors: Doors, rooms: Classrooms) -> Blueprint:
    """Return the endpoints; all are for staff."""
    endpoints, pages = room(doors, "students", "/students"), StudentPages(rooms)
    for path, methods, view in (("", ["GET"], pages.all), ("/new", ["GET", "POST"], pages.new)):
        endpoints.route(path, methods=methods)(doors.signed_in(view, staff=True))
    return endpoints


@dataclass(frozen=True, slots=True)
class StudentPages:
    """The pages; each gets who is signed in."""

    rooms: Classrooms

    def all(self, visitor: Visitor) -> Page:
        """Show a school's students, those whose names have the words that were typed."""
        school, schools = school_of(visitor, self.rooms.rights)
        words = request.args.get("q", "")
        found = self.rooms.students.of_school(visitor, school.school_id, words)
        return render_template(
            "native/students/all.html",
            visitor=visitor,
            school=school,
            schools=schools,
            words=words,
            found=found[:MOST_SHOWN],
            has_more=len(found) > MOST_SHOWN,
            wall=walled(visitor, self.rooms.native.wall, school.school_id),
        )

    def new(self, visitor: Visitor) -> Page:
        """Add a student; the answer is the empty form again, with the new student in the list below."""
        school, _ = school_of(visitor, self.rooms.rights)
        if sentence := walled(visitor, self.rooms.native.wall, school.school_id):
            return behind_the_wall(visitor, sentence)
        if request.method == "GET":
            return self._form(visitor, school)
        form = request.form
        try:
            added = self.rooms.students.add(
                visitor,
                school.school_id,
                {name: form.get(name, "") for name in NAMES},
                class_id=form.get("class", ""),
                is_active=form.get("status") != "inactive",
                is_another=form.get("another") == "yes",
            )
        except FormFaults as faults:
            return self._form(visitor, school, faults=faults.faults, given=form), 400
        except PerhapsThere as same:
            return self._form(visitor, school, same=same.people, given=form), 400
        return self._form(visitor, school, added=added, given={"class": form.get("class", "")})

    def _form(self, visitor: Visitor, school: School, added: Added | None = None, **more: Any) -> str:
        """`more` are what was typed and what is wrong with it."""
        classes = [
            each.classroom
            for each in self.rooms.classes.mine(visitor)
            if each.classroom.school_id == school.school_id and not each.classroom.is_rostered
        ]
        return render_template(
            "native/students/new.html",
            visitor=visitor,
            school=school,
            classes=classes,
            added=added,
            before=self._before(added),
            **{"given": {}, "faults": {}, "same": [], **more},
        )

    @staticmethod
    def _before(added: Added | None) -> list[str]:
        """Return the names that were added before this one, newest first: the form carries them, not the server."""
        before = [each for each in request.form.getlist("before") if each.strip()][: NEWEST - 1]
        return [added.name, *before] if added else before
