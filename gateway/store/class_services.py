"""A class's course at its LMS: where its members and gradebook are asked for, and how far its members were read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from gateway.store.engine import Store
from gateway.store.tables import classes, contexts, deployments, enrollments, integrations, orgs, resource_links, users


class Course(NamedTuple):
    """One context of a class. `others` is how many more courses the class has."""

    row_id: str
    tenant_id: str
    context_id: str
    class_id: str
    class_title: str | None
    class_roster: int | None
    school_id: str
    deployment_row_id: str
    deployment_id: str
    deployment_status: str
    registration_id: str
    integration_id: str | None
    integration_status: str | None
    provider: str | None
    org_id: str | None
    members_url: str | None
    line_items_url: str | None
    grades_scopes: str | None
    groups_url: str | None
    group_sets_url: str | None
    groups_read_at: datetime | None
    groups_fault: str | None
    members_read_at: datetime | None
    members_full_at: datetime | None
    members_since: str | None
    members_fault: str | None
    others: int


_SIBLINGS = contexts.alias("siblings")
_OTHERS = (
    select(func.count())
    .where(_SIBLINGS.c.class_sourced_id == contexts.c.class_sourced_id, _SIBLINGS.c.id != contexts.c.id)
    .scalar_subquery()
)
_COURSES = (
    select(
        contexts.c.id,
        contexts.c.tenant_id,
        contexts.c.context_id,
        classes.c.sourced_id,
        classes.c.title,
        classes.c.roster_source_id,
        classes.c.school_sourced_id,
        deployments.c.id,
        deployments.c.deployment_id,
        deployments.c.status,
        deployments.c.registration_id,
        integrations.c.id,
        integrations.c.status,
        integrations.c.provider,
        integrations.c.org_sourced_id,
        contexts.c.members_url,
        contexts.c.line_items_url,
        contexts.c.grades_scopes,
        contexts.c.groups_url,
        contexts.c.group_sets_url,
        contexts.c.groups_read_at,
        contexts.c.groups_fault,
        contexts.c.members_read_at,
        contexts.c.members_full_at,
        contexts.c.members_since,
        contexts.c.members_fault,
        _OTHERS,
    )
    .join(classes, classes.c.sourced_id == contexts.c.class_sourced_id)
    .join(deployments, deployments.c.id == contexts.c.deployment_row_id)
    .outerjoin(integrations, integrations.c.id == deployments.c.integration_id)
)


def find_course(store: Store, row_id: str) -> Course | None:
    """Return one course."""
    found = _courses(store, contexts.c.id == row_id)
    return found[0] if found else None


def courses_of(store: Store, class_id: str) -> list[Course]:
    """Return the courses of a class; mostly one."""
    return _courses(store, contexts.c.class_sourced_id == class_id)


def _courses(store: Store, where: ColumnElement[bool]) -> list[Course]:
    with store.statements() as connection:
        rows = connection.execute(_COURSES.where(where).order_by(contexts.c.created_at, contexts.c.id))
        return [Course._make(row) for row in rows]


_ASK = (
    update(contexts)
    .where(
        contexts.c.deployment_row_id == bindparam("of_deployment"),
        contexts.c.context_id == bindparam("of_context"),
        contexts.c.members_url.isnot(None),
        contexts.c.members_asked_at.is_(None) | (contexts.c.members_asked_at <= bindparam("before")),
    )
    .values(members_asked_at=bindparam("at"))
    .returning(contexts.c.id)
)


def ask_members(store: Store, *, deployment_row_id: str, context_id: str, before: datetime, at: datetime) -> str | None:
    """Note that a launch asks for the member list and return the course's row; None when it was asked for lately."""
    values = {"of_deployment": deployment_row_id, "of_context": context_id, "before": before, "at": at}
    with store.statements() as connection:
        row_id = connection.execute(_ASK, values).scalar()
    return None if row_id is None else str(row_id)


def note_reading(connection: Connection, row_id: str, **fields: Any) -> None:
    """Keep how far the member list was read: the columns `members_…`."""
    connection.execute(update(contexts).where(contexts.c.id == row_id).values(**fields))


def newest_link(store: Store, course: Course) -> str | None:
    """Return the platform's id of a link of ours in the course."""
    own = (resource_links.c.deployment_row_id == course.deployment_row_id) & (
        resource_links.c.class_sourced_id == course.class_id
    )
    question = (
        select(resource_links.c.resource_link_id).where(own).order_by(resource_links.c.created_at.desc()).limit(1)
    )
    with store.statements() as connection:
        return connection.execute(question).scalar()


class ClassMember(NamedTuple):
    """One person of a class, as `schoolgate classes members` shows it."""

    user_id: str
    name: str | None
    given_name: str | None
    family_name: str | None
    role: str
    status: str
    source: str


def class_members(store: Store, class_id: str) -> list[ClassMember]:
    """Return who is or was in a class."""
    columns = (
        users.c.sourced_id,
        users.c.name,
        users.c.given_name,
        users.c.family_name,
        enrollments.c.role,
        enrollments.c.status,
        enrollments.c.source,
    )
    question = select(*columns).join(users, users.c.sourced_id == enrollments.c.user_sourced_id)
    question = question.where(enrollments.c.class_sourced_id == class_id).order_by(
        enrollments.c.status, enrollments.c.role.desc(), users.c.family_name, users.c.sourced_id
    )
    with store.statements() as connection:
        return [ClassMember._make(row) for row in connection.execute(question)]


class ListedClass(NamedTuple):
    """One class, as `schoolgate classes list` shows it."""

    class_id: str
    title: str | None
    school: str
    members_read_at: datetime | None
    members_fault: str | None


def list_classes(store: Store, *, limit: int) -> list[ListedClass]:
    """Return classes that are known from launches, with how fresh their member list is."""
    columns = (
        classes.c.sourced_id, classes.c.title, orgs.c.name, contexts.c.members_read_at, contexts.c.members_fault,
    )  # fmt: skip
    question = select(*columns).join(contexts, contexts.c.class_sourced_id == classes.c.sourced_id)
    question = question.join(orgs, orgs.c.sourced_id == classes.c.school_sourced_id).order_by(classes.c.sourced_id)
    with store.statements() as connection:
        return [ListedClass._make(row) for row in connection.execute(question.limit(limit))]
