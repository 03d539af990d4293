"""A portal by the book on loopback: two districts with the same local ids, OAuth 2's code, and who somebody is."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from providers.contract import LaunchPerson, Role, SignedIn
from providers.kit.simulator.serving import running
from providers.kit.simulator.simulated_portal import OpenPortal, PortalFault, SimulatedPortal

CLIENT_ID, CLIENT_SECRET = "portal-client", "portal-secret"
COOKIE: Final = "portal_session"
HOME, ELSEWHERE = "district-1", "district-2"
_CAST: Final[dict[str, tuple[str, str, Role, str, str]]] = {
    "student": (HOME, "1001", Role.STUDENT, "Sam", "Okafor"),
    "teacher": (HOME, "2001", Role.TEACHER, "Tia", "Lindqvist"),
    "elsewhere": (ELSEWHERE, "1001", Role.STUDENT, "Sam", "Okafor"),
}
FAULTS: Final[tuple[PortalFault, ...]] = ("down", "html", "blank_subject", "blank_district", "no_state")


def person(key: str) -> SignedIn:
    """Return how a room must know somebody of the cast."""
    district, subject, role, given, family = _CAST[key]
    told = LaunchPerson(given_name=given, family_name=family, email=f"{given}.{family}@school.example".lower())
    return SignedIn(district, subject, told, (role,))


@dataclass
class PortalByTheBook:
    """Keeps everything in memory; `faults` are those that happen now."""

    base_url: str = "https://portal.example"
    redirect_uris: tuple[str, ...] = ()
    faults: frozenset[PortalFault] = frozenset()
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def register(self, redirect_uri: str) -> None:
        """Enter a redirect address."""
        self.redirect_uris = (*self.redirect_uris, redirect_uri)

    def settings(self) -> Mapping[str, Any]:
        """Return the settings that reach the first district."""
        secret = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return {**secret, "district_id": HOME, "portal_url": self.base_url}

    def app(self) -> Flask:
        """Return it as a web application."""
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/", "home", self._home)
        app.add_url_rule("/as/<key>", "enter", self._enter)
        app.add_url_rule("/open", "open", self._open)
        app.add_url_rule("/authorize", "authorize", self._authorize)
        app.add_url_rule("/token", "token", self._token, methods=["POST"])
        app.add_url_rule("/me", "me", self._me)
        return app

    def _home(self) -> str:
        links = Markup("").join(Markup('<p><a href="/as/{0}">{0}</a></p>').format(key) for key in _CAST)
        return Markup("<!doctype html><title>Portal</title><h1>Who are you?</h1>{}").format(links)

    def _enter(self, key: str) -> ResponseReturnValue:
        answer = redirect(request.args.get("next") or "/open", 303)
        answer.set_cookie(COOKIE, key, samesite="Lax")
        return answer

    def _open(self) -> ResponseReturnValue:
        """Send a person to the first redirect address, with a code that nobody asked for."""
        return self._back(request.cookies.get(COOKIE, ""), self.redirect_uris[0], None)

    def _authorize(self) -> ResponseReturnValue:
        asked, key = request.args, request.cookies.get(COOKIE, "")
        if asked.get("client_id") != CLIENT_ID or asked.get("redirect_uri") not in self.redirect_uris:
            return "Not registered", 400
        if key not in _CAST:
            return self._home()
        return self._back(key, asked["redirect_uri"], None if "no_state" in self.faults else asked.get("state"))

    def _back(self, key: str, redirect_uri: str, state: str | None) -> ResponseReturnValue:
        code = secrets.token_hex(16)
        self.codes[code] = (key, redirect_uri)
        return redirect(f"{redirect_uri}?{urlencode({'code': code} | ({'state': state} if state else {}))}", 302)

    def _token(self) -> ResponseReturnValue:
        expected = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if "down" in self.faults:
            return "", 503
        if request.headers.get("Authorization") != f"Basic {expected}":
            return jsonify(error="invalid_client"), 401
        key, redirect_uri = self.codes.pop(request.form.get("code", ""), ("", ""))
        if key not in _CAST or redirect_uri != request.form.get("redirect_uri"):
            return jsonify(error="invalid_grant"), 400
        token = secrets.token_hex(16)
        self.tokens[token] = key
        return jsonify(access_token=token, token_type="bearer")  # noqa: S106 - the kind of the token

    def _me(self) -> ResponseReturnValue:
        key = self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if "html" in self.faults or key is None:
            return Response("<!doctype html><title>Portal</title>", 200 if key else 401)
        district, subject, role, given, family = _CAST[key]
        email = f"{given}.{family}@school.example".lower()
        return jsonify(
            id="" if "blank_subject" in self.faults else subject,
            district="" if "blank_district" in self.faults else district,
            role=role.value,
            given_name=given,
            family_name=family,
            email=email,
        )


def create_portal(base_url: str) -> OpenPortal:
    """Return a portal for the demo."""
    portal = PortalByTheBook(base_url)
    return OpenPortal(portal.app(), portal.settings(), portal.register, "/")


@contextmanager
def simulate_sign_in() -> Iterator[SimulatedPortal]:
    """Serve a portal, and yield what is to be known of it."""
    portal = PortalByTheBook()

    def build(base_url: str) -> Flask:
        portal.base_url = base_url
        return portal.app()

    def visit(address: str, key: str) -> str:
        browser = portal.app().test_client()
        browser.set_cookie(COOKIE, key)
        return str(browser.get(address.removeprefix(portal.base_url)).location)

    def strike(*faults: PortalFault) -> None:
        portal.faults = frozenset(faults)

    with running(build):
        yield SimulatedPortal(
            settings=portal.settings(),
            register=portal.register,
            people={key: person(key) for key in _CAST},
            sign_in=visit,
            arrive=lambda key: visit("/open", key),
            strike=strike,
        )
