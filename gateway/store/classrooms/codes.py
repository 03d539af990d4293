"""The rows of class codes: one open at a time for each class, found by what a student typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, insert, select, update

from gateway.store.audit import note
from gateway.store.classrooms.classes import ACTIVE
from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.tables import class_codes, classes, orgs


class ClassCode(NamedTuple):
    """A class's newest code."""

    id: str
    tenant_id: str
    class_id: str
    code: str
    needs_approval: bool
    created_at: datetime
    locks_at: datetime
    closed_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Return whether students can come in by it."""
        return self.closed_at is None and now < self.locks_at


class Found(NamedTuple):
    """An open code with what a student sees of its class."""

    code: ClassCode
    title: str
    school_id: str
    school: str


_c = class_codes.c
_COLUMNS = (
    _c.id,
    _c.tenant_id,
    _c.class_sourced_id,
    _c.code,
    _c.needs_approval,
    _c.created_at,
    _c.locks_at,
    _c.closed_at,
)


def put_code(
    connection: Connection,
    tenant_id: str,
    class_id: str,
    code: str,
    *,
    needs_approval: bool,
    actor: str,
    at: datetime,
    locks_at: datetime,
) -> None:
    """Give a class a code; those before it are closed."""
    close_codes(connection, tenant_id, class_id, at)
    row: dict[str, Any] = {
        "id": new_id(),
        "tenant_id": tenant_id,
        "class_sourced_id": class_id,
        "code": code,
        "made_by": actor,
    }
    row |= {"needs_approval": needs_approval, "created_at": at, "locks_at": locks_at}
    connection.execute(insert(class_codes), row)
    note(connection, at=at, actor=actor, action="class_code.made", subject=class_id, tenant_id=tenant_id)


def close_codes(connection: Connection, tenant_id: str, class_id: str, at: datetime) -> None:
    """Let nobody else in by a class's codes."""
    mine = (_c.tenant_id == tenant_id, _c.class_sourced_id == class_id, _c.closed_at.is_(None))
    connection.execute(update(class_codes).where(*mine).values(closed_at=at))


def change_code(connection: Connection, tenant_id: str, class_id: str, *, needs_approval: bool) -> None:
    """Ask for approval from now on, or no longer."""
    mine = (_c.tenant_id == tenant_id, _c.class_sourced_id == class_id, _c.closed_at.is_(None))
    connection.execute(update(class_codes).where(*mine).values(needs_approval=needs_approval))


def newest_code(store: Store, tenant_id: str, class_id: str) -> ClassCode | None:
    """Return a class's newest code, open or not."""
    mine = (_c.tenant_id == tenant_id, _c.class_sourced_id == class_id)
    question = select(*_COLUMNS).where(*mine).order_by(_c.created_at.desc(), _c.id.desc()).limit(1)
    with store.statements() as connection:
        row = connection.execute(question).first()
    return None if row is None else ClassCode._make(row)


def find_code(store: Store, code: str, now: datetime) -> Found | None:
    """Return an open code of a class that is there; it alone says which tenant: who types it belongs to none."""
    school = and_(orgs.c.tenant_id == classes.c.tenant_id, orgs.c.sourced_id == classes.c.school_sourced_id)
    question = (
        select(*_COLUMNS, classes.c.title, classes.c.school_sourced_id, orgs.c.name)
        .join(classes, and_(classes.c.tenant_id == _c.tenant_id, classes.c.sourced_id == _c.class_sourced_id))
        .join(orgs, school)
        .where(_c.code == code, _c.closed_at.is_(None), _c.locks_at > now, classes.c.status == ACTIVE)
    )
    with store.statements() as connection:
        row = connection.execute(question).first()
    size = len(_COLUMNS)
    return None if row is None else Found(ClassCode._make(row[:size]), row[size] or "", row[size + 1], row[size + 2])
