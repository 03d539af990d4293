"""`schoolgate classes`: classes that came from LMSs, their members, and reading these anew."""

from __future__ import annotations

from typing import Any

import click

from gateway.cli.output import as_json, lines, opened, show, table
from gateway.store.class_groups import list_groups
from gateway.store.class_services import class_members, courses_of, list_classes


@click.group()
def classes() -> None:
    """Classes that came from LMSs, and their members."""


@classes.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10000))
@as_json
def list_(limit: int, json_: bool) -> None:
    """List classes, with the time of their member list and what holds it up."""
    with opened() as gate:
        found = list_classes(gate.store, limit=limit)
    columns = ("class", "title", "school", "members as of", "fault")
    show({"classes": [one._asdict() for one in found]}, json_, lambda: table(columns, found))


@classes.command("members")
@click.argument("class_id", metavar="CLASS")
@as_json
def members_(class_id: str, json_: bool) -> None:
    """Show who is in a class and who was, and as of when its LMS said so."""
    with opened() as gate:
        found, courses = class_members(gate.store, class_id), courses_of(gate.store, class_id)
    as_of = max((course.members_read_at for course in courses if course.members_read_at), default=None)
    faults = [course.members_fault for course in courses if course.members_fault]
    document: dict[str, Any] = {"class": class_id, "as_of": as_of, "faults": faults}
    document["members"] = [one._asdict() for one in found]

    def plain() -> None:
        lines({name: document[name] for name in ("class", "as_of", "faults")})
        named = [(one.user_id, one.name or " ".join(filter(None, one[2:4])), *one[4:]) for one in found]
        table(("user", "name", "role", "status", "source"), named)

    show(document, json_, plain)


@classes.command("groups")
@click.argument("class_id", metavar="CLASS")
@as_json
def groups_(class_id: str, json_: bool) -> None:
    """Show a class's groups and who is in them, and as of when its LMS said so."""
    with opened() as gate:
        found, courses = list_groups(gate.store, class_id), courses_of(gate.store, class_id)
    as_of = max((course.groups_read_at for course in courses if course.groups_read_at), default=None)
    faults = [course.groups_fault for course in courses if course.groups_fault]
    document: dict[str, Any] = {"class": class_id, "as_of": as_of, "faults": faults}
    document["groups"] = [one._asdict() for one in found]

    def plain() -> None:
        lines({name: document[name] for name in ("class", "as_of", "faults")})
        table(("group", "title", "set", "status", "user", "name"), found)

    show(document, json_, plain)


@classes.command("sync")
@click.argument("class_id", metavar="CLASS")
@click.option("--force", is_flag=True, help="End also what a look at the list held back; asks for the whole list.")
@as_json
def sync(class_id: str, force: bool, json_: bool) -> None:
    """Read a class's members from its LMS now, and apply what is proven."""
    with opened() as gate:
        readings = [one.document() for one in gate.class_lists.sync(class_id, force=force)]

    def plain() -> None:
        for one in readings:
            lines({name: value for name, value in one.items() if value is not None})

    show({"readings": readings}, json_, plain)
