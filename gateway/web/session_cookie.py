"""The cookie of a session with our own pages, and the proof that a form comes from one of them (attack J2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from gateway.services.forms import is_form_of
from gateway.web.browsers import is_posted_from_here
from providers.contract import Refused

_NOT_OURS: Final = "This form is not from the page you have open. Go back and try again."


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """`purpose` names it: two kinds of session in one browser never mix. `code` is that of a form that isn't ours."""

    purpose: str
    public_url: str
    code: str

    @property
    def name(self) -> str:
        """The cookie's name; over TLS no other host of the domain can set it."""
        return f"__Host-{self.purpose}" if self.is_https else self.purpose

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over TLS."""
        return self.public_url.startswith("https://")

    def secret(self) -> str | None:
        """Return what this request's browser brought."""
        return request.cookies.get(self.name)

    def give(self, response: AnyResponse, secret: str, lasts: timedelta) -> AnyResponse:
        """Let the browser keep a session."""
        seconds = int(lasts.total_seconds())
        response.set_cookie(
            self.name, secret, max_age=seconds, path="/", secure=self.is_https, httponly=True, samesite="Lax"
        )
        return response

    def take(self, response: AnyResponse) -> AnyResponse:
        """Let the browser forget its session."""
        response.delete_cookie(self.name, path="/", secure=self.is_https, httponly=True, samesite="Lax")
        return response

    def must_be_posted_here(self) -> None:
        """Raise Refused unless a page of ours posted this: enough where there is no session yet."""
        if not is_posted_from_here(request, self.public_url):
            raise Refused(self.code, _NOT_OURS)

    def must_be_form_of(self, token: str) -> None:
        """Raise Refused unless this form was made for this very session, and posted by a page of ours."""
        self.must_be_posted_here()
        if not is_form_of(token, request.form.get("form_token")):
            raise Refused(self.code, _NOT_OURS)
