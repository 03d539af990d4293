"""One's own account: data, password, sessions, leaving; and a new password for a student."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.services.native.accounts import Accounts
from gateway.services.native.visits import Visitor
from gateway.web.native.doors import OWN_CHOICE, Doors, Page, status_of
from providers.contract import Failure


def account_endpoints(doors: Doors, accounts: Accounts) -> Blueprint:
    """Return the endpoints."""
    endpoints, pages = doors.room("account"), AccountPages(doors, accounts)
    endpoints.get("/account")(doors.signed_in(pages.show))
    for path, view in (
        ("/name", pages.rename),
        ("/email", pages.change_email),
        ("/sessions/<session_id>/end", pages.end_session),
        ("/sign-out-everywhere", pages.end_all),
        ("/close", pages.close),
    ):
        endpoints.post(f"/account{path}")(doors.signed_in(view))
    endpoints.route(OWN_CHOICE, methods=["GET", "POST"])(doors.signed_in(pages.password, may_wait=True))
    reset = doors.signed_in(pages.reset, staff=True)
    endpoints.route("/passwords/<user_id>", methods=["GET", "POST"])(reset)
    return endpoints


@dataclass(frozen=True, slots=True)
class AccountPages:
    """The pages; each gets who is signed in."""

    doors: Doors
    accounts: Accounts

    def show(self, visitor: Visitor, **more: Any) -> str:
        """Show the account."""
        return render_template(
            "native/account.html",
            visitor=visitor,
            sessions=self.accounts.sessions(visitor),
            done=request.args.get("done", ""),
            here="/account",
            **{"faults": {}, **more},
        )

    def rename(self, visitor: Visitor) -> Page:
        """Change the name."""
        names = (request.form.get("given_name", ""), request.form.get("family_name", ""))
        return self._try(visitor, "name", lambda: self.accounts.rename(visitor, *names))

    def change_email(self, visitor: Visitor) -> Page:
        """Have another address confirmed."""
        email = request.form.get("email", "")
        return self._try(visitor, "email", lambda: self.accounts.change_email(visitor, email))

    def end_session(self, visitor: Visitor, session_id: str) -> Page:
        """Sign out another device."""
        self.accounts.end_session(visitor, session_id)
        return redirect("/account?done=session", 303)

    def end_all(self, visitor: Visitor) -> AnyResponse:
        """Sign out everywhere."""
        self.accounts.end_all(visitor)
        return self.doors.cookie.take(redirect("/sign-in?left=1", 303))

    def close(self, visitor: Visitor) -> Page:
        """Close the account."""
        try:
            self.accounts.deactivate(visitor, request.form.get("password", ""))
        except Failure as failure:
            return self.show(visitor, faults={"close": failure.sentence}), status_of(failure)
        return self.doors.cookie.take(redirect("/sign-in?left=1", 303))

    def password(self, visitor: Visitor) -> Page:
        """Choose another password."""
        if request.method == "GET":
            return render_template("native/password.html", visitor=visitor, fault="", here="/account")
        form = request.form
        try:
            self.accounts.change_password(visitor, form.get("old", ""), form.get("new", ""))
        except Failure as failure:
            page = render_template("native/password.html", visitor=visitor, fault=failure.sentence, here="/account")
            return page, status_of(failure)
        return redirect("/home" if visitor.account.must_change else "/account?done=password", 303)

    def reset(self, visitor: Visitor, user_id: str) -> str:
        """Give a student a new password; it is on the answer to this form alone."""
        if request.method == "GET":
            pupil = self.accounts.pupil(visitor, user_id)
            return render_template("native/reset_pupil.html", visitor=visitor, pupil=pupil, password="", here="")
        made = self.accounts.reset_pupil(visitor, user_id)
        return render_template(
            "native/reset_pupil.html", visitor=visitor, pupil=made.pupil, password=made.password, here=""
        )

    def _try(self, visitor: Visitor, what: str, change: Any) -> Page:
        try:
            change()
        except Failure as failure:
            return self.show(visitor, faults={what: failure.sentence}), status_of(failure)
        return redirect(f"/account?done={what}", 303)
