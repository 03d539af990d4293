"""A small Flask app that signs people in with Authlib's client and shows who they are."""

from __future__ import annotations

import json
from typing import Any

from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from gateway.sample.answering import page
from gateway.sample.choosing import add_choosing
from gateway.sample.lessons import LESSONS, answer_url, lesson_of
from gateway.sample.people import Remembered, Visit
from gateway.sample.reading import read_person


def create_sample(*, issuer: str, client_id: str, client_secret: str, own_url: str, secret_key: str) -> Flask:
    """Return the sample application. `own_url` is where browsers reach it, without a trailing slash."""
    app = Flask(__name__)
    app.secret_key = secret_key
    # In the LMS's frame this page is a third party. Chromium keeps a third party's cookie only when it is Partitioned
    # (kept apart for each site around the frame), and takes Secure ones from http://localhost too.
    app.config.update(
        GATEWAY=issuer,
        SESSION_COOKIE_NAME="sample_session",  # the gateway may share the host, and cookies don't tell ports apart
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="None",
        SESSION_COOKIE_PARTITIONED=True,
    )
    school = OAuth(app).register(  # type: ignore[no-untyped-call]
        "school",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": 10},
    )
    _add_sign_in(app, school, issuer, f"{own_url}/callback")
    return app


def _add_sign_in(app: Flask, school: Any, issuer: str, callback_url: str) -> None:
    people = Remembered()
    add_choosing(app, people)

    @app.route("/login", methods=["GET", "POST"])
    def login() -> AnyResponse:
        """Begin, because the gateway asked to (OpenID Connect Core 4, third-party-initiated login)."""
        if request.values.get("iss") != issuer or not request.values.get("login_hint"):
            return page("sorry.html", 400, why="unknown_start")
        answer: AnyResponse = school.authorize_redirect(callback_url, login_hint=request.values["login_hint"])
        return answer

    @app.get("/sign-in")
    def sign_in() -> AnyResponse:
        """Begin by ourselves: the gateway asks where the person goes to school."""
        answer: AnyResponse = school.authorize_redirect(callback_url)
        return answer

    @app.get("/callback")
    def callback() -> AnyResponse:
        """Take the code, exchange it, check the ID token: all of it Authlib's work."""
        try:
            token = school.authorize_access_token()
        except MismatchingStateError:
            return page("sorry.html", 400, why="cookie")
        except OAuthError as error:
            return page("sorry.html", 403, why="refused", description=error.description)
        session["person"] = people.keep(Visit(dict(token["userinfo"]), token["access_token"]))
        return redirect(url_for("home"), 303)

    @app.get("/")
    def home() -> AnyResponse:
        visit = people.recall(session.get("person"))
        if visit is None:
            return page("sorry.html", 200, why="nobody")
        claims = visit.claims
        if answer_url(claims):
            return page("choose.html", 200, person=read_person(claims), lessons=LESSONS)
        raw = json.dumps(claims, indent=2, ensure_ascii=False, sort_keys=True)
        return page("person.html", 200, person=read_person(claims), lesson=lesson_of(claims), raw=raw)
