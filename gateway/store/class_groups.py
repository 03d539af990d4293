"""Groups of classes: what is stored of a course's groups, and the writes that make it what its LMS says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, insert, select, update

from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.tables import class_groups, group_members, users
from gateway.store.upsert import insert_into

ACTIVE, ENDED = "active", "tobedeleted"
TOLD = ("title", "set_id", "set_title", "tag")


class StoredGroup(NamedTuple):
    """One group, ended ones too; `told` are the columns that its LMS tells."""

    sourced_id: str
    group_id: str
    status: str
    told: dict[str, Any]


def groups_of(connection: Connection, tenant_id: str, context_row_id: str) -> dict[str, StoredGroup]:
    """Return a course's groups by the platform's id."""
    own = (class_groups.c.tenant_id == tenant_id) & (class_groups.c.context_row_id == context_row_id)
    columns = (class_groups.c.sourced_id, class_groups.c.group_id, class_groups.c.status)
    question = select(*columns, *(class_groups.c[name] for name in TOLD)).where(own)
    rows = connection.execute(question)
    return {row[1]: StoredGroup(row[0], row[1], row[2], dict(zip(TOLD, row[3:], strict=True))) for row in rows}


def add_group(
    connection: Connection, *, tenant_id: str, class_id: str, context_row_id: str, group_id: str,
    told: Mapping[str, Any], at: datetime,
) -> str:  # fmt: skip
    """Make a group and return its id."""
    row = {"sourced_id": new_id(), "tenant_id": tenant_id, "class_sourced_id": class_id, "date_last_modified": at}
    row |= {"context_row_id": context_row_id, "group_id": group_id, **told}
    connection.execute(insert(class_groups), row)
    return str(row["sourced_id"])


def change_group(connection: Connection, tenant_id: str, sourced_id: str, at: datetime, **values: Any) -> None:
    """Change what is known of a group, its status too."""
    own = (class_groups.c.tenant_id == tenant_id) & (class_groups.c.sourced_id == sourced_id)
    connection.execute(update(class_groups).where(own).values(date_last_modified=at, **values))


def members_of(connection: Connection, tenant_id: str, context_row_id: str) -> set[tuple[str, str]]:
    """Return who is in a course's groups now: (group, user)."""
    same = and_(class_groups.c.sourced_id == group_members.c.group_sourced_id)
    question = select(group_members.c.group_sourced_id, group_members.c.user_sourced_id).join(class_groups, same)
    own = (class_groups.c.tenant_id == tenant_id) & (class_groups.c.context_row_id == context_row_id)
    return {(row[0], row[1]) for row in connection.execute(question.where(own, group_members.c.status == ACTIVE))}


def put_members(connection: Connection, tenant_id: str, pairs: Iterable[tuple[str, str]], at: datetime) -> None:
    """Put people into groups; who was in one before is the same member again."""
    statement = insert_into(group_members, connection.dialect.name)
    statement = statement.on_conflict_do_update(
        index_elements=["group_sourced_id", "user_sourced_id"],
        set_={"status": ACTIVE, "date_last_modified": statement.excluded.date_last_modified},
    )
    base = {"tenant_id": tenant_id, "status": ACTIVE, "date_last_modified": at}
    rows = [{**base, "group_sourced_id": group, "user_sourced_id": user} for group, user in sorted(pairs)]
    if rows:
        connection.execute(statement, rows)


def end_members(connection: Connection, tenant_id: str, pairs: Iterable[tuple[str, str]], at: datetime) -> None:
    """End memberships: a status, never a deletion."""
    for group, user in sorted(pairs):
        own = (group_members.c.group_sourced_id == group) & (group_members.c.user_sourced_id == user)
        target = update(group_members).where(own, group_members.c.tenant_id == tenant_id)
        connection.execute(target.values(status=ENDED, date_last_modified=at))


class GroupMember(NamedTuple):
    """One person of a group of a class, or a group without anybody, as `schoolgate classes groups` shows it."""

    group_id: str
    group: str
    set: str | None
    status: str
    user_id: str | None
    name: str | None


def list_groups(store: Store, class_id: str) -> list[GroupMember]:
    """Return a class's groups with who is in them now; groups that ended are among them, without people."""
    now = and_(group_members.c.group_sourced_id == class_groups.c.sourced_id, group_members.c.status == ACTIVE)
    question = (
        select(
            class_groups.c.sourced_id, class_groups.c.title, class_groups.c.set_title, class_groups.c.status,
            users.c.sourced_id, users.c.name,
        )
        .outerjoin(group_members, now)
        .outerjoin(users, users.c.sourced_id == group_members.c.user_sourced_id)
        .where(class_groups.c.class_sourced_id == class_id)
        .order_by(class_groups.c.status, class_groups.c.set_title, class_groups.c.title, users.c.family_name)
    )  # fmt: skip
    with store.statements() as connection:
        return [GroupMember._make(row) for row in connection.execute(question)]
