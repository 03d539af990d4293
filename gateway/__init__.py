"""The hall: everything visitors, administrators, applications and clocks touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from gateway.web.measures import Measures
    from gateway.wiring import Gate

LARGEST_BODY = 256 * 1024


def create_app(gate: Gate, measures: Measures | None = None) -> Flask:
    """Return the web application of an open gate (see `gateway.wiring.open_gate`)."""
    from gateway.logs import keep_libraries_quiet
    from gateway.web.connect import connect_endpoints
    from gateway.web.deep_linking import deep_linking_endpoints
    from gateway.web.faults import add_fault_pages
    from gateway.web.gradebook import gradebook_endpoints
    from gateway.web.headers import add_headers
    from gateway.web.health import health_endpoints
    from gateway.web.lti import lti_endpoints
    from gateway.web.measures import Measures
    from gateway.web.oidc import oidc_endpoints
    from gateway.web.registration import registration_endpoints
    from gateway.web.storage import storage_endpoints
    from gateway.web.whole import WholeResponse

    keep_libraries_quiet()
    measures = measures or Measures(shared=None)
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static", static_url_path="/static")
    app.response_class = WholeResponse
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    add_headers(app, is_https=gate.settings.is_https)
    add_fault_pages(app)
    public_url = gate.settings.public_url
    app.register_blueprint(lti_endpoints(gate.logins, gate.launches, gate.advise, measures, public_url=public_url))
    app.register_blueprint(storage_endpoints(gate.launches, gate.advise, measures, public_url=public_url))
    app.register_blueprint(oidc_endpoints(gate.house))
    app.register_blueprint(deep_linking_endpoints(gate.deep_linking))
    app.register_blueprint(gradebook_endpoints(gate.gradebook, gate.house))
    app.register_blueprint(registration_endpoints(gate.desk))
    app.register_blueprint(connect_endpoints(gate.desk, is_https=gate.settings.is_https, now=gate.now))
    app.register_blueprint(
        health_endpoints(
            is_ready=gate.is_ready,
            measures=measures,
            metrics_token=gate.settings.metrics_token,
            key_set=gate.keyring.public_jwks,
        )
    )
    return app
