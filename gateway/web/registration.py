"""`/lti/register` and `/lti/config`: what an LMS opens or reads when its administrator connects it."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, abort, jsonify, render_template, request

from gateway.errors import answer_of
from gateway.services.connecting.desk import Desk
from gateway.store.invites import find_invite
from providers.contract import Failure

# The LMS shows this page in a frame of its own, whose address we can't know beforehand; there is nothing to click
# into but "close".
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'"
_log = structlog.get_logger("schoolgate.web")


def registration_endpoints(desk: Desk) -> Blueprint:
    """Return the endpoints of LTI Dynamic Registration 1.0 and of the tool's configuration as JSON."""
    endpoints = Blueprint("registration", __name__)

    @endpoints.after_request
    def policy(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers["Content-Security-Policy"] = POLICY
        return response

    @endpoints.get("/lti/register")
    @endpoints.get("/lti/register/<token>")
    def register(token: str = "") -> tuple[str, int]:
        if request.method == "HEAD":  # a scanner looking at the link must not use it up
            abort(405)
        address = request.args.get("openid_configuration")
        if not address:
            return render_template("connect/for_the_lms.html"), 400
        try:
            registered = desk.dynamic.register(token, address, request.args.get("registration_token"))
        except Failure as failure:
            _log.warning("registration failed", code=failure.code)
            answer = answer_of(failure)
            return render_template("connect/not_registered.html", failure=failure, sentence=answer.sentence), 400
        origins = registered.origins_for(request.referrer)
        return render_template("connect/registered.html", registered=registered, origins=origins), 200

    @endpoints.get("/lti/config/<handle>.json")
    def configuration(handle: str) -> Response:
        provider, _, invite_id = handle.partition("-")
        invite = find_invite(desk.store, invite_id)
        document = None
        if invite is not None and invite.revoked_at is None and invite.provider in {None, provider}:
            document = desk.pages.configuration(invite, provider)
        if document is None:
            abort(404)
        return jsonify(document)

    return endpoints
