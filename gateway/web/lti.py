"""`/lti/login` and `/lti/launch`: parse, call one service, answer."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.errors import answer_of
from gateway.lti.state import LIFETIME_SECONDS
from gateway.services.launch_record import LaunchRefused
from gateway.services.launches import Launches
from gateway.services.logins import Logins
from gateway.web.measures import Measures
from gateway.web.moves import move_to

Advise = Callable[[LaunchRefused], str]


def lti_endpoints(logins: Logins, launches: Launches, advise: Advise, measures: Measures) -> Blueprint:
    """Return the LTI endpoints. `advise` finds the sentence for the administrator."""
    endpoints = Blueprint("lti", __name__)

    @endpoints.route("/lti/login", methods=["GET", "POST"])
    @endpoints.route("/lti/login/<uuid:registration_id>", methods=["GET", "POST"])
    def login(registration_id: object = None) -> AnyResponse:
        parameters = request.form if request.method == "POST" else request.args
        try:
            begun = logins.begin(parameters, str(registration_id) if registration_id else None)
        except LaunchRefused as refused:
            measures.launch(refused.failure.code, refused.ref)
            return _refuse(refused, advise)
        response = move_to(begun.url, 302)
        _set_cookie(response, begun.cookie_name, begun.cookie_value, LIFETIME_SECONDS)
        return response

    # An error may come back by GET as well as by POST; a token only by POST.
    @endpoints.route("/lti/launch", methods=["GET", "POST"])
    def launch() -> AnyResponse:
        started = perf_counter()
        form = request.form if request.method == "POST" else _only_error(request.args.to_dict())
        try:
            accepted = launches.launch(form, request.cookies)
        except LaunchRefused as refused:
            measures.launch(refused.failure.code, refused.ref, perf_counter() - started)
            return _refuse(refused, advise)
        measures.launch("accepted", accepted.ref, perf_counter() - started)
        response = move_to(accepted.url, 303)
        _set_cookie(response, accepted.spent_cookie, "", 0)
        return response

    return endpoints


def _only_error(arguments: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if name in {"error", "error_description", "state"}}


def _set_cookie(response: AnyResponse, name: str, value: str, seconds: int) -> None:
    """Plant the login's cookie. Partitioned, because Chromium drops any other in another site's frame."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="None", partitioned=True
    )


def _refuse(refused: LaunchRefused, advise: Advise) -> AnyResponse:
    answer = answer_of(refused.failure)
    template = "pending.html" if refused.failure.code == "lti.deployment_pending" else "refused.html"
    page = render_template(
        template,
        sentence=answer.sentence,
        advice=advise(refused),
        code=refused.failure.code,
        reference=refused.ref,
    )
    return Response(page, status=answer.status, mimetype="text/html")
