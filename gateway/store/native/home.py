"""What somebody sees when they come to the gateway itself: the classes they are in."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from gateway.store.tables import classes, enrollments, orgs


class OwnClass(NamedTuple):
    """A class that somebody teaches or attends; `role` is OneRoster's word for what they are in it."""

    class_id: str
    title: str | None
    school_name: str
    role: str


_OWN = (
    select(classes.c.sourced_id, classes.c.title, orgs.c.name, enrollments.c.role)
    .select_from(
        enrollments.join(
            classes,
            (classes.c.sourced_id == enrollments.c.class_sourced_id) & (classes.c.tenant_id == bindparam("tenant")),
        ).join(orgs, (orgs.c.sourced_id == classes.c.school_sourced_id) & (orgs.c.tenant_id == bindparam("tenant")))
    )
    .where(
        enrollments.c.tenant_id == bindparam("tenant"),
        enrollments.c.user_sourced_id == bindparam("user"),
        enrollments.c.status == "active",
        classes.c.status == "active",
    )
    .order_by(classes.c.title, classes.c.sourced_id, enrollments.c.role)
)


def classes_of(connection: Connection, tenant_id: str, user_id: str) -> list[OwnClass]:
    """Return the active classes of a person, by title; each once."""
    rows = connection.execute(_OWN, {"tenant": tenant_id, "user": user_id})
    found = {row[0]: OwnClass._make(row) for row in rows}
    return list(found.values())
