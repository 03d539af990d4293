"""Members of a class as its LMS tells them: what is stored, and the bulk writes that make it so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.store.events.telling import What, tell
from gateway.store.ids import new_id
from gateway.store.people import Collision
from gateway.store.tables import enrollments, identities, roles, users
from gateway.store.tables.columns import NOT_ROSTERED

CHUNK = 400  # bound parameters in one question
PROFILE = ("given_name", "middle_name", "family_name", "name", "email", "identifier", "username", "locale", "picture")
T = TypeVar("T")


class StoredPerson(NamedTuple):
    """A person behind a subject; `is_rostered`: a roster owns the names."""

    user_id: str
    is_rostered: bool
    profile: Mapping[str, str | None]


class StoredEnrollment(NamedTuple):
    """One person's role in the class, ended ones too."""

    sourced_id: str
    user_id: str
    role: str
    status: str
    source: str
    changed_at: datetime


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    chunk: list[T] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def people_behind(connection: Connection, integration_id: str, subjects: Iterable[str]) -> dict[str, StoredPerson]:
    """Return who is known, by subject."""
    columns = [identities.c.subject, users.c.sourced_id, users.c.roster_source_id, *(users.c[name] for name in PROFILE)]
    found: dict[str, StoredPerson] = {}
    for chunk in _chunks(subjects):
        question = select(*columns).join(users, users.c.sourced_id == identities.c.user_sourced_id)
        question = question.where(identities.c.integration_id == integration_id, identities.c.subject.in_(chunk))
        for subject, user_id, roster, *profile in connection.execute(question):
            named = dict(zip(PROFILE, profile, strict=True))
            found[subject] = StoredPerson(user_id, roster is not None, named)
    return found


def add_people(
    connection: Connection,
    *,
    tenant_id: str,
    integration_id: str,
    profiles: Mapping[str, Mapping[str, str | None]],
    at: datetime,
) -> dict[str, str]:
    """Make users with their identities; return their sourcedIds by subject. Raises Collision as `people.add_user`."""
    ids = {subject: new_id() for subject in profiles}
    base = {"tenant_id": tenant_id, "date_last_modified": at}
    blank = dict.fromkeys(PROFILE)
    people = [{"sourced_id": ids[subject], **base, **blank, **profile} for subject, profile in profiles.items()]
    named = [
        {
            "id": new_id(),
            "tenant_id": tenant_id,
            "integration_id": integration_id,
            "subject": subject,
            "user_sourced_id": user_id,
            "created_at": at,
        }
        for subject, user_id in ids.items()
    ]
    _insert(connection, users, people)
    _insert(connection, identities, named)
    tell(connection, tenant_id, "users", "added", ids.values(), at)
    return ids


def _insert(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    try:
        if rows:
            connection.execute(insert(table), list(rows))
    except IntegrityError as fault:  # a launch made one of them just now
        raise Collision from fault


def change_profile(
    connection: Connection, tenant_id: str, user_id: str, profile: Mapping[str, str | None], at: datetime
) -> None:
    """Change what is known of a person."""
    target = (users.c.tenant_id == tenant_id) & (users.c.sourced_id == user_id)
    connection.execute(update(users).where(target).values(date_last_modified=at, **profile))
    tell(connection, tenant_id, "users", "changed", [user_id], at)


def enrollments_of(connection: Connection, tenant_id: str, class_id: str) -> list[StoredEnrollment]:
    """Return every enrollment of the class that no roster owns."""
    names = ("sourced_id", "user_sourced_id", "role", "status", "source", "date_last_modified")
    own = (enrollments.c.tenant_id == tenant_id) & (enrollments.c.class_sourced_id == class_id)
    question = select(*(enrollments.c[name] for name in names)).where(own, NOT_ROSTERED)
    return [StoredEnrollment(*row) for row in connection.execute(question)]


def add_enrollments(
    connection: Connection,
    *,
    tenant_id: str,
    class_id: str,
    school_id: str,
    wanted: Iterable[tuple[str, str]],
    at: datetime,
) -> None:
    """Enroll people: (user, role) each. Raises Collision when a launch enrolled one of them just now."""
    base = {"tenant_id": tenant_id, "class_sourced_id": class_id, "school_sourced_id": school_id, "source": "nrps"}
    fresh = [
        {"sourced_id": new_id(), "user_sourced_id": user_id, "role": role, "date_last_modified": at, **base}
        for user_id, role in wanted
    ]
    _insert(connection, enrollments, fresh)
    tell(connection, tenant_id, "enrollments", "added", [str(each["sourced_id"]) for each in fresh], at)


def set_status(connection: Connection, tenant_id: str, ids: Iterable[str], status: str, at: datetime) -> None:
    """End enrollments (`tobedeleted`) or bring them back (`active`)."""
    what: What = "returned" if status == "active" else "gone"
    for chunk in _chunks(ids):
        target = (enrollments.c.tenant_id == tenant_id) & enrollments.c.sourced_id.in_(chunk)
        connection.execute(update(enrollments).where(target).values(status=status, date_last_modified=at))
        tell(connection, tenant_id, "enrollments", what, chunk, at)


def add_missing_roles(
    connection: Connection,
    *,
    tenant_id: str,
    org_id: str,
    wanted: Iterable[tuple[str, str]],
    new: Collection[str] = (),
    at: datetime,
) -> None:
    """Give people missing roles at the school: (user, role) each. Of `new` users is told already."""
    pairs = dict.fromkeys(wanted)
    have: set[tuple[str, str]] = set()
    for chunk in _chunks({user_id for user_id, _ in pairs}):
        question = select(roles.c.user_sourced_id, roles.c.role).where(
            roles.c.tenant_id == tenant_id, roles.c.org_sourced_id == org_id, roles.c.user_sourced_id.in_(chunk)
        )
        have |= {(user_id, role) for user_id, role in connection.execute(question)}
    base = {"tenant_id": tenant_id, "org_sourced_id": org_id, "source": "nrps", "date_last_modified": at}
    settled = {user for user, _ in have}  # who has a role here already; others get their first as the primary one
    fresh, changed = [], set[str]()
    for user, role in pairs:
        if (user, role) not in have:
            kind = "secondary" if user in settled else "primary"
            fresh.append({"sourced_id": new_id(), "user_sourced_id": user, "role": role, "role_type": kind, **base})
            settled.add(user)
            changed.add(user)
    _insert(connection, roles, fresh)
    tell(connection, tenant_id, "users", "changed", sorted(changed - {*new}), at)
