"""What the pages of classes and students share: the answer for what is not there, and the school that is meant."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from gateway.services.classes.rights import NotThere, Rights
from gateway.services.native.visits import Visitor
from gateway.services.native.wall import Wall
from gateway.store.classrooms.schools import School
from gateway.web.native.doors import Doors

NOT_THERE = "There is no page at this address."


def room(doors: Doors, name: str, prefix: str) -> Blueprint:
    """Return a blueprint of native pages on which what is not this visitor's is not there."""
    endpoints = doors.room(name, prefix)
    endpoints.register_error_handler(NotThere, not_there)
    return endpoints


def not_there(_fault: Exception) -> tuple[str, int]:
    """Return the page for what does not exist, or is somebody else's."""
    return render_template("native/refused.html", sentence=NOT_THERE, code="http.404"), 404


def school_of(visitor: Visitor, rights: Rights) -> tuple[School, list[School]]:
    """Return the school that the page is about, and all that the visitor may choose from. Raises NotThere for none."""
    schools = rights.schools(visitor)
    wished = request.values.get("school", "")
    for school in schools:
        if school.school_id == (wished or visitor.holder.school_id):
            return school, schools
    if wished or not schools:
        raise NotThere
    return schools[0], schools


def walled(visitor: Visitor, wall: Wall, school_id: str) -> str | None:
    """Return what to do instead where a provider rosters the school; None where it is native."""
    found = wall.rostering(visitor.tenant_id, school_id)
    return wall.instead(found) if found else None


def behind_the_wall(visitor: Visitor, sentence: str, **more: Any) -> tuple[str, int]:
    """Return the page that stands in place of a form at an integrated school."""
    return render_template("native/classes/walled.html", visitor=visitor, sentence=sentence, **more), 403
