"""What a mail's link opens, and the page for who forgot a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.services.native.accounts import Accounts
from gateway.services.native.lost import PASSWORD, Lost
from gateway.store.native.links import VERIFY
from gateway.web.native.doors import Doors, Page, status_of
from gateway.web.session_cookie import SessionCookie
from providers.contract import BadData, Failure

_KEPT: Final = timedelta(hours=1)


def letter_endpoints(doors: Doors, accounts: Accounts, lost: Lost) -> Blueprint:
    """Return the endpoints."""
    endpoints, pages = doors.room("letters"), LetterPages(doors, accounts, lost)
    endpoints.get("/letter/<token>")(pages.take)
    endpoints.get("/letter")(pages.show)
    endpoints.post("/letter")(pages.use)
    endpoints.route("/forgot", methods=["GET", "POST"])(pages.forgot)
    return endpoints


@dataclass(frozen=True, slots=True)
class LetterPages:
    """A link's secret becomes a cookie at once, so that no page has it in its address; only a POST uses it up (E4)."""

    doors: Doors
    accounts: Accounts
    lost: Lost

    @property
    def cookie(self) -> SessionCookie:
        """The cookie that a link becomes."""
        return SessionCookie("native-letter", self.doors.public_url, "native.form")

    def take(self, token: str) -> AnyResponse:
        """Turn the address into a cookie."""
        return self.cookie.give(redirect("/letter", 303), token[:100], _KEPT)

    def show(self) -> Page:
        """Show what the link is for."""
        return self._page("")

    def use(self) -> Page:
        """Confirm the address, or take the new password."""
        self.cookie.must_be_posted_here()
        token = self.cookie.secret()
        if self.accounts.links.look_at(token).purpose == VERIFY:
            self.accounts.links.verify(token)
            return self.cookie.take(redirect("/account?done=verified", 303))
        try:
            secret = self.accounts.choose_password(token, request.form.get("new", ""), self.doors.browser())
        except BadData as failure:
            return self._page(failure.sentence), status_of(failure)
        response = self.doors.enter_with(secret)
        return self.cookie.take(response)

    def forgot(self) -> Page:
        """Ask who forgot a password, and say the same whatever is typed."""
        if request.method == "GET":
            return render_template("native/forgot.html", asked=False, fault="")
        self.doors.cookie.must_be_posted_here()
        try:
            self.lost.ask(PASSWORD, request.form.get("username", ""), self.doors.browser())
        except Failure as failure:
            return render_template("native/forgot.html", asked=False, fault=failure.sentence), status_of(failure)
        return render_template("native/forgot.html", asked=True, fault="")

    def _page(self, fault: str) -> str:
        link = self.accounts.links.look_at(self.cookie.secret())
        return render_template("native/letter.html", is_verify=link.purpose == VERIFY, email=link.email, fault=fault)
