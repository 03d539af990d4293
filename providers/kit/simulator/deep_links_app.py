"""The pages of deep linking: a teacher adds content to a course, and it opens from there."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from providers.kit.simulator.deep_links import AnswerRefused
from providers.kit.simulator.lti_platform import SimulatedPlatform
from providers.kit.simulator.starting import address_of, start_launch, who_and_where


def deep_link_pages(platform: SimulatedPlatform) -> Blueprint:
    """Return the pages; each shows inside the course page's frame."""
    pages = Blueprint("content", __name__)

    @pages.get("/courses/<int:number>/content")
    def ask(number: int) -> ResponseReturnValue:
        person, course = who_and_where(number)
        back = f"{platform.config.home}{address_of('content.take', number, person.key)}"
        return start_launch(platform, platform.deep_links.ask(person, course, back))

    @pages.post("/courses/<int:number>/content")
    def take(number: int) -> ResponseReturnValue:
        person, course = who_and_where(number)
        try:
            _, added, message = platform.deep_links.take(request.form.get("JWT", ""))
        except AnswerRefused as refused:
            return render_template("problem.html", problem=str(refused)), 400
        return render_template("added.html", person=person, course=course, added=added, message=message)

    @pages.get("/courses/<int:number>/links/<int:link>")
    def launch(number: int, link: int) -> ResponseReturnValue:
        person, course = who_and_where(number)
        added = platform.deep_links.of(number, link)
        if added is None:
            abort(404)
        return start_launch(platform, platform.deep_links.open(person, course, added))

    return pages
