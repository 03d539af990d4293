"""Pages of lists: upload, columns, what will happen row by row, progress, what happened (E6, E8, E9, E10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request

from gateway.errors import answer_of
from gateway.services.classes.parts import Classrooms
from gateway.services.native.visits import Visitor
from gateway.services.native_import.bad_rows import template
from gateway.services.native_import.columns import COLUMNS
from gateway.services.native_import.encodings import CHOICES
from gateway.services.native_import.handing import reason
from gateway.services.native_import.headings import recognise
from gateway.services.native_import.plan import ACTIONS, NEVER_NEW
from gateway.services.native_import.sheet import MOST_BYTES
from gateway.store.classrooms.imports import MAPPING, PLANNED, READING, WRITING, WRITTEN, Import
from gateway.web.native.classrooms import behind_the_wall, room, school_of, walled
from gateway.web.native.doors import Doors, Page
from providers.contract import BadData

SHOWN: Final = 20  # rows of each kind on the first look
PAGE: Final = 100
_ROOM: Final = 64 * 1024  # what a form has around a file


def student_import_endpoints(doors: Doors, rooms: Classrooms) -> Blueprint:
    """Return the endpoints; all are for staff."""
    endpoints, pages = room(doors, "student_imports", "/students/import"), ImportPages(rooms)
    endpoints.before_request(_let_files_in)
    for path, methods, view in (
        ("", ["GET", "POST"], pages.upload),
        ("/<import_id>", ["GET"], pages.one),
        ("/<import_id>/columns", ["GET", "POST"], pages.columns),
        ("/<import_id>/rows/<action>", ["GET"], pages.rows),
        ("/<import_id>/decide", ["POST"], pages.decide),
        ("/<import_id>/write", ["POST"], pages.write),
        ("/<import_id>/throw-away", ["POST"], pages.throw_away),
        ("/<import_id>/left-out", ["GET"], pages.left_out),
        ("/<import_id>/passwords", ["POST"], pages.passwords),
    ):
        endpoints.route(path, methods=methods)(doors.signed_in(view, staff=True))
    endpoints.get("/template")(doors.signed_in(pages.template, staff=True))
    return endpoints


def _let_files_in() -> None:
    """A list may be larger than other forms; one that is too large for us, too, is read to its end and told so."""
    if request.method == "POST" and request.endpoint == "student_imports.upload":
        request.max_content_length = 2 * MOST_BYTES + _ROOM


@dataclass(frozen=True, slots=True)
class ImportPages:
    """The pages; each gets who is signed in."""

    rooms: Classrooms

    def template(self, _visitor: Visitor) -> Page:
        """Hand out the template."""
        return _csv(template(), "students-template.csv")

    def upload(self, visitor: Visitor) -> Page:
        """Ask for a file, and go on with it."""
        school, schools = school_of(visitor, self.rooms.rights)
        if sentence := walled(visitor, self.rooms.native.wall, school.school_id):
            return behind_the_wall(visitor, sentence)
        fault = ""
        if request.method == "POST":
            file = request.files.get("file")
            try:
                if file is None or not file.filename:
                    raise BadData("students.no_file", "Please choose a file first.")
                one = self.rooms.imports.upload(visitor, school.school_id, file.filename, file.read(MOST_BYTES + 1))
                return redirect(f"/students/import/{one.id}", 303)
            except BadData as bad:
                fault = answer_of(bad).sentence
        page = render_template(
            "native/students/upload.html", visitor=visitor, school=school, schools=schools, fault=fault,
            columns=COLUMNS, newest=self.rooms.imports.newest(visitor),
        )  # fmt: skip
        return page, 400 if fault else 200

    def one(self, visitor: Visitor, import_id: str) -> Page:
        """Show a list as far as it is."""
        one = self.rooms.imports.find(visitor, import_id)
        if one.state == MAPPING:
            return redirect(f"/students/import/{one.id}/columns", 303)
        if one.state in (READING, WRITING):
            return self._progress(visitor, one)
        if one.state == PLANNED:
            return self._preview(visitor, one)
        left = one.counts.get("refused", 0) + len(self._undecided(one)) if one.state == WRITTEN else 0
        return render_template(
            "native/students/result.html",
            visitor=visitor,
            one=one,
            left=left,
            has_passwords=self.rooms.handing.can_hand_out(one),
        )

    def _undecided(self, one: Import) -> list[Any]:
        return [row for row in self.rooms.imports.rows(one, "doubt", most=1000) if row.decision is None]

    def _progress(self, visitor: Visitor, one: Import) -> Page:
        """Say how far the work is; the page asks again by itself, with a script or without."""
        page = make_response(render_template("native/students/progress.html", visitor=visitor, one=one))
        page.headers["Refresh"] = "2"
        return page

    def _preview(self, visitor: Visitor, one: Import) -> Page:
        imports = self.rooms.imports
        found = {action: imports.rows(one, action, most=SHOWN) for action in ACTIONS if action != "doubt"}
        doubts = imports.rows(one, "doubt", most=PAGE)
        decided = self.rooms.imports.decided(one)
        return render_template(
            "native/students/preview.html",
            visitor=visitor,
            one=one,
            found=found,
            doubts=doubts,
            decided=decided,
            good=one.counts.get("new", 0) + one.counts.get("changed", 0) + decided,
            left=one.counts.get("refused", 0) + one.counts.get("doubt", 0) - decided,
            shown=SHOWN,
            never_new=NEVER_NEW,
            reason=reason,
            titles=self.rooms.imports.class_titles(one),
        )

    def rows(self, visitor: Visitor, import_id: str, action: str) -> Page:
        """Show all rows of one kind, a page at a time."""
        one = self.rooms.imports.find(visitor, import_id)
        after = request.args.get("after", 0, type=int)
        found = self.rooms.imports.rows(one, action, after=max(after, 0), most=PAGE + 1)
        return render_template(
            "native/students/rows.html", visitor=visitor, one=one, action=action, rows=found[:PAGE],
            next=found[PAGE - 1].row if len(found) > PAGE else None, reason=reason,
            titles=self.rooms.imports.class_titles(one),
        )  # fmt: skip

    def columns(self, visitor: Visitor, import_id: str) -> Page:
        """Let a person say which column is what, and how the file's text is written."""
        one, imports, fault = self.rooms.imports.find(visitor, import_id), self.rooms.imports, ""
        if request.method == "POST":
            try:
                if request.form.get("do") == "encoding":
                    imports.recode(visitor, import_id, request.form.get("encoding", ""))
                    return redirect(f"/students/import/{import_id}/columns", 303)
                chosen = {column.name: request.form.get(column.name, "") for column in COLUMNS}
                imports.settle(visitor, import_id, chosen, request.form.get("encoding"))
                return redirect(f"/students/import/{import_id}", 303)
            except BadData as bad:
                one, fault = imports.find(visitor, import_id), answer_of(bad).sentence
        if one.state not in (MAPPING, PLANNED):
            return redirect(f"/students/import/{import_id}", 303)
        sheet, rows = imports.sample(one)
        page = render_template(
            "native/students/columns.html", visitor=visitor, one=one, sheet=sheet, rows=rows, columns=COLUMNS,
            encodings=CHOICES, fault=fault, ambiguous=recognise(sheet.headings).ambiguous,
        )  # fmt: skip
        return page, 400 if fault else 200

    def decide(self, visitor: Visitor, import_id: str) -> Page:
        """Keep what a person said about rows in doubt."""
        decisions = {
            int(name[4:]): choice
            for name, choice in request.form.items()
            if name.startswith("row-") and name[4:].isdecimal() and len(name) < 12
        }
        self.rooms.imports.decide(visitor, import_id, decisions)
        return redirect(f"/students/import/{import_id}", 303)

    def write(self, visitor: Visitor, import_id: str) -> Page:
        """Write the good rows."""
        self.rooms.imports.write(visitor, import_id)
        return redirect(f"/students/import/{import_id}", 303)

    def throw_away(self, visitor: Visitor, import_id: str) -> Page:
        """Write nothing."""
        self.rooms.imports.throw_away(visitor, import_id)
        return redirect("/students/import", 303)

    def left_out(self, visitor: Visitor, import_id: str) -> Page:
        """Hand out the rows that were left out."""
        return _csv(self.rooms.handing.left_out(visitor, import_id), "students-left-out.csv")

    def passwords(self, visitor: Visitor, import_id: str) -> Page:
        """Hand out the made passwords: once, as a sheet to print or as a file (E10)."""
        one, slips = self.rooms.imports.find(visitor, import_id), self.rooms.handing.passwords(visitor, import_id)
        return render_template("native/students/passwords.html", visitor=visitor, one=one, slips=slips)


def _csv(data: bytes, name: str) -> Response:
    answer = Response(data, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
