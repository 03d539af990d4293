"""The pages and endpoints of a simulated LTI platform: the only web application among the rooms."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from providers.kit.simulator.admin_app import admin_endpoints
from providers.kit.simulator.deep_links_app import deep_link_pages
from providers.kit.simulator.lti_platform import SimulatedPlatform
from providers.kit.simulator.people import COURSES, PEOPLE
from providers.kit.simulator.services_app import service_endpoints
from providers.kit.simulator.starting import address_of, post_page, start_launch, who_and_where


def create_app(platform: SimulatedPlatform, *, sleep: Callable[[float], None] = time.sleep) -> Flask:
    """Return the platform as a web application; it answers at the root of its base address."""
    app = Flask("providers.kit.simulator", template_folder="templates", static_folder=None)
    app.extensions["platform"] = platform
    app.context_processor(lambda: {"platform": platform, "people": PEOPLE.values(), "courses": COURSES.values()})
    app.register_blueprint(_pages(platform))
    app.register_blueprint(_endpoints(platform, sleep))
    app.register_blueprint(deep_link_pages(platform))
    app.register_blueprint(service_endpoints(platform))
    app.register_blueprint(admin_endpoints(platform))
    return app


def _pages(platform: SimulatedPlatform) -> Blueprint:
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def people() -> str:
        return render_template("people.html")

    @pages.get("/courses/<int:number>")
    def course(number: int) -> str:
        person, where = who_and_where(number)
        return render_template("course.html", person=person, course=where, storage=_storage(platform), **_frame(number))

    @pages.get("/storage-frame")
    def storage_frame() -> str:
        return render_template("storage_frame.html")

    @pages.get("/courses/<int:number>/launch")
    def launch(number: int) -> ResponseReturnValue:
        person, where = who_and_where(number)
        if platform.desk.state == "off":
            return render_template("problem.html", problem="This tool is off."), 403
        return start_launch(platform, platform.login_parameters(person, where))

    @pages.get("/courses/<int:number>/again")
    def again(number: int) -> ResponseReturnValue:
        person, where = who_and_where(number)
        answer = platform.sent.get((person.key, where.id))
        if answer is None or answer.to is None:
            return render_template("problem.html", problem="Nobody has opened this link yet."), 404
        return post_page(answer.to, answer.fields)

    return pages


def _endpoints(platform: SimulatedPlatform, sleep: Callable[[float], None]) -> Blueprint:
    endpoints = Blueprint("endpoints", __name__)

    @endpoints.route(platform.paths.authorize, methods=["GET", "POST"])
    def authorize() -> ResponseReturnValue:
        platform.requests["authorize"] += 1
        answer = platform.authorize(request.values.to_dict())
        if answer.to is None:
            return render_template("problem.html", problem=answer.problem), 400
        return post_page(answer.to, answer.fields)

    @endpoints.get(platform.paths.key_set)
    def key_set() -> ResponseReturnValue:
        platform.requests["key_set"] += 1
        switches = platform.switches
        if switches.user_agent_needed and not request.headers.get("User-Agent"):
            return {"error": "Forbidden", "message": "no user agent"}, 403
        if switches.key_set == "slow":
            sleep(switches.key_set_seconds)
        if switches.key_set in {"down", "error"}:
            return "", 503 if switches.key_set == "down" else 500
        if switches.key_set == "nonsense":
            return "<html>Maintenance</html>"
        answer = jsonify(platform.key_set())
        if switches.key_set_max_age is not None:
            answer.headers["Cache-Control"] = f"max-age={switches.key_set_max_age}, public"
        return answer

    return endpoints


def _frame(number: int) -> dict[str, str]:
    """Return what the course page's frame shows: its link, one that was added, or the choice of content."""
    who, link = request.args["as"], request.args.get("link", "")
    if "add" in request.args:
        return {"shown": address_of("content.ask", number, who), "what": "Add content"}
    if link.isdigit():
        address = address_of("content.launch", number, who, link=int(link))
        return {"shown": address, "what": "An added link"}
    return {"shown": address_of("pages.launch", number, who), "what": ""}


def _storage(platform: SimulatedPlatform) -> dict[str, Any]:
    """Return how the course page stores; an impostor answers from another frame, or even from another origin."""
    switches, home = platform.switches, platform.config.home
    elsewhere = home.replace("//127.0.0.1", "//localhost")
    impostors = {"wrong_origin": elsewhere, "other_frame": home}
    return {
        "storage": switches.storage,
        "seconds": switches.storage_seconds,
        "capabilities": switches.capabilities,
        "frame": switches.storage_target,
        "impostor": impostors.get(switches.storage, ""),
    }
