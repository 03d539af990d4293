"""What a list of students is compared with: the school's students, its classes with their members, and taken names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import and_, select

from gateway.store.classrooms.classes import ACTIVE
from gateway.store.classrooms.members import STUDENT, at_school
from gateway.store.engine import Store
from gateway.store.tables import accounts, classes, enrollments, users

_AT_ONCE = 500


class StoredStudent(NamedTuple):
    """A student of a school with an account."""

    user_id: str
    username: str
    given_name: str | None
    family_name: str | None
    middle_name: str | None
    grades: list[str] | None
    identifier: str | None


def students_of(store: Store, tenant_id: str, school_id: str) -> Iterator[StoredStudent]:
    """Yield every student of a school who has an account."""
    account = and_(accounts.c.tenant_id == users.c.tenant_id, accounts.c.user_sourced_id == users.c.sourced_id)
    names = (users.c.given_name, users.c.family_name, users.c.middle_name, users.c.grades, users.c.identifier)
    question = (
        select(users.c.sourced_id, accounts.c.username, *names)
        .join(accounts, account)
        .where(users.c.tenant_id == tenant_id, users.c.status == "active", at_school(tenant_id, school_id, STUDENT))
    )
    with store.statements() as connection:
        yield from map(StoredStudent._make, connection.execute(question))


def members_by_class(store: Store, tenant_id: str, class_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the students of each of these classes."""
    found: dict[str, set[str]] = {}
    c = enrollments.c
    mine = (c.tenant_id == tenant_id, c.role == STUDENT, c.status == "active")
    with store.statements() as connection:
        for those in _chunks(class_ids):
            question = select(c.class_sourced_id, c.user_sourced_id).where(*mine, c.class_sourced_id.in_(those))
            for class_id, user_id in connection.execute(question):
                found.setdefault(class_id, set()).add(user_id)
    return {class_id: frozenset(users) for class_id, users in found.items()}


def taken_keys(store: Store, username_keys: Collection[str]) -> set[str]:
    """Return which folded usernames somebody has, of whatever tenant: there is one sign-in page for all."""
    found: set[str] = set()
    with store.statements() as connection:
        for those in _chunks(username_keys):
            found.update(
                connection.execute(select(accounts.c.username_key).where(accounts.c.username_key.in_(those))).scalars()
            )
    return found


def open_classes(store: Store, tenant_id: str, school_id: str, teacher_id: str | None) -> list[tuple[str, str]]:
    """Return id and name of a school's classes that are not archived; with a teacher, of theirs."""
    where = [classes.c.tenant_id == tenant_id, classes.c.school_sourced_id == school_id, classes.c.status == ACTIVE]
    where.append(classes.c.roster_source_id.is_(None))
    if teacher_id is not None:
        e = enrollments.c
        teaching = (
            e.tenant_id == tenant_id,
            e.user_sourced_id == teacher_id,
            e.role == "teacher",
            e.status == "active",
        )
        where.append(classes.c.sourced_id.in_(select(e.class_sourced_id).where(*teaching)))
    with store.statements() as connection:
        rows = connection.execute(select(classes.c.sourced_id, classes.c.title).where(*where))
        return [(row[0], row[1] or "") for row in rows]


def _chunks(wanted: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(wanted)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
