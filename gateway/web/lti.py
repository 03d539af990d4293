"""`/lti/login` and `/lti/launch`: parse, call one service, answer."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.errors import answer_of
from gateway.lti.state import LIFETIME_SECONDS
from gateway.services.ladder import Asking
from gateway.services.launch_record import LaunchRefused
from gateway.services.launches import Launches
from gateway.services.logins import Login, Logins
from gateway.web.browsers import KEPT_SECONDS, kept_cookie, may_lose_cookies
from gateway.web.headers import WITH_SCRIPT
from gateway.web.measures import Measures
from gateway.web.moves import move_to
from gateway.web.parameters import form_of, query_of
from gateway.web.telling import Advise, told


def lti_endpoints(
    logins: Logins, launches: Launches, advise: Advise, measures: Measures, *, public_url: str
) -> Blueprint:
    """Return the LTI endpoints. `advise` finds the sentence for the administrator."""
    endpoints = Blueprint("lti", __name__)
    _add_login(endpoints, logins, advise, measures, is_https=public_url.startswith("https://"))
    _add_launch(endpoints, launches, advise, measures)
    return endpoints


def _add_login(endpoints: Blueprint, logins: Logins, advise: Advise, measures: Measures, *, is_https: bool) -> None:
    @endpoints.route("/lti/login", methods=["GET", "POST"])
    @endpoints.route("/lti/login/<uuid:registration_id>", methods=["GET", "POST"])
    def login(registration_id: object = None) -> AnyResponse:
        parameters = form_of(request) if request.method == "POST" else query_of(request)
        in_doubt = may_lose_cookies(request, is_https=is_https)
        try:
            begun = logins.begin(
                parameters, str(registration_id) if registration_id else None, may_lose_cookies=in_doubt
            )
        except LaunchRefused as refused:
            measures.launch(refused.failure.code, refused.ref)
            return _refuse(refused, advise)
        cookie = _cookie(begun.cookie_name, begun.cookie_value, LIFETIME_SECONDS)
        if begun.detour is not None:
            return _detour(begun, cookie, is_https=is_https)
        return move_to(begun.url, 302, cookie=cookie)


def _add_launch(endpoints: Blueprint, launches: Launches, advise: Advise, measures: Measures) -> None:
    # An error may come back by GET as well as by POST; a token only by POST.
    @endpoints.route("/lti/launch", methods=["GET", "POST"])
    def launch() -> AnyResponse:
        started = perf_counter()
        form = form_of(request) if request.method == "POST" else _only_error(query_of(request))
        try:
            accepted = launches.launch(form, request.cookies, request.headers.get("Sec-Fetch-Dest", ""))
        except LaunchRefused as refused:
            measures.launch(refused.failure.code, refused.ref, perf_counter() - started)
            return _refuse(refused, advise)
        if isinstance(accepted, Asking):
            return _page("ladder.html", step="launch", asking=accepted, storage=accepted.storage)
        measures.launch("accepted", accepted.ref, perf_counter() - started)
        spent = _cookie(accepted.spent_cookie, "", 0) if accepted.spent_cookie else None
        return move_to(accepted.url, 303, cookie=spent)


def _only_error(arguments: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if name in {"error", "error_description", "state"}}


def _detour(begun: Login, cookie: str, *, is_https: bool) -> Response:
    """Return the page that finds out which rung this browser can stand on, and a cookie for it to look for."""
    assert begun.detour is not None
    kept = kept_cookie(is_https=is_https)
    page = _page("ladder.html", step="login", begun=begun, storage=begun.detour.storage, kept=kept)
    page.set_cookie(kept, "1", max_age=KEPT_SECONDS, path="/", secure=True, samesite="None", partitioned=True)
    page.headers.add("Set-Cookie", cookie)
    return page


def _page(template: str, **values: Any) -> Response:
    page = Response(render_template(template, **values), mimetype="text/html")
    page.headers["Content-Security-Policy"] = WITH_SCRIPT
    return page


def _cookie(name: str, value: str, seconds: int) -> str:
    """Return the login's cookie. Partitioned, because Chromium drops any other in another site's frame.

    Name and value are ours and URL-safe: nothing in them needs quoting.
    """
    return f"{name}={value}; Secure; HttpOnly; Max-Age={seconds}; Path=/; SameSite=None; Partitioned"


def _refuse(refused: LaunchRefused, advise: Advise) -> AnyResponse:
    template = "pending.html" if refused.failure.code == "lti.deployment_pending" else "refused.html"
    page = render_template(template, **told(refused, advise))
    return Response(page, status=answer_of(refused.failure).status, mimetype="text/html")
