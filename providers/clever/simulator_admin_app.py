"""The page of the simulated district's administrator: what is shared, and what summer does."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from providers.clever.simulator_clever import CLIENT_ID, SimulatedClever
from providers.kit.simulator.portal_pages import page

_FORM = Markup('<form method="post" action="/admin/{}"><button>{}</button></form>')


def admin_endpoints(clever: SimulatedClever) -> Blueprint:
    """Return the page and its buttons."""
    endpoints = Blueprint("admin", __name__)

    @endpoints.get("/admin")
    def admin() -> Response:
        paused, connected = clever.switches.state == "paused", clever.switches.connected
        facts = Markup("<p>Client ID <code>{}</code>, redirect URLs <code>{}</code></p>").format(
            CLIENT_ID, ", ".join(clever.redirect_uris)
        )
        districts = [
            Markup("<p>{}: district ID <code>{}</code></p>").format(each.name, each.id)
            for each in clever.districts.values()
        ]
        buttons = [
            _FORM.format("pause", "End the summer pause" if paused else "Begin the summer pause"),
            _FORM.format("connect", "Stop sharing" if connected else "Share again"),
            _FORM.format("rotate", "Give the district another token"),
        ]
        return page("District administrator (a simulation)", [facts, *districts, *buttons])

    @endpoints.post("/admin/<action>")
    def act(action: str) -> ResponseReturnValue:
        if action == "pause":
            clever.switch(state="success" if clever.switches.state == "paused" else "paused")
        elif action == "connect":
            clever.switch(connected=not clever.switches.connected)
        elif action == "rotate":
            for district in clever.districts.values():
                district.rotate_token()
        return redirect(f"{request.script_root}/admin", 303)

    return endpoints
