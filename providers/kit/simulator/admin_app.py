"""The pages on which a simulated platform's administrator adds the tool, and the endpoints of its registration."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from providers.kit.simulator.lti_platform import SimulatedPlatform
from providers.kit.simulator.tool_desk import Reply


def admin_endpoints(platform: SimulatedPlatform) -> Blueprint:
    """Return the administrator's pages as a part of the platform's web application."""
    endpoints = Blueprint("admin", __name__)
    desk = platform.desk

    @endpoints.get("/admin")
    def tools() -> str:
        return render_template("admin.html", desk=desk)

    @endpoints.post("/admin/register")
    def open_registration() -> ResponseReturnValue:
        if not platform.switches.registration:
            abort(404)
        address = desk.open_registration(request.form["address"])
        if desk.opens_a_tab:
            return redirect(address, 303)
        return render_template("register.html", desk=desk, address=address)

    @endpoints.post("/admin/add")
    def add() -> ResponseReturnValue:
        desk.add(request.form.to_dict())
        return redirect(url_for("admin.tools"), 303)

    @endpoints.post("/admin/enable")
    def enable() -> ResponseReturnValue:
        desk.enable()
        return redirect(url_for("admin.tools"), 303)

    @endpoints.get(desk.configuration_path)
    def configuration() -> Response:
        platform.requests["configuration"] += 1
        return _send(desk.configuration(request.headers.get("Authorization", "")))

    @endpoints.post(desk.registration_path)
    def register() -> Response:
        platform.requests["registration"] += 1
        body = request.get_json(silent=True)
        return _send(desk.register(body, request.headers.get("Authorization", ""), request.args.to_dict()))

    return endpoints


def _send(reply: Reply) -> Response:
    if isinstance(reply.body, str):
        return Response(reply.body, status=reply.status, mimetype="text/plain")
    response = jsonify(reply.body)
    response.status_code = reply.status
    return response
