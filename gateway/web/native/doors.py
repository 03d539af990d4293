"""The doors of the native pages: sign in and out, and the guard that gives a view who is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.errors import answer_of
from gateway.services.native.opening import Opening
from gateway.services.native.visits import LONGEST, Browser, Visitor, Visits
from gateway.services.resuming import request_to_keep
from gateway.web.headers import with_forms
from gateway.web.native.devices import device_of
from gateway.web.parameters import query_of
from gateway.web.session_cookie import SessionCookie
from providers.contract import Failure, Refused

Page = AnyResponse | str | tuple[str, int]
View = Callable[..., Page]
TOO_MANY: Final = 429
OWN_CHOICE: Final = "/account/password"
_OWN_PATH: Final = re.compile(r"/[a-z0-9][a-z0-9/_-]*")


@dataclass(frozen=True, slots=True)
class Doors:
    """Knows a signed-in browser by its cookie. Put `signed_in` around each view, and make blueprints with `room`."""

    visits: Visits
    opening: Opening
    public_url: str

    @property
    def cookie(self) -> SessionCookie:
        """The cookie that a signed-in browser keeps."""
        return SessionCookie("native", self.public_url, "native.form")

    def room(self, name: str, prefix: str = "") -> Blueprint:
        """Return a blueprint of native pages, whose failures come as a page of their own."""
        endpoints = Blueprint(name, __name__, url_prefix=prefix)
        endpoints.after_request(_as_native)
        endpoints.register_error_handler(Failure, refused_page)
        return endpoints

    def add(self, endpoints: Blueprint) -> None:
        """Add sign-in and sign-out."""
        endpoints.get("/sign-in")(self.ask)
        endpoints.post("/sign-in")(self.enter)
        endpoints.post("/sign-out")(self.signed_in(self.leave, may_wait=True))

    def ask(self) -> Page:
        """Show the sign-in form; who is signed in already goes on, unless the application wants them to sign in."""
        resume = request_to_keep(query_of(request))
        visitor = self.visits.visit(self.cookie.secret())
        if visitor is None or "login" in dict(parse_qsl(resume)).get("prompt", "").split():
            return self._form(resume)
        return redirect(self.opening.resume(visitor, resume) if resume else _next_path(), 303)

    def enter(self) -> Page:
        """Check username and password, and give the browser a new session."""
        self.cookie.must_be_posted_here()
        username, password = request.form.get("username", ""), request.form.get("password", "")
        resume = request_to_keep(dict(parse_qsl(request.form.get("resume", ""))))
        try:
            secret = self.visits.sign_in(username, password, self.browser())
        except Failure as failure:
            return self._form(resume, failure, username=username), status_of(failure)
        return self.enter_with(secret, resume)

    def enter_with(self, secret: str, resume: str = "") -> AnyResponse:
        """Give the browser a session and send it on: home, to the page it wanted, or back to the application."""
        if not resume:
            return self.cookie.give(redirect(_next_path(), 303), secret, LONGEST)
        visitor = self.visits.visit(secret)
        assert visitor is not None
        if visitor.account.must_change:
            return self.cookie.give(redirect(OWN_CHOICE, 303), secret, LONGEST)
        # A page, not a redirect: browsers hold the answer to a form to this page's form-action, which is our own site.
        page = render_template("native/onward.html", url=self.opening.resume(visitor, resume))
        return self.cookie.give(Response(page, mimetype="text/html"), secret, LONGEST)

    def leave(self, _visitor: Visitor) -> AnyResponse:
        """End the session."""
        self.visits.sign_out(self.cookie.secret() or "")
        return self.cookie.take(redirect("/sign-in?left=1", 303))

    def signed_in(self, view: View, *, staff: bool = False, may_wait: bool = False) -> View:
        """Let only people who are signed in at a view, which gets its `Visitor` first; forms must be ours (J2).

        With `staff` only teachers and administrators. Others are sent to sign in and come back to this page. Who got
        a password from somebody else chooses an own one first, except on views that `may_wait`.
        """

        @wraps(view)
        def guarded(**values: Any) -> Page:
            visitor = self.visits.visit(self.cookie.secret())
            if visitor is None:
                return redirect(_sign_in_path(), 303)
            if request.method == "POST":
                self.cookie.must_be_form_of(visitor.form_token)
            if visitor.account.must_change and not may_wait:
                return redirect(OWN_CHOICE, 303)
            if staff and not visitor.is_staff:
                raise Refused("native.staff_only", "This page is for teachers and administrators.")
            return view(visitor, **values)

        return guarded

    def visitor(self) -> Visitor | None:
        """Return who is signed in, for pages that everybody may see."""
        return self.visits.visit(self.cookie.secret())

    def browser(self) -> Browser:
        """Return what matters of this request's browser."""
        device = device_of(request.headers.get("User-Agent", ""))
        return Browser(request.remote_addr or "", device, self.cookie.secret())

    def _form(self, resume: str, failure: Failure | None = None, username: str = "") -> str:
        return render_template(
            "native/sign_in.html",
            fault=answer_of(failure).sentence if failure else "",
            username=username,
            next=_next_path(),
            resume=resume,
            left="left" in request.args,
        )


def status_of(failure: Failure) -> int:
    """Return the status of a failure's page: too many tries have one of their own (RFC 6585 4)."""
    return TOO_MANY if failure.code == "native.too_many_tries" else answer_of(failure).status


def refused_page(failure: Failure) -> tuple[str, int]:
    """Return the page of what a view could not do."""
    sentence = answer_of(failure).sentence
    return render_template("native/refused.html", sentence=sentence, code=failure.code), status_of(failure)


def _as_native(response: Response) -> Response:
    """Without `no-referrer` browsers say where a form comes from; other sites learn nothing all the same."""
    if 300 <= response.status_code < 400:
        return response
    response.headers["Referrer-Policy"] = "same-origin"
    return with_forms(response)


def _next_path() -> str:
    """Return where to go after the sign-in: a plain path of ours, or home."""
    wished = request.values.get("next", "")
    return wished if _OWN_PATH.fullmatch(wished) else "/home"


def _sign_in_path() -> str:
    if request.method != "GET" or not _OWN_PATH.fullmatch(request.path):
        return "/sign-in"
    return f"/sign-in?{urlencode({'next': request.path}, safe='/')}"
