"""How staff come by an account: an access code, then a form; and what to do when the code is lost (E2, E4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request

from gateway.errors import answer_of
from gateway.services.native.lost import CODE, Lost
from gateway.services.native.sign_up import FIELDS, FormFaults, Opened, SignUps
from gateway.services.native.visits import Visitor
from gateway.web.native.doors import Doors, Page, status_of
from providers.contract import Failure


def staff_endpoints(doors: Doors, sign_ups: SignUps, lost: Lost) -> Blueprint:
    """Return the endpoints."""
    endpoints, pages = doors.room("staff"), StaffPages(doors, sign_ups, lost)
    endpoints.get("/join")(pages.ask)
    endpoints.post("/join")(pages.open)
    endpoints.post("/join/new")(pages.sign_up)
    endpoints.post("/join/redeem")(doors.signed_in(pages.redeem, staff=True))
    endpoints.route("/join/lost", methods=["GET", "POST"])(pages.lost_code)
    endpoints.route("/colleagues", methods=["GET", "POST"])(doors.signed_in(pages.colleagues, staff=True))
    return endpoints


@dataclass(frozen=True, slots=True)
class StaffPages:
    """The pages. A code is in forms only, never in an address; a hidden field carries it from step to step."""

    doors: Doors
    sign_ups: SignUps
    lost: Lost

    def ask(self) -> Page:
        """Ask for the access code."""
        return self._asking()

    def open(self) -> Page:
        """Show what a code leads to: the form for an account, or for who is signed in what it adds."""
        self.doors.cookie.must_be_posted_here()
        code, visitor = request.form.get("code", ""), self.doors.visitor()
        visitor = visitor if visitor is not None and visitor.is_staff else None
        try:
            opened = self.sign_ups.look_up(code, self.doors.browser(), visitor)
        except Failure as failure:
            return self._asking(failure, code), status_of(failure)
        if visitor is not None:
            return render_template("native/redeem.html", visitor=visitor, opened=opened, code=code, here="/join")
        return _form(opened, code, {}, {})

    def sign_up(self) -> Page:
        """Make the account and sign it in."""
        self.doors.cookie.must_be_posted_here()
        code, form = request.form.get("code", ""), {name: request.form.get(name, "") for name in FIELDS}
        try:
            secret = self.sign_ups.sign_up(code, form, self.doors.browser())
        except FormFaults as wrong:
            opened = self.sign_ups.look_up(code, self.doors.browser())
            return _form(opened, code, form, wrong.faults), 400
        except Failure as failure:
            return self._asking(failure, code), status_of(failure)
        return self.doors.enter_with(secret)

    def redeem(self, visitor: Visitor) -> Page:
        """Add what a code brings to the account."""
        code = request.form.get("code", "")
        try:
            order = self.sign_ups.redeem(code, visitor, self.doors.browser())
        except Failure as failure:
            return self._asking(failure, code), status_of(failure)
        return render_template("native/redeemed.html", visitor=visitor, order=order, here="/join")

    def lost_code(self) -> Page:
        """Ask for the buyer's address, and say the same whatever it is."""
        asked, fault = False, ""
        if request.method == "POST":
            self.doors.cookie.must_be_posted_here()
            try:
                self.lost.ask(CODE, request.form.get("email", ""), self.doors.browser())
                asked = True
            except Failure as failure:
                return render_template("native/lost_code.html", asked=False, fault=failure.sentence), status_of(failure)
        return render_template("native/lost_code.html", asked=asked, fault=fault)

    def colleagues(self, visitor: Visitor) -> Page:
        """Invite a colleague by e-mail."""
        email = request.form.get("email", "")
        if request.method == "GET":
            return _colleagues(visitor, invited="invited" in request.args)
        try:
            self.sign_ups.invite(visitor, email)
        except Failure as failure:
            return _colleagues(visitor, fault=failure.sentence, email=email), status_of(failure)
        return redirect("/colleagues?invited=1", 303)

    def _asking(self, failure: Failure | None = None, code: str = "") -> str:
        fault = answer_of(failure).sentence if failure else ""
        return render_template("native/join.html", fault=fault, code=code, visitor=self.doors.visitor(), here="/join")


def _colleagues(visitor: Visitor, *, invited: bool = False, fault: str = "", email: str = "") -> str:
    return render_template(
        "native/colleagues.html", visitor=visitor, invited=invited, fault=fault, email=email, here="/colleagues"
    )


def _form(opened: Opened, code: str, given: Mapping[str, str], faults: Mapping[str, str]) -> str:
    return render_template("native/sign_up.html", opened=opened, code=code, given=given, faults=faults)
