"""Students who wait until a teacher lets them into a class."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, select, update

from gateway.store.classrooms.members import MEMBER, Member
from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.tables import class_joins, users
from gateway.store.upsert import insert_into

WAITING, LET_IN, TURNED_AWAY = "waiting", "let in", "turned away"
_c = class_joins.c


class Waiting(NamedTuple):
    """A student who waits, since when."""

    member: Member
    asked_at: datetime


def ask_to_join(connection: Connection, tenant_id: str, class_id: str, user_id: str, at: datetime) -> None:
    """Put a student on the waiting list; who is on it already keeps their place."""
    row = {"id": new_id(), "tenant_id": tenant_id, "class_sourced_id": class_id, "user_sourced_id": user_id}
    statement = insert_into(class_joins, connection.dialect.name).on_conflict_do_update(
        index_elements=["class_sourced_id", "user_sourced_id"],
        set_={"state": WAITING, "asked_at": at, "decided_by": None, "decided_at": None},
        where=_c.state != WAITING,
    )
    connection.execute(statement, row | {"asked_at": at, "state": WAITING})


def who_waits(store: Store, tenant_id: str, class_id: str) -> list[Waiting]:
    """Return who waits for a class, the longest first."""
    person = and_(users.c.tenant_id == _c.tenant_id, users.c.sourced_id == _c.user_sourced_id)
    question = (
        select(*MEMBER, _c.asked_at)
        .join(class_joins, person)
        .where(_c.tenant_id == tenant_id, _c.class_sourced_id == class_id, _c.state == WAITING)
        .order_by(_c.asked_at, _c.id)
    )
    with store.statements() as connection:
        return [Waiting(Member._make(row[:-1]), row[-1]) for row in connection.execute(question)]


def decide(
    connection: Connection,
    tenant_id: str,
    class_id: str,
    user_ids: Collection[str],
    state: str,
    *,
    actor: str,
    at: datetime,
) -> list[str]:
    """Note what was decided about those of them who wait, and return these."""
    mine = (_c.tenant_id == tenant_id, _c.class_sourced_id == class_id, _c.state == WAITING)
    decided = update(class_joins).where(*mine, _c.user_sourced_id.in_(list(user_ids)))
    values = {"state": state, "decided_by": actor, "decided_at": at}
    return list(connection.execute(decided.values(values).returning(_c.user_sourced_id)).scalars())
