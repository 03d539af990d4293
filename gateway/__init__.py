"""The hall: everything visitors, administrators, applications and clocks touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask

if TYPE_CHECKING:
    from gateway.web.measures import Measures
    from gateway.wiring import Gate

LARGEST_BODY = 256 * 1024


def create_app(gate: Gate, measures: Measures | None = None) -> Flask:
    """Return the web application of an open gate (see `gateway.wiring.open_gate`)."""
    from gateway.logs import keep_libraries_quiet
    from gateway.web.faults import add_fault_pages
    from gateway.web.headers import add_headers
    from gateway.web.measures import Measures
    from gateway.web.whole import WholeResponse

    keep_libraries_quiet()
    measures = measures or Measures(shared=None)
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static", static_url_path="/static")
    app.response_class = WholeResponse
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    add_headers(app, is_https=gate.settings.is_https)
    add_fault_pages(app)
    app.jinja_env.globals["product"] = gate.settings.product_name
    groups = (_for_launches(gate, measures), _for_applications(gate), _for_people(gate, measures), _for_members(gate))
    for endpoints in (each for group in groups for each in group):
        app.register_blueprint(endpoints)
    return app


def _for_launches(gate: Gate, measures: Measures) -> list[Blueprint]:
    """Return what LMSs and their frames ask."""
    from gateway.web.lti import lti_endpoints
    from gateway.web.notices import notice_endpoints
    from gateway.web.registration import registration_endpoints
    from gateway.web.sso import sso_endpoints
    from gateway.web.storage import storage_endpoints

    public_url = gate.settings.public_url
    return [
        lti_endpoints(gate.logins, gate.launches, gate.advise, measures, public_url=public_url),
        storage_endpoints(gate.launches, gate.advise, measures, public_url=public_url),
        notice_endpoints(gate.notices, measures),
        registration_endpoints(gate.desk),
        sso_endpoints(gate.sign_ins, gate.advise, measures, is_https=gate.settings.is_https),
    ]


def _for_applications(gate: Gate) -> list[Blueprint]:
    """Return what applications and operators' programs call."""
    from gateway.services.application_changes import ApplicationChanges
    from gateway.services.gradebook.operations import GRADEBOOK
    from gateway.services.oneroster.csv_out import CsvOut
    from gateway.services.oneroster.operations import ROSTERING
    from gateway.services.oneroster.resources import RESOURCES
    from gateway.services.oneroster.version_1_1 import VERSION_1_1
    from gateway.web.api.applications import application_endpoints
    from gateway.web.api.events import event_endpoints
    from gateway.web.api.guard import Api
    from gateway.web.api.invites import invite_endpoints
    from gateway.web.api.orders import order_endpoints
    from gateway.web.deep_linking import deep_linking_endpoints
    from gateway.web.gradebook import gradebook_changes
    from gateway.web.oidc import oidc_endpoints
    from gateway.web.oneroster import service_endpoints
    from gateway.web.oneroster_csv import csv_endpoints

    changes = ApplicationChanges(gate.store, gate.now, allow_http=not gate.settings.is_production)
    api, reading = Api(gate.callers, gate.repeating), gate.roster_reading
    return [
        oidc_endpoints(gate.house, gate.sign_in_ways),
        deep_linking_endpoints(gate.deep_linking),
        service_endpoints("oneroster", ROSTERING, reading, gate.house),
        service_endpoints("gradebook", GRADEBOOK, reading, gate.house, gradebook_changes(gate.gradebook)),
        csv_endpoints(CsvOut(reading), gate.house),
        service_endpoints("resources", RESOURCES, reading, gate.house),
        service_endpoints("oneroster_1_1", VERSION_1_1, reading, gate.house),
        application_endpoints(api, changes),
        event_endpoints(api, gate.events.feed),
        invite_endpoints(api, gate.invitations, gate.settings.public_url),
        order_endpoints(api, gate.native.orders, gate.settings.public_url),
    ]


def _for_people(gate: Gate, measures: Measures) -> list[Blueprint]:
    """Return the pages of administrators, and what monitors ask."""
    from gateway.web.connect import connect_endpoints
    from gateway.web.console.doors import Doors
    from gateway.web.console.pages import console_endpoints
    from gateway.web.health import health_endpoints

    doors = Doors(gate.operator_sessions, gate.settings.public_url)
    return [
        console_endpoints(doors, gate.desk, gate.invitations, gate.repeating, gate.traces),
        connect_endpoints(gate.desk, is_https=gate.settings.is_https, now=gate.now),
        health_endpoints(
            is_ready=gate.is_ready,
            measures=measures,
            metrics_token=gate.settings.metrics_token,
            key_set=gate.keyring.public_jwks,
            backlog=gate.backlog,
        ),
    ]


def _for_members(gate: Gate) -> list[Blueprint]:
    """Return the pages of teachers and students at schools without an integration."""
    from gateway.web.native.account import account_endpoints
    from gateway.web.native.class_codes import class_code_endpoints
    from gateway.web.native.classes import class_endpoints
    from gateway.web.native.doors import Doors
    from gateway.web.native.joining import joining_endpoints
    from gateway.web.native.letters import letter_endpoints
    from gateway.web.native.pages import native_endpoints
    from gateway.web.native.staff import staff_endpoints
    from gateway.web.native.student_imports import student_import_endpoints
    from gateway.web.native.students import student_endpoints

    native, rooms = gate.native, gate.classrooms
    doors = Doors(native.visits, native.opening, gate.settings.public_url)
    return [
        native_endpoints(doors, gate.store),
        staff_endpoints(doors, native.sign_ups, native.lost),
        account_endpoints(doors, native.accounts),
        letter_endpoints(doors, native.accounts, native.lost),
        class_endpoints(doors, rooms),
        class_code_endpoints(doors, rooms),
        joining_endpoints(doors, rooms),
        student_endpoints(doors, rooms),
        student_import_endpoints(doors, rooms),
    ]
