"""Pages of class codes: shown large, printed, made anew, closed; and who waits to be let in."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup

from gateway.services.classes.code_text import shown
from gateway.services.classes.codes import DAYS, USUAL_DAYS
from gateway.services.classes.parts import Classrooms
from gateway.services.native.visits import Visitor
from gateway.web.native.classrooms import behind_the_wall, room, walled
from gateway.web.native.doors import Doors, Page

DONE = {
    "made": "The code is made. Show it to your students.",
    "closed": "The code is closed. Nobody can join with it any more.",
    "approval": "From now on you let new students in yourself.",
    "open": "New students join at once.",
}


def class_code_endpoints(doors: Doors, rooms: Classrooms) -> Blueprint:
    """Return the endpoints; all are for staff."""
    endpoints, pages = room(doors, "class_codes", "/classes/<class_id>"), CodePages(rooms, doors.public_url)
    for path, methods, view in (
        ("/code", ["GET", "POST"], pages.code),
        ("/code/sheet", ["GET"], pages.sheet),
        ("/waiting", ["GET", "POST"], pages.waiting),
    ):
        endpoints.route(path, methods=methods)(doors.signed_in(view, staff=True))
    endpoints.add_app_template_filter(shown, "class_code")
    return endpoints


@dataclass(frozen=True, slots=True)
class CodePages:
    """The pages; each gets who is signed in."""

    rooms: Classrooms
    public_url: str

    def code(self, visitor: Visitor, class_id: str) -> Page:
        """Show the code large, with all that can be done with it."""
        rooms, classroom = self.rooms, self.rooms.rights.classroom(visitor, class_id)
        if sentence := walled(visitor, rooms.native.wall, classroom.school_id):
            return behind_the_wall(visitor, sentence)
        if request.method == "POST":
            return redirect(f"/classes/{class_id}/code?done={self._change(visitor, class_id)}", 303)
        code = rooms.codes.newest(visitor.tenant_id, class_id)
        return render_template(
            "native/classes/code.html",
            visitor=visitor,
            classroom=classroom,
            code=code if code and code.is_open(rooms.now()) else None,
            last=code,
            days=DAYS,
            usual=USUAL_DAYS,
            address=self.address,
            done=DONE.get(request.args.get("done", "")),
        )

    def _change(self, visitor: Visitor, class_id: str) -> str:
        codes, form = self.rooms.codes, request.form
        wish, needs_approval = form.get("do", ""), form.get("approval") == "yes"
        if wish == "close":
            codes.close(visitor, class_id)
            return "closed"
        if wish == "approval":
            codes.ask_approval(visitor, class_id, needs_approval=needs_approval)
            return "approval" if needs_approval else "open"
        days = form.get("days", "")
        number = int(days) if days.isdecimal() and len(days) < 4 else USUAL_DAYS
        codes.make(visitor, class_id, days=number, needs_approval=needs_approval)
        return "made"

    def sheet(self, visitor: Visitor, class_id: str) -> Page:
        """Show the sheet that hangs on the wall or lies on the tables."""
        rooms, classroom = self.rooms, self.rooms.rights.classroom(visitor, class_id)
        code = rooms.codes.newest(visitor.tenant_id, class_id)
        if code is None or not code.is_open(rooms.now()):
            return redirect(f"/classes/{class_id}/code", 303)
        # The code stands behind a #: it is sent to no server, and no log or Referer ever has it (E4).
        picture = segno.make(f"{self.public_url}/code#{shown(code.code)}", error="m", micro=False)
        return render_template(
            "native/classes/sheet.html",
            visitor=visitor,
            classroom=classroom,
            code=code,
            address=self.address,
            picture=Markup(picture.svg_inline(border=2, omitsize=True, title="QR code")),  # noqa: S704 - our own drawing
        )

    def waiting(self, visitor: Visitor, class_id: str) -> Page:
        """Show who waits to be let in, and take the decisions."""
        rooms, classroom = self.rooms, self.rooms.rights.classroom(visitor, class_id)
        if request.method == "POST":
            people = request.form.getlist("person")
            if request.form.get("do") == "in":
                number = rooms.codes.let_in(visitor, class_id, people)
                return redirect(f"/classes/{class_id}?added={number}", 303)
            rooms.codes.turn_away(visitor, class_id, people)
            return redirect(f"/classes/{class_id}/waiting", 303)
        found = rooms.codes.waiting(visitor.tenant_id, class_id)
        return render_template("native/classes/waiting.html", visitor=visitor, classroom=classroom, found=found)

    @property
    def address(self) -> str:
        """What students type into their browser."""
        return f"{self.public_url.partition('://')[2]}/code"
