"""The rows of background work: asked for, claimed under a lease, done or failed; safe between machines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    false,
    func,
    null,
    or_,
    select,
    true,
    update,
)

from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.tables import jobs
from gateway.store.upsert import insert_into

WAITING, FAILED = "waiting", "failed"


class JobRow(NamedTuple):
    """One piece of work."""

    id: str
    name: str
    args: dict[str, Any]
    state: str
    due_at: datetime
    every_seconds: int | None
    attempts: int
    fault: str | None
    created_at: datetime
    changed_at: datetime


_COLUMNS = [jobs.c[name] for name in JobRow._fields]


def add_job(  # noqa: PLR0913 - one keyword for each column
    connection: Connection,
    *,
    name: str,
    args: Mapping[str, Any],
    key: str | None,
    due_at: datetime,
    at: datetime,
    queued_until: datetime | None = None,
    every_seconds: int | None = None,
    sooner: bool = True,
) -> str:
    """Ask for work and return its id; work with the same key is asked for once, and again if it is running just now.

    Without `sooner`, work that is waiting out a pause goes on waiting.
    """
    insert = insert_into(jobs, connection.dialect.name)
    earlier = case((jobs.c.due_at < insert.excluded.due_at, jobs.c.due_at), else_=insert.excluded.due_at)
    statement = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "due_at": earlier if sooner else jobs.c.due_at,
            "is_wanted_again": true(),
            "changed_at": insert.excluded.changed_at,
        },
    ).returning(jobs.c.id)
    values = {
        "id": new_id(),
        "name": name,
        "key": key,
        "args": dict(args),
        "due_at": due_at,
        "every_seconds": every_seconds,
        "queued_until": queued_until,
        "created_at": at,
        "changed_at": at,
    }
    return str(connection.execute(statement, values).scalar_one())


def add_periodic(store: Store, *, name: str, every_seconds: int, at: datetime) -> None:
    """Arm periodic work once for all machines; a changed period takes hold of the next round."""
    insert = insert_into(jobs, store.dialect)
    statement = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={"every_seconds": insert.excluded.every_seconds},
        where=jobs.c.every_seconds != insert.excluded.every_seconds,
    )
    row = {"id": new_id(), "name": name, "key": f"every:{name}", "args": {}, "due_at": at}
    with store.statements() as connection:
        connection.execute(statement, row | {"every_seconds": every_seconds, "created_at": at, "changed_at": at})


def take_due(store: Store, *, now: datetime, queued_until: datetime, most: int) -> list[str]:
    """Return work that is due and that no queue has heard of, and note that this one has now."""
    unheard = or_(jobs.c.queued_until.is_(None), jobs.c.queued_until <= now)
    due = select(jobs.c.id).where(_is_free(now), unheard).order_by(jobs.c.due_at).limit(most)
    taken = update(jobs).where(jobs.c.id.in_(due), unheard).values(queued_until=queued_until).returning(jobs.c.id)
    with store.statements() as connection:
        if connection.execute(due.limit(1)).first() is None:  # nearly always: then nothing is written
            return []
        return [str(each) for each in connection.execute(taken).scalars()]


def _is_free(now: datetime) -> ColumnElement[bool]:
    idle = or_(jobs.c.leased_until.is_(None), jobs.c.leased_until <= now)
    return and_(jobs.c.state == WAITING, jobs.c.due_at <= now, idle)


def claim(store: Store, job_id: str, *, lease: str, now: datetime, until: datetime) -> JobRow | None:
    """Take a piece of due work in hand; None when somebody else has it, or it is done."""
    mine = (
        update(jobs)
        .where(jobs.c.id == job_id, _is_free(now))
        .values(
            lease=lease, leased_until=until, queued_until=null(), attempts=jobs.c.attempts + 1, is_wanted_again=false()
        )
        .returning(*_COLUMNS)
    )
    with store.statements() as connection:
        row = connection.execute(mine).first()
    return None if row is None else JobRow._make(row)


def renew(store: Store, leases: Collection[str], until: datetime) -> None:
    """Keep work in hand."""
    with store.statements() as connection:
        connection.execute(update(jobs).where(jobs.c.lease.in_(leases)).values(leased_until=until))


def release(store: Store, leases: Collection[str], now: datetime) -> None:
    """Lay work down unfinished: another worker takes it at once."""
    free = {"lease": null(), "leased_until": null(), "queued_until": null(), "changed_at": now}
    with store.statements() as connection:
        connection.execute(update(jobs).where(jobs.c.lease.in_(leases)).values(**free))


def finish(store: Store, lease: str) -> bool:
    """Take finished work off the list, unless it was asked for again meanwhile; then return False."""
    mine = jobs.c.lease == lease
    with store.statements() as connection:
        return bool(connection.execute(delete(jobs).where(mine, ~jobs.c.is_wanted_again)).rowcount == 1)


def rearm(store: Store, lease: str, *, due_at: datetime, now: datetime, fault: str | None, attempts: int) -> None:
    """Lay work down until `due_at`."""
    values = {"lease": null(), "leased_until": null(), "queued_until": null(), "fault": fault, "changed_at": now}
    with store.statements() as connection:
        connection.execute(update(jobs).where(jobs.c.lease == lease).values(due_at=due_at, attempts=attempts, **values))


def give_up(store: Store, lease: str, *, fault: str, now: datetime) -> None:
    """Keep failed work for an operator to see; its key is free for new work."""
    values = {"state": FAILED, "key": null(), "lease": null(), "leased_until": null(), "changed_at": now}
    with store.statements() as connection:
        connection.execute(update(jobs).where(jobs.c.lease == lease).values(fault=fault, **values))


def list_jobs(store: Store, *, limit: int) -> list[JobRow]:
    """Return work that waits, runs or failed, the next due first."""
    with store.statements() as connection:
        found = connection.execute(select(*_COLUMNS).order_by(jobs.c.state.desc(), jobs.c.due_at).limit(limit))
        return [JobRow._make(row) for row in found]


def next_due(store: Store) -> datetime | None:
    """Return when the next piece of work is due."""
    with store.statements() as connection:
        return connection.execute(select(func.min(jobs.c.due_at)).where(jobs.c.state == WAITING)).scalar()


def forget_failed(connection: Connection, before: datetime, batch: int) -> int:
    """Delete a batch of failed work older than `before`; return how many went."""
    old = select(jobs.c.id).where(jobs.c.state == FAILED, jobs.c.changed_at < before).limit(batch)
    return connection.execute(delete(jobs).where(jobs.c.id.in_(old))).rowcount
