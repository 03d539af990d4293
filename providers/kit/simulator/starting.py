"""How a simulated platform's pages start a launch: who is asking, and the way to the tool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from providers.kit.simulator.lti_platform import SimulatedPlatform
from providers.kit.simulator.people import COURSES, PEOPLE, Course, Person


def who_and_where(number: int) -> tuple[Person, Course]:
    """Return the person and the course of this request, or end it with 404."""
    person, course = PEOPLE.get(request.args.get("as", "")), COURSES.get(number)
    if person is None or course is None or number not in person.kinds:
        abort(404)
    return person, course


def start_launch(platform: SimulatedPlatform, parameters: Mapping[str, str]) -> ResponseReturnValue:
    """Send the browser to the tool's login address, in the way the switch says."""
    platform.requests["launch"] += 1
    address = platform.login_address()
    if platform.switches.login_method == "POST":
        return post_page(address, parameters)
    return redirect(f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(parameters)}")


def address_of(endpoint: str, number: int, who: str, **more: int) -> str:
    """Return the path of a page of this course, as this person sees it."""
    values: dict[str, Any] = {"number": number, "as": who, **more}
    return url_for(endpoint, **values)


def post_page(address: str, fields: Mapping[str, str]) -> ResponseReturnValue:
    """Return a page that posts these fields by itself."""
    page = render_template("post.html", address=address, fields=fields)
    return page, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
