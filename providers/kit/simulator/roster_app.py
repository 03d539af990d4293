"""A simulated OneRoster provider as a web application."""

from __future__ import annotations

from flask import Flask, Response, request

from providers.kit.simulator.roster_provider import SimulatedRosterProvider


def create_roster_app(provider: SimulatedRosterProvider) -> Flask:
    """Return the provider as a web application; it answers below the root of its address."""
    app = Flask("providers.kit.simulator", static_folder=None)
    app.extensions["provider"] = provider

    def answer(**_path: str) -> Response:
        path = request.environ.get("RAW_URI") or request.full_path.rstrip(
            "?"
        )  # with the ids' slashes as they were sent
        url = f"{request.host_url.rstrip('/')}{path}"
        sent = provider.answer(request.method, url, dict(request.headers), request.form.to_dict())
        return Response(sent.body, sent.status, sent.headers)

    app.add_url_rule("/<path:path>", view_func=answer, methods=["GET", "POST"])
    return app
