"""The console's doors: sign in by a one-time link, sign out, and the guard around every page behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.services.operators.sessions import LONGEST, AtTheConsole, OperatorSessions
from gateway.web.session_cookie import SessionCookie

View = Callable[..., AnyResponse | str]


@dataclass(frozen=True, slots=True)
class Doors:
    """Knows a signed-in browser by its cookie."""

    sessions: OperatorSessions
    public_url: str

    def add(self, endpoints: Blueprint) -> None:
        """Add the doors to the console."""
        endpoints.get("/sign-in/<token>")(self.look)
        endpoints.post("/sign-in/<token>")(self.enter)
        endpoints.post("/sign-out")(self.guard(self.leave))

    def look(self, token: str) -> str:
        """Show one button: opening the link uses nothing up, and no other site can press it."""
        self.sessions.look_at(token)
        return render_template("console/sign_in.html", token=token)

    def enter(self, token: str) -> AnyResponse:
        """Use the link up and give the browser a new session."""
        self.cookie.must_be_posted_here()
        secret = self.sessions.sign_in(token, self.cookie.secret())
        return self.cookie.give(redirect(url_for("console.approvals"), 303), secret, LONGEST)

    def leave(self, _operator: AtTheConsole) -> AnyResponse:
        """End the session."""
        self.sessions.sign_out(self.cookie.secret() or "")
        return self.cookie.take(redirect(url_for("console.left"), 303))

    def guard(self, view: View) -> View:
        """Let only signed-in operators at a view, which gets its `AtTheConsole` first; forms must be ours (J2)."""

        @wraps(view)
        def guarded(**values: Any) -> AnyResponse | str:
            operator = self.sessions.visit(self.cookie.secret())
            if request.method == "POST":
                self.cookie.must_be_form_of(operator.form_token)
            return view(operator, **values)

        return guarded

    @property
    def cookie(self) -> SessionCookie:
        """The cookie that a signed-in browser keeps."""
        return SessionCookie("console", self.public_url, "operator.form")
