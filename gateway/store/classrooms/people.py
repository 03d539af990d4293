"""Writes students: many at a time, each a user with an account and a role, and the changes to those who are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from gateway.store.classrooms.members import NATIVE, STUDENT
from gateway.store.events.telling import tell
from gateway.store.ids import new_ids
from gateway.store.tables import accounts, roles, users


class UsernameMeanwhileTaken(Exception):
    """Somebody took a username between the look and the writing; nothing of this transaction stands."""


class NewStudent(NamedTuple):
    """A student who is to be made. `username_key` is folded."""

    given_name: str
    family_name: str
    middle_name: str | None
    username: str
    username_key: str
    grade: str | None
    number: str | None
    password_hash: str
    must_change: bool = False


def add_students(
    connection: Connection, tenant_id: str, school_id: str, students: Sequence[NewStudent], at: datetime
) -> list[str]:
    """Make students of a school and return their sourcedIds. Raises UsernameMeanwhileTaken: roll back then."""
    if not students:
        return []
    user_ids, role_ids = new_ids(len(students)), new_ids(len(students))
    connection.execute(
        insert(users),
        [
            {"sourced_id": user_id, "tenant_id": tenant_id, "primary_org_sourced_id": school_id, "enabled_user": True,
             "given_name": each.given_name, "family_name": each.family_name, "middle_name": each.middle_name,
             "name": f"{each.given_name} {each.family_name}", "username": each.username, "identifier": each.number,
             "grades": [each.grade] if each.grade else None, "date_last_modified": at}
            for user_id, each in zip(user_ids, students, strict=True)
        ],
    )  # fmt: skip
    try:
        connection.execute(insert(accounts), _accounts(tenant_id, user_ids, students, at))
    except IntegrityError as fault:
        raise UsernameMeanwhileTaken from fault
    connection.execute(
        insert(roles),
        [
            {"sourced_id": role_id, "tenant_id": tenant_id, "user_sourced_id": user_id, "org_sourced_id": school_id,
             "role": STUDENT, "role_type": "primary", "source": NATIVE, "date_last_modified": at}
            for role_id, user_id in zip(role_ids, user_ids, strict=True)
        ],
    )  # fmt: skip
    tell(connection, tenant_id, "users", "added", user_ids, at)
    return user_ids


def _accounts(
    tenant_id: str, user_ids: Sequence[str], students: Sequence[NewStudent], at: datetime
) -> list[dict[str, Any]]:
    return [
        {"id": account_id, "tenant_id": tenant_id, "user_sourced_id": user_id, "username": each.username,
         "username_key": each.username_key, "password_hash": each.password_hash, "must_change": each.must_change,
         "created_at": at, "password_changed_at": at}
        for account_id, user_id, each in zip(new_ids(len(students)), user_ids, students, strict=True)
    ]  # fmt: skip


def change_student(
    connection: Connection,
    tenant_id: str,
    user_id: str,
    fields: Mapping[str, Any],
    username: tuple[str, str] | None,
    at: datetime,
) -> None:
    """Change columns of a student's user, and the username (as shown, folded). Raises UsernameMeanwhileTaken."""
    mine = (users.c.tenant_id == tenant_id, users.c.sourced_id == user_id, users.c.roster_source_id.is_(None))
    connection.execute(update(users).where(*mine).values(date_last_modified=at, **fields))
    if username:
        account = (accounts.c.tenant_id == tenant_id, accounts.c.user_sourced_id == user_id)
        try:
            connection.execute(update(accounts).where(*account).values(username=username[0], username_key=username[1]))
        except IntegrityError as fault:
            raise UsernameMeanwhileTaken from fault
    tell(connection, tenant_id, "users", "changed", [user_id], at)
