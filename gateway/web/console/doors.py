"""The console's doors: sign in by a one-time link, sign out, and the guard around every page behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.services.operators.sessions import LONGEST, AtTheConsole, OperatorSessions, is_form_of
from gateway.web.browsers import is_posted_from_here
from providers.contract import Refused

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
        self._must_be_posted_here()
        secret = self.sessions.sign_in(token, request.cookies.get(self.cookie))
        response = redirect(url_for("console.approvals"), 303)
        response.set_cookie(
            self.cookie,
            secret,
            max_age=int(LONGEST.total_seconds()),
            path="/",
            secure=self._is_https,
            httponly=True,
            samesite="Lax",
        )
        return response

    def leave(self, _operator: AtTheConsole) -> AnyResponse:
        """End the session."""
        self.sessions.sign_out(request.cookies[self.cookie])
        response = redirect(url_for("console.left"), 303)
        response.delete_cookie(self.cookie, path="/", secure=self._is_https, httponly=True, samesite="Lax")
        return response

    def guard(self, view: View) -> View:
        """Let only signed-in operators at a view, which gets its `AtTheConsole` first; forms must be ours (J2)."""

        @wraps(view)
        def guarded(**values: Any) -> AnyResponse | str:
            operator = self.sessions.visit(request.cookies.get(self.cookie))
            if request.method == "POST":
                self._must_be_posted_here()
                if not is_form_of(operator, request.form.get("form_token")):
                    raise Refused(
                        "operator.form", "This form is not from the page you have open. Go back and try again."
                    )
            return view(operator, **values)

        return guarded

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return "__Host-console" if self._is_https else "console"

    @property
    def _is_https(self) -> bool:
        return self.public_url.startswith("https://")

    def _must_be_posted_here(self) -> None:
        if not is_posted_from_here(request, self.public_url):
            raise Refused("operator.form", "This form is not from the page you have open. Go back and try again.")
