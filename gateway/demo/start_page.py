"""The start page and the panel of checks: a web application of the demo's own, beside the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, render_template, request

from gateway.demo.portals import Portal
from gateway.demo.roster import Rostered, newest_sync
from gateway.demo.script import Script
from gateway.demo.systems import System
from gateway.demo.traces import newest_launch, newest_refusal
from gateway.store.registrations import list_deployments
from gateway.wiring import Gate

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'"
_POLICY += "; base-uri 'none'; form-action 'none'; frame-ancestors "


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the pages speak of. `terminal` readies a second terminal for the commands."""

    script: Script
    label: str
    addresses: Mapping[str, str]
    terminal: str
    integration_id: str
    rostered: Rostered
    portals: tuple[Portal, ...] = ()
    systems: tuple[System, ...] = ()  # the school's own LMS first

    @property
    def rosters(self) -> list[tuple[str, str]]:
        """Return whose roster each tile tells of: its label and its integration."""
        portals = [(each.label, each.integration_id) for each in self.portals]
        return portals + [(each.label, each.integration_id) for each in self.systems]


def create_start_page(stage: Stage, gate: Gate) -> Flask:
    """Return the web application."""
    app = Flask(__name__)
    app.context_processor(lambda: {"stage": stage, "script": stage.script})
    _add_pages(app, gate, stage)
    _add_headers(app, " ".join(each.address for each in stage.systems))
    return app


def _add_pages(app: Flask, gate: Gate, stage: Stage) -> None:
    @app.get("/")
    def start() -> str:
        pending = list_deployments(gate.store, status="pending")
        return render_template(
            "start.html",
            refused=newest_refusal(gate),
            pending=pending[0].id if pending else None,
            rosters={label: newest_sync(gate, integration_id) for label, integration_id in stage.rosters},
            sync=newest_sync(gate, stage.rostered.integration_id),
        )

    @app.get("/traces")
    def traces() -> str:
        return render_template("traces.html", launch=newest_launch(gate))

    @app.get("/traces/newest")
    def newest() -> str:
        return render_template("launch.html", launch=newest_launch(gate))


def _add_headers(app: Flask, framer: str) -> None:
    @app.after_request
    def headers(response: Response) -> Response:
        ancestors = framer if request.path == "/traces" else "'none'"
        response.headers["Content-Security-Policy"] = _POLICY + ancestors
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response
