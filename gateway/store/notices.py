"""Platforms' notices: kept once each, waiting until they are applied, and the copies of courses they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select, update

from gateway.store.engine import Store
from gateway.store.tables import contexts, course_copies, notices
from gateway.store.upsert import insert_into, insert_or_ignore

WAITING, NOTED = "waiting", "noted"


class NoticeRow(NamedTuple):
    """One proven notice of a deployment that may come in."""

    ref: str
    tenant_id: str
    created_at: datetime
    registration_id: str
    integration_id: str
    deployment_row_id: str
    notice_id: str
    type: str
    told: dict[str, Any]
    state: str
    trace: str
    expires_at: datetime


_COLUMNS = [notices.c[name] for name in NoticeRow._fields]


def add_notice(connection: Connection, row: NoticeRow) -> bool:
    """Write a notice down, which uses its id up in the same statement; False when it was here before (attack A25)."""
    return insert_or_ignore(connection, notices, ["deployment_row_id", "notice_id"], row._asdict())


def known_notice(connection: Connection, deployment_row_id: str, notice_id: str) -> str | None:
    """Return the reference under which a notice was kept."""
    same = (notices.c.deployment_row_id == deployment_row_id) & (notices.c.notice_id == notice_id)
    return connection.execute(select(notices.c.ref).where(same)).scalar()


def waiting_notices(connection: Connection, registration_id: str, most: int) -> list[NoticeRow]:
    """Return a registration's notices that nothing was done about yet, the oldest first."""
    own = (notices.c.registration_id == registration_id) & (notices.c.state == WAITING)
    question = select(*_COLUMNS).where(own).order_by(notices.c.created_at, notices.c.ref).limit(most)
    return [NoticeRow._make(row) for row in connection.execute(question)]


def settle_notice(connection: Connection, ref: str, state: str) -> None:
    """Say what became of a notice."""
    connection.execute(update(notices).where(notices.c.ref == ref).values(state=state))


def list_notices(store: Store, *, limit: int) -> list[NoticeRow]:
    """Return the newest notices."""
    with store.statements() as connection:
        found = connection.execute(select(*_COLUMNS).order_by(notices.c.created_at.desc()).limit(limit))
        return [NoticeRow._make(row) for row in found]


def forget_notices(connection: Connection, *, before: datetime, now: datetime, batch: int) -> int:
    """Delete a batch of old notices whose token can't come again; return how many went."""
    is_old = (notices.c.created_at < before) & (notices.c.expires_at < now) & (notices.c.state != WAITING)
    old = select(notices.c.ref).where(is_old).limit(batch)
    return connection.execute(delete(notices).where(notices.c.ref.in_(old))).rowcount


def keep_origins(connection: Connection, row: NoticeRow, context_id: str, origins: Sequence[str]) -> None:
    """Keep the courses, by the platform's ids, that one was copied from; told again they are the newest ones."""
    base = {"tenant_id": row.tenant_id, "deployment_row_id": row.deployment_row_id, "told_at": row.created_at}
    insert = insert_into(course_copies, connection.dialect.name)
    keep = insert.on_conflict_do_update(
        index_elements=["deployment_row_id", "context_id", "origin_context_id"],
        set_={"told_at": insert.excluded.told_at},
    )
    for origin in origins:
        connection.execute(keep, {**base, "context_id": context_id, "origin_context_id": origin})


def origins_told(connection: Connection, deployment_row_id: str, context_id: str, most: int) -> list[str]:
    """Return the courses, by the platform's ids, that notices named as origins of this one, newest first."""
    own = (course_copies.c.deployment_row_id == deployment_row_id) & (course_copies.c.context_id == context_id)
    newest = (course_copies.c.told_at.desc(), course_copies.c.origin_context_id)
    question = select(course_copies.c.origin_context_id).where(own).order_by(*newest).limit(most)
    return list(connection.execute(question).scalars())


def class_of_context(connection: Connection, deployment_row_id: str, context_id: str) -> tuple[str, str | None] | None:
    """Return our class for a deployment's context and the classes it was copied from; None before its first launch."""
    own = (contexts.c.deployment_row_id == deployment_row_id) & (contexts.c.context_id == context_id)
    row = connection.execute(select(contexts.c.class_sourced_id, contexts.c.copied_from).where(own)).first()
    return None if row is None else (str(row[0]), row[1])
