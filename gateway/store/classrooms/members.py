"""Who is in a class, and who may be put into it: written with one line for each change, and found by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from gateway.store.engine import Store
from gateway.store.events.telling import tell
from gateway.store.ids import new_ids
from gateway.store.tables import enrollments, roles, users

NATIVE = "native"
STUDENT, TEACHER = "student", "teacher"
_AT_ONCE = 500


class Member(NamedTuple):
    """A person in a class or at a school."""

    user_id: str
    given_name: str | None
    family_name: str | None
    name: str | None
    username: str | None
    enabled: bool

    @property
    def full_name(self) -> str:
        """Return the name as it is read."""
        return " ".join(filter(None, (self.given_name, self.family_name))) or self.name or self.username or "?"


MEMBER = (
    users.c.sourced_id,
    users.c.given_name,
    users.c.family_name,
    users.c.name,
    users.c.username,
    users.c.enabled_user,
)
_BY_NAME = (func.lower(users.c.family_name), func.lower(users.c.given_name), users.c.sourced_id)


def members_of(store: Store, tenant_id: str, class_id: str, role: str) -> list[Member]:
    """Return who is in a class in this role, by family name."""
    question = (
        select(*MEMBER)
        .join(enrollments, enrollments.c.user_sourced_id == users.c.sourced_id)
        .where(*_in_class(tenant_id, class_id, role), users.c.tenant_id == tenant_id, users.c.status == "active")
        .distinct()
        .order_by(*_BY_NAME)
    )
    with store.statements() as connection:
        return [Member._make(row) for row in connection.execute(_ordered(question))]


def _ordered(question: Any) -> Any:
    """Return a distinct question whose order is among its columns, as PostgreSQL wants it."""
    found = question.order_by(None).subquery()
    order = (func.lower(found.c.family_name), func.lower(found.c.given_name), found.c.sourced_id)
    return select(found).order_by(*order)


def _in_class(tenant_id: str, class_id: str, role: str) -> tuple[ColumnElement[bool], ...]:
    c = enrollments.c
    return (c.tenant_id == tenant_id, c.class_sourced_id == class_id, c.role == role, c.status == "active")


def at_school(tenant_id: str, school_id: str, role: str) -> ColumnElement[bool]:
    """Return the condition that a user has a role at a school."""
    c = roles.c
    mine = (c.tenant_id == tenant_id, c.org_sourced_id == school_id, c.role == role, c.status == "active")
    return select(c.sourced_id).where(c.user_sourced_id == users.c.sourced_id, *mine).exists()


def find_people(
    store: Store, tenant_id: str, school_id: str, role: str, *, words: str, not_in: str | None, most: int
) -> list[Member]:
    """Return people of a school whose names or username have all these words, except those in the class `not_in`."""
    where = [users.c.tenant_id == tenant_id, users.c.status == "active", at_school(tenant_id, school_id, role)]
    columns = (users.c.given_name, users.c.family_name, users.c.username)
    for word in words.split()[:5]:
        where.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if not_in:
        inside = select(enrollments.c.user_sourced_id).where(*_in_class(tenant_id, not_in, role))
        where.append(users.c.sourced_id.not_in(inside))
    question = select(*MEMBER).where(*where).order_by(*_BY_NAME).limit(most)
    with store.statements() as connection:
        return [Member._make(row) for row in connection.execute(question)]


def of_school(connection: Connection, tenant_id: str, school_id: str, role: str, user_ids: Collection[str]) -> set[str]:
    """Return which of these users have this role at the school."""
    found: set[str] = set()
    wanted = sorted(set(user_ids))
    for start in range(0, len(wanted), _AT_ONCE):
        those = users.c.sourced_id.in_(wanted[start : start + _AT_ONCE])
        question = select(users.c.sourced_id).where(users.c.tenant_id == tenant_id, those)
        found.update(connection.execute(question.where(at_school(tenant_id, school_id, role))).scalars())
    return found


class Place(NamedTuple):
    """A person's place in a class."""

    user_id: str
    class_id: str
    role: str = STUDENT


def enroll(
    connection: Connection, tenant_id: str, school_id: str, places: Sequence[Place], at: datetime
) -> list[Place]:
    """Put people into classes; who is there already stays as they are. Return the places that are new."""
    standing = _standing(connection, tenant_id, places)
    back = [place for place in places if standing.get(place, ("", "active"))[1] != "active"]
    if back:
        ids = [standing[place][0] for place in back]
        for start in range(0, len(ids), _AT_ONCE):
            mine = and_(
                enrollments.c.tenant_id == tenant_id, enrollments.c.sourced_id.in_(ids[start : start + _AT_ONCE])
            )
            connection.execute(update(enrollments).where(mine).values(status="active", date_last_modified=at))
        tell(connection, tenant_id, "enrollments", "returned", ids, at)
    fresh = list(dict.fromkeys(place for place in places if place not in standing))
    if fresh:
        ids = new_ids(len(fresh))
        base = {"tenant_id": tenant_id, "school_sourced_id": school_id, "source": NATIVE, "date_last_modified": at}
        rows = [
            base | {"sourced_id": each, "user_sourced_id": place.user_id, "class_sourced_id": place.class_id,
                    "role": place.role}
            for each, place in zip(ids, fresh, strict=True)
        ]  # fmt: skip
        connection.execute(insert(enrollments), rows)
        tell(connection, tenant_id, "enrollments", "added", ids, at)
    return [*back, *fresh]


def leave(connection: Connection, tenant_id: str, class_id: str, user_id: str, role: str, at: datetime) -> bool:
    """Take a person out of a class; the row stays, so that a return is the same place. False: was not in it."""
    mine = (*_in_class(tenant_id, class_id, role), enrollments.c.user_sourced_id == user_id)
    gone = update(enrollments).where(*mine).values(status="tobedeleted", date_last_modified=at)
    ids = list(connection.execute(gone.returning(enrollments.c.sourced_id)).scalars())
    tell(connection, tenant_id, "enrollments", "gone", ids, at)
    return bool(ids)


def _standing(connection: Connection, tenant_id: str, places: Sequence[Place]) -> dict[Place, tuple[str, str]]:
    """Return the rows that are there for these places: id and status."""
    c = enrollments.c
    found: dict[Place, tuple[str, str]] = {}
    wanted = sorted({place.user_id for place in places})
    classes = sorted({place.class_id for place in places})
    for start in range(0, len(wanted), _AT_ONCE):
        those = (c.user_sourced_id.in_(wanted[start : start + _AT_ONCE]), c.class_sourced_id.in_(classes))
        question = select(c.user_sourced_id, c.class_sourced_id, c.role, c.sourced_id, c.status)
        for row in connection.execute(question.where(c.tenant_id == tenant_id, *those)):
            place = Place(row[0], row[1], row[2])
            if place not in found or row[4] == "active":  # a roster may tell the same twice
                found[place] = (row[3], row[4])
    return found
