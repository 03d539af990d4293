"""The students' door: a class code, then an account of their own, or the one they have (E1, E3)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.errors import answer_of
from gateway.services.classes.codes import Guesser
from gateway.services.classes.joining import Joined, suggestions
from gateway.services.classes.parts import Classrooms
from gateway.services.classes.rights import NotThere
from gateway.services.classes.student_form import FormFaults
from gateway.services.native.visits import LONGEST, Visitor
from gateway.store.classrooms.classes import find_class
from gateway.store.classrooms.codes import Found
from gateway.store.classrooms.school import taken_keys
from gateway.web.native.classrooms import room
from gateway.web.native.doors import Doors, Page, status_of
from gateway.web.session_cookie import SessionCookie
from providers.contract import Failure

_FIELDS = ("givenName", "familyName", "username", "password")


def joining_endpoints(doors: Doors, rooms: Classrooms) -> Blueprint:
    """Return the endpoints; they are for everybody who has a code."""
    endpoints, pages = room(doors, "joining", "/code"), JoiningPages(doors, rooms)
    endpoints.get("")(pages.ask)
    endpoints.post("")(pages.open)
    endpoints.post("/new")(pages.new)
    endpoints.post("/known")(pages.known)
    endpoints.post("/join")(doors.signed_in(pages.join))
    endpoints.get("/done/<class_id>")(doors.signed_in(pages.done))
    return endpoints


@dataclass(frozen=True, slots=True)
class JoiningPages:
    """The pages. A code is in forms only, never in an address (E4)."""

    doors: Doors
    rooms: Classrooms

    def ask(self) -> Page:
        """Ask for the code."""
        return self._with_session(self._asking())

    def open(self) -> Page:
        """Show which class a code opens, and the ways in."""
        self.doors.cookie.must_be_posted_here()
        visitor = self._visitor()
        try:
            found = self.rooms.codes.look_up(self._code(), self._guesser(visitor))
        except Failure as failure:
            return self._with_session(self._asking(failure), status_of(failure))
        return self._with_session(self._ways(found, visitor))

    def new(self) -> Page:
        """Make an account, and come in with it."""
        self.doors.cookie.must_be_posted_here()
        guesser, fields = self._guesser(None), {name: request.form.get(name, "") for name in _FIELDS}
        try:
            joined = self.rooms.joining.with_new_account(self._code(), fields, guesser, self.doors.browser())
        except FormFaults as faults:
            found = self.rooms.codes.look_up(self._code(), guesser)
            return self._with_session(self._ways(found, None, faults=faults.faults), 400)
        except Failure as failure:
            return self._with_session(self._asking(failure), status_of(failure))
        return self._entered(joined)

    def known(self) -> Page:
        """Sign in and come in, in one go."""
        self.doors.cookie.must_be_posted_here()
        guesser, form, secret = self._guesser(None), request.form, None
        try:
            found = self.rooms.codes.look_up(self._code(), guesser)
        except Failure as failure:
            return self._with_session(self._asking(failure), status_of(failure))
        try:
            username, password = form.get("known", ""), form.get("known_password", "")
            secret = self.rooms.native.visits.sign_in(username, password, self.doors.browser())
            visitor = self.rooms.native.visits.visit(secret)
            if visitor is None:
                raise NotThere
            joined = self.rooms.joining.with_own_account(visitor, self._code(), guesser)
        except Failure as failure:
            if secret:  # signed in, and may not join: the page for who is signed in says why
                return self.doors.cookie.give(self._refused(failure), secret, LONGEST)
            return self._with_session(self._ways(found, None, refused=failure), status_of(failure))
        return self._entered(joined._replace(secret=secret))

    def join(self, visitor: Visitor) -> Page:
        """Come in as who is signed in: one click."""
        try:
            return self._entered(self.rooms.joining.with_own_account(visitor, self._code(), self._guesser(visitor)))
        except Failure as failure:
            return self._refused(failure)

    def done(self, visitor: Visitor, class_id: str) -> Page:
        """Say that it worked, or that a teacher is asked."""
        found = find_class(self.rooms.store, visitor.tenant_id, class_id)
        if found is None:
            raise NotThere
        is_in = any(each.classroom.class_id == class_id for each in self.rooms.classes.attended(visitor))
        waits = any(
            each.member.user_id == visitor.user_id for each in self.rooms.codes.waiting(visitor.tenant_id, class_id)
        )
        if not is_in and not waits:
            raise NotThere
        return render_template("native/joining/done.html", visitor=visitor, classroom=found, is_in=is_in)

    def _entered(self, joined: Joined) -> AnyResponse:
        answer = redirect(f"/code/done/{joined.found.code.class_id}", 303)
        return self.doors.cookie.give(answer, joined.secret, LONGEST) if joined.secret else answer

    def _refused(self, failure: Failure) -> AnyResponse:
        page = render_template("native/refused.html", sentence=answer_of(failure).sentence, code=failure.code)
        return make_response(page, status_of(failure))

    def _asking(self, failure: Failure | None = None) -> str:
        fault = answer_of(failure).sentence if failure else ""
        typed = request.form.get("code", "")[:100]
        return render_template("native/joining/ask.html", visitor=self._visitor(), fault=fault, typed=typed)

    def _ways(
        self,
        found: Found,
        visitor: Visitor | None,
        *,
        faults: dict[str, str] | None = None,
        refused: Failure | None = None,
    ) -> str:
        form, faults = request.form, faults or {}
        ideas: list[str] = []
        if faults.get("username"):
            given, family = form.get("givenName", ""), form.get("familyName", "")
            ideas = suggestions(given, family, lambda tries: taken_keys(self.rooms.store, tries))
        return render_template(
            "native/joining/ways.html",
            visitor=visitor,
            found=found,
            given=form,
            faults=faults,
            ideas=ideas,
            refused=answer_of(refused).sentence if refused else "",
        )

    def _visitor(self) -> Visitor | None:
        return self.rooms.native.visits.visit(self.doors.cookie.secret())

    def _code(self) -> str:
        return request.form.get("code", "")

    @property
    def _guessing(self) -> SessionCookie:
        """A browser that only tries codes has a session for that, too: guesses are counted by it (E1)."""
        return SessionCookie("guessing", self.doors.public_url, "native.form")

    def _guesser(self, visitor: Visitor | None) -> Guesser:
        session = (self._guessing.secret() or "")[:100]
        return Guesser(request.remote_addr or "", session, visitor.account.id if visitor else None)

    def _with_session(self, page: str, status: int = 200) -> AnyResponse:
        answer = make_response(page, status)
        if self._guessing.secret():
            return answer
        return self._guessing.give(answer, secrets.token_urlsafe(16), LONGEST)
