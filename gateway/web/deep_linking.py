"""Deep linking's two addresses: where the application answers, and the page that posts the answer to the platform."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, render_template, request

from gateway.services.deep_linking.answers import DeepLinkingAnswers
from gateway.services.oidc.userinfo import BearerRefused
from gateway.web.api.problems import problem
from gateway.web.headers import WITH_SCRIPT
from providers.contract import Failure, Untrusted


def deep_linking_endpoints(answers: DeepLinkingAnswers) -> Blueprint:
    """Return the endpoints. A ticket that does not count raises BadData, for the app's error page."""
    endpoints = Blueprint("deep_linking", __name__)
    schemes = "https:" if answers.public_url.startswith("https://") else "http: https:"

    @endpoints.post("/api/v1/deep-linking/<launch_ref>")
    def answer(launch_ref: str) -> Response:
        try:
            location = answers.answer(launch_ref, request.headers.get("Authorization"), request.get_json(silent=True))
        except BearerRefused as refusal:
            why = refusal.description or "Send the access token of the sign-in that brought the request"
            return problem(Untrusted("api.token_invalid", f"{why}."))
        except Failure as failure:
            return problem(failure)
        return jsonify(location=location)

    @endpoints.get("/lti/deep-linking/<ticket>")
    def send(ticket: str) -> Response:
        if request.method == "HEAD":  # a scanner looking at the link must not use up the ticket
            abort(405)
        page = Response(render_template("send.html", sending=answers.send(ticket)), mimetype="text/html")
        # The platform may send the browser on to addresses of its own, which this directive judges as well.
        page.headers["Content-Security-Policy"] = WITH_SCRIPT.replace("form-action 'none'", f"form-action {schemes}")
        # Some platforms refuse a post without an origin; ours says no more than that.
        page.headers["Referrer-Policy"] = "origin"
        return page

    return endpoints
