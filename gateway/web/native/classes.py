"""Pages of classes: the list, one class, its teachers and students."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request

from gateway.errors import answer_of
from gateway.services.classes.parts import Classrooms
from gateway.services.native.visits import Visitor
from gateway.store.classrooms.members import STUDENT, TEACHER
from gateway.web.native.classrooms import behind_the_wall, room, school_of, walled
from gateway.web.native.doors import Doors, Page
from providers.contract import BadData

DONE = {
    "made": "The class is made.",
    "renamed": "The class has its new name.",
    "archived": "The class is archived. You find it below your classes.",
    "back": "The class is back.",
    "out": "The student is no longer in this class. Their account stays.",
    "teacher-out": "They no longer teach this class.",
    "teacher": "They teach this class with you now.",
}


def class_endpoints(doors: Doors, rooms: Classrooms) -> Blueprint:
    """Return the endpoints; all are for staff."""
    endpoints, pages = room(doors, "classes", "/classes"), ClassPages(rooms)
    for path, methods, view in (
        ("", ["GET"], pages.all),
        ("/new", ["GET", "POST"], pages.new),
        ("/<class_id>", ["GET"], pages.one),
        ("/<class_id>/edit", ["GET", "POST"], pages.edit),
        ("/<class_id>/archive", ["POST"], pages.archive),
        ("/<class_id>/teachers", ["POST"], pages.teachers),
        ("/<class_id>/students", ["GET", "POST"], pages.add),
        ("/<class_id>/leave", ["POST"], pages.leave),
    ):
        endpoints.route(path, methods=methods)(doors.signed_in(view, staff=True))
    return endpoints


@dataclass(frozen=True, slots=True)
class ClassPages:
    """The pages; each gets who is signed in."""

    rooms: Classrooms

    def all(self, visitor: Visitor) -> Page:
        """Show the visitor's classes, those in the archive below."""
        classes = self.rooms.classes
        schools = {school.school_id: school.name for school in self.rooms.rights.schools(visitor)}
        return render_template(
            "native/classes/all.html",
            visitor=visitor,
            found=classes.mine(visitor),
            archived=classes.mine(visitor, archived=True),
            schools=schools,
            done=DONE.get(request.args.get("done", "")),
        )

    def new(self, visitor: Visitor) -> Page:
        """Make a class, and go straight to it."""
        school, schools = school_of(visitor, self.rooms.rights)
        if sentence := walled(visitor, self.rooms.native.wall, school.school_id):
            return behind_the_wall(visitor, sentence)
        fault, title = "", request.form.get("title", "")
        if request.method == "POST":
            try:
                class_id = self.rooms.classes.make(visitor, school.school_id, title)
                return redirect(f"/classes/{class_id}?done=made", 303)
            except BadData as bad:
                fault = answer_of(bad).sentence
        page = render_template(
            "native/classes/new.html", visitor=visitor, school=school, schools=schools, title=title, fault=fault
        )
        return page, 400 if fault else 200

    def one(self, visitor: Visitor, class_id: str) -> Page:
        """Show a class: its code, who waits, who is in it."""
        rooms, classroom = self.rooms, self.rooms.rights.classroom(visitor, class_id)
        code = rooms.codes.newest(visitor.tenant_id, class_id)
        return render_template(
            "native/classes/one.html",
            visitor=visitor,
            classroom=classroom,
            students=rooms.classes.students(classroom),
            teachers=rooms.classes.teachers(classroom),
            waiting=rooms.codes.waiting(visitor.tenant_id, class_id),
            code=code if code and code.is_open(rooms.now()) else None,
            wall=walled(visitor, rooms.native.wall, classroom.school_id),
            done=DONE.get(request.args.get("done", "")),
            added=request.args.get("added", type=int),
        )

    def edit(self, visitor: Visitor, class_id: str, fault: str = "") -> Page:
        """Rename a class; its teachers and the archive are on the same page."""
        rooms, classroom = self.rooms, self.rooms.rights.classroom(visitor, class_id)
        title = request.form.get("title", classroom.title)
        if request.method == "POST" and not fault:
            try:
                rooms.classes.rename(visitor, class_id, title)
                return redirect(f"/classes/{class_id}?done=renamed", 303)
            except BadData as bad:
                fault = answer_of(bad).sentence
        words = request.args.get("q", "")
        page = render_template(
            "native/classes/edit.html",
            visitor=visitor,
            classroom=classroom,
            title=title,
            fault=fault,
            teachers=rooms.classes.teachers(classroom),
            words=words,
            found=rooms.classes.to_add(classroom, TEACHER, words),
            done=DONE.get(request.args.get("done", "")),
            wall=walled(visitor, rooms.native.wall, classroom.school_id),
        )
        return page, 400 if fault else 200

    def archive(self, visitor: Visitor, class_id: str) -> Page:
        """Put a class into the archive, or take it out."""
        if request.form.get("back"):
            self.rooms.classes.bring_back(visitor, class_id)
            return redirect(f"/classes/{class_id}?done=back", 303)
        self.rooms.classes.archive(visitor, class_id)
        return redirect("/classes?done=archived", 303)

    def teachers(self, visitor: Visitor, class_id: str) -> Page:
        """Add a teacher to a class, or take one out."""
        classes, out = self.rooms.classes, request.form.get("out", "")
        try:
            if out:
                classes.take_out(visitor, class_id, out, TEACHER)
            else:
                classes.add(visitor, class_id, request.form.getlist("person"), TEACHER)
        except BadData as bad:
            return self.edit(visitor, class_id, fault=answer_of(bad).sentence)
        if out == visitor.user_id:
            return redirect("/classes?done=teacher-out", 303)
        return redirect(f"/classes/{class_id}/edit?done={'teacher-out' if out else 'teacher'}", 303)

    def add(self, visitor: Visitor, class_id: str) -> Page:
        """Search the school's students and put those who are chosen into the class."""
        rooms, classroom = self.rooms, self.rooms.rights.classroom(visitor, class_id)
        if sentence := walled(visitor, rooms.native.wall, classroom.school_id):
            return behind_the_wall(visitor, sentence)
        if request.method == "POST":
            number = rooms.classes.add(visitor, class_id, request.form.getlist("person"), STUDENT)
            return redirect(f"/classes/{class_id}?added={number}", 303)
        words = request.args.get("q", "")
        return render_template(
            "native/classes/add.html",
            visitor=visitor,
            classroom=classroom,
            words=words,
            found=rooms.classes.to_add(classroom, STUDENT, words),
        )

    def leave(self, visitor: Visitor, class_id: str) -> Page:
        """Take a student out of a class."""
        self.rooms.classes.take_out(visitor, class_id, request.form.get("person", ""), STUDENT)
        return redirect(f"/classes/{class_id}?done=out", 303)
