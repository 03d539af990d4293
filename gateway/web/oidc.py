"""The OpenID provider's endpoints: read the request, call one service, send its answer."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.services.oidc.authorize import Choosing, authorize
from gateway.services.oidc.discovery import (
    AUTHORIZE,
    CONFIGURATION,
    INTROSPECT,
    LOGOUT,
    REVOKE,
    TOKEN,
    USERINFO,
    discovery,
)
from gateway.services.oidc.house import House
from gateway.services.oidc.logout import end
from gateway.services.oidc.token import exchange
from gateway.services.oidc.token_care import introspect, revoke
from gateway.services.oidc.userinfo import userinfo
from gateway.services.oidc.wire import NEVER_KEPT, Answer, Incoming
from gateway.services.sign_in_ways import SignInWays
from gateway.web.headers import WITH_SCRIPT
from gateway.web.moves import move_to

_AN_HOUR = "public, max-age=3600"


def oidc_endpoints(house: House, ways: SignInWays) -> Blueprint:
    """Return the endpoints. A request whose client is not proven raises Refused, for the app's error page."""
    endpoints = Blueprint("oidc", __name__)
    configuration = discovery(house.issuer)

    @endpoints.route(AUTHORIZE, methods=["GET", "POST"])
    def authorization() -> AnyResponse:
        if request.method == "HEAD":  # a scanner looking at the link must not use up the login hint
            abort(405)
        answer = authorize(house, _incoming(), ways)
        if isinstance(answer, Choosing):
            return _ask_for_school(answer, ways)
        return send_answer(answer) if answer.form is None else _posting(*answer.form)

    _add_token_endpoints(endpoints, house)

    @endpoints.route(LOGOUT, methods=["GET", "POST"])
    def logout() -> Response:
        if request.method == "HEAD":
            abort(405)
        back = end(house, _incoming())
        return send_answer(back) if back else Response(render_template("signed_out.html"), headers=list(NEVER_KEPT))

    @endpoints.get(CONFIGURATION)
    def metadata() -> Response:
        response = jsonify(configuration)
        response.headers["Cache-Control"] = _AN_HOUR
        return response

    return endpoints


def _posting(address: str, sent: Mapping[str, str]) -> Response:
    """Return the page that posts an answer to the application's registered address."""
    page = Response(render_template("form_post.html", address=address, sent=sent), headers=list(NEVER_KEPT))
    # The application may send the browser on to addresses of its own, which this directive judges as well.
    page.headers["Content-Security-Policy"] = WITH_SCRIPT.replace("form-action 'none'", "form-action http: https:")
    return page


def _ask_for_school(choosing: Choosing, ways: SignInWays) -> AnyResponse:
    """Return the page of schools; where there is nothing to choose, go there at once."""
    wished = request.values.get("integration", "")
    if wished and ways.is_way(choosing.application, wished):
        return move_to(f"/sso/{wished}/start?{choosing.resume}", 303)
    if not choosing.ways:
        return move_to(f"/sign-in?{choosing.resume}", 303)
    if len(choosing.ways) == 1 and not choosing.has_native:
        return move_to(f"/sso/{choosing.ways[0].name}/start?{choosing.resume}", 303)
    page = render_template(
        "choose_school.html",
        application=choosing.application.name,
        ways=choosing.ways,
        resume=choosing.resume,
        has_native=choosing.has_native,
    )
    return Response(page, mimetype="text/html")


def _add_token_endpoints(endpoints: Blueprint, house: House) -> None:
    """Add what a client's server asks."""

    @endpoints.post(TOKEN)
    def token() -> Response:
        return send_answer(exchange(house, _incoming()))

    @endpoints.post(REVOKE)
    def revocation() -> Response:
        return send_answer(revoke(house, _incoming()))

    @endpoints.post(INTROSPECT)
    def introspection() -> Response:
        return send_answer(introspect(house, _incoming()))

    @endpoints.route(USERINFO, methods=["GET", "POST"])
    def person() -> Response:
        return send_answer(userinfo(house, _incoming()))


def _incoming() -> Incoming:
    values = request.form if request.method == "POST" else request.args
    return Incoming(request.method, values.to_dict(flat=False), request.headers.get("Authorization"))


def send_answer(answer: Answer) -> Response:
    """Return a service's answer as Flask sends it."""
    if answer.location is not None:
        response = Response(status=answer.status, headers={"Location": answer.location})
    elif answer.body is None:
        response = Response(status=answer.status)
    else:
        response = jsonify(dict(answer.body))
        response.status_code = answer.status
    response.headers.extend(answer.headers)
    return response
