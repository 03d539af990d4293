"""Classes that people make: their names, their teachers, whether they are archived, and how many are in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from gateway.store.audit import note
from gateway.store.classrooms.members import STUDENT, TEACHER, Place, enroll
from gateway.store.engine import Store
from gateway.store.events.telling import tell
from gateway.store.ids import new_id
from gateway.store.tables import class_joins, classes, enrollments

ACTIVE, ARCHIVED = "active", "tobedeleted"


class Classroom(NamedTuple):
    """A class. `is_rostered`: it comes from a school's own system, and nobody changes it by hand."""

    class_id: str
    tenant_id: str
    school_id: str
    title: str
    is_archived: bool
    is_rostered: bool


class Listed(NamedTuple):
    """A class in a list: with how many students it has, and how many wait to be let in."""

    classroom: Classroom
    students: int
    waiting: int


_COLUMNS = (
    classes.c.sourced_id,
    classes.c.tenant_id,
    classes.c.school_sourced_id,
    func.coalesce(classes.c.title, "").label("title"),
    (classes.c.status != ACTIVE).label("is_archived"),
    classes.c.roster_source_id.isnot(None).label("is_rostered"),
)


def make_class(
    connection: Connection, tenant_id: str, school_id: str, title: str, *, teacher_id: str | None, at: datetime
) -> str:
    """Make a class at a school, its first teacher in it, and return its sourcedId."""
    class_id = new_id()
    row = {"sourced_id": class_id, "tenant_id": tenant_id, "school_sourced_id": school_id, "title": title}
    connection.execute(insert(classes), row | {"date_last_modified": at})
    tell(connection, tenant_id, "classes", "added", [class_id], at)
    if teacher_id:
        enroll(connection, tenant_id, school_id, [Place(teacher_id, class_id, TEACHER)], at)
    return class_id


def change_class(
    connection: Connection, tenant_id: str, class_id: str, fields: dict[str, Any], *, actor: str, at: datetime
) -> bool:
    """Rename, archive or bring back a class of people's own making. False when nothing is to be changed."""
    different = [classes.c[name].is_distinct_from(value) for name, value in fields.items()]
    mine = (*_mine(tenant_id, class_id), classes.c.roster_source_id.is_(None), *different)
    if not connection.execute(update(classes).where(*mine).values(date_last_modified=at, **fields)).rowcount:
        return False
    action: Any = {ACTIVE: "returned", ARCHIVED: "gone"}.get(fields.get("status", ""), "changed")
    tell(connection, tenant_id, "classes", action, [class_id], at)
    note(connection, at=at, actor=actor, action=f"class.{action}", subject=class_id, tenant_id=tenant_id)
    return True


def find_class(store: Store, tenant_id: str, class_id: str) -> Classroom | None:
    """Return a class of this tenant."""
    with store.statements() as connection:
        row = connection.execute(select(*_COLUMNS).where(*_mine(tenant_id, class_id))).first()
    return None if row is None else Classroom._make(row)


def teaches(store: Store, tenant_id: str, class_id: str, user_id: str) -> bool:
    """Return whether a person is a teacher of a class."""
    question = select(enrollments.c.sourced_id).where(
        enrollments.c.class_sourced_id == class_id, *_in_role(tenant_id, user_id, TEACHER)
    )
    with store.statements() as connection:
        return connection.execute(question).first() is not None


def list_classes(
    store: Store,
    tenant_id: str,
    *,
    user_id: str | None = None,
    role: str = TEACHER,
    schools: Iterable[str] = (),
    archived: bool = False,
) -> list[Listed]:
    """Return classes by name: those in which a person has a role, or, without a person, all of these schools."""
    where: list[ColumnElement[bool]] = [classes.c.tenant_id == tenant_id]
    where.append(classes.c.status != ACTIVE if archived else classes.c.status == ACTIVE)
    if user_id is not None:
        mine = select(enrollments.c.class_sourced_id).where(*_in_role(tenant_id, user_id, role))
        where.append(classes.c.sourced_id.in_(mine))
    else:
        where.append(classes.c.school_sourced_id.in_(list(schools)))
    question = (
        select(*_COLUMNS, _count(), _waiting())
        .where(*where)
        .order_by(func.lower(func.coalesce(classes.c.title, "")), classes.c.sourced_id)
    )
    with store.statements() as connection:
        return [Listed(Classroom._make(row[:6]), row[6], row[7]) for row in connection.execute(question)]


def _mine(tenant_id: str, class_id: str) -> tuple[ColumnElement[bool], ...]:
    return (classes.c.tenant_id == tenant_id, classes.c.sourced_id == class_id)


def _in_role(tenant_id: str, user_id: str, role: str) -> tuple[ColumnElement[bool], ...]:
    c = enrollments.c
    return (c.tenant_id == tenant_id, c.user_sourced_id == user_id, c.role == role, c.status == "active")


def _count() -> ColumnElement[int]:
    c = enrollments.c
    inside = (c.class_sourced_id == classes.c.sourced_id, c.role == STUDENT, c.status == "active")
    return select(func.count(func.distinct(c.user_sourced_id))).where(*inside).scalar_subquery()


def _waiting() -> ColumnElement[int]:
    c = class_joins.c
    mine = (c.class_sourced_id == classes.c.sourced_id, c.state == "waiting")
    return select(func.count()).select_from(class_joins).where(*mine).scalar_subquery()
