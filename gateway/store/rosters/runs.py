"""The lines of syncs: one for each run, approval included, and one for each undo."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, insert, select, update

from gateway.store.engine import Store
from gateway.store.rosters.staging import Source
from gateway.store.tables import roster_sources, syncs


class Run(NamedTuple):
    """One sync as it is stored."""

    id: int
    tenant_id: str
    roster_source_id: int
    integration_id: str
    status: str
    mode: str
    actor: str
    started_at: datetime
    finished_at: datetime | None
    of_sync_id: int | None
    types: dict[str, dict[str, int]]
    schools: dict[str, Any]
    holds: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    fault_count: int
    rows_written: int
    seconds: float | None
    peak_rss_mb: float | None
    code: str | None
    sentence: str | None


READING, PREVIEW, HELD, APPLIED, UNCHANGED, FAILED, DISCARDED, SUPERSEDED, UNDONE, UNDO = (
    *("reading", "preview", "held", "applied", "unchanged", "failed", "discarded", "superseded", "undone", "undo"),
)
PENDING = (PREVIEW, HELD)
# What an undo may take back: the newest of these. A discarded or superseded hold had its other changes applied.
TAKEN_EFFECT = (APPLIED, HELD, DISCARDED, SUPERSEDED)


def _question() -> Select[Any]:
    columns = [syncs.c[name] for name in Run._fields if name != "integration_id"]
    columns.insert(3, roster_sources.c.integration_id)
    return select(*columns).join(roster_sources, roster_sources.c.id == syncs.c.roster_source_id)


_SELECT = _question()


def find_run(store: Store, sync_id: int) -> Run | None:
    """Return one sync."""
    with store.statements() as connection:
        row = connection.execute(_SELECT.where(syncs.c.id == sync_id)).first()
    return None if row is None else Run._make(row)


def list_runs(store: Store, *, integration_id: str | None = None, limit: int = 50) -> list[Run]:
    """Return the newest syncs, newest first."""
    question = _SELECT.order_by(syncs.c.id.desc()).limit(limit)
    if integration_id is not None:
        question = question.where(roster_sources.c.integration_id == integration_id)
    with store.statements() as connection:
        return [Run._make(row) for row in connection.execute(question)]


def runs_with(connection: Connection, source: Source, *statuses: str) -> list[Run]:
    """Return a source's syncs with one of these statuses, newest first."""
    mine = (syncs.c.roster_source_id == source.id, syncs.c.tenant_id == source.tenant_id)
    question = _SELECT.where(*mine, syncs.c.status.in_(statuses)).order_by(syncs.c.id.desc())
    return [Run._make(row) for row in connection.execute(question)]


def is_forgotten(connection: Connection, source: Source, sync_id: int) -> bool:
    """Return whether the pictures by which it could be taken back are gone, or going."""
    mine = (syncs.c.id == sync_id, syncs.c.tenant_id == source.tenant_id)
    return connection.execute(select(syncs.c.changes_forgotten_at).where(*mine)).scalar() is not None


def last_whole(connection: Connection, source: Source) -> datetime | None:
    """Return when the newest sync began that read everything and left nothing waiting."""
    mine = (syncs.c.roster_source_id == source.id, syncs.c.tenant_id == source.tenant_id, syncs.c.mode == "full")
    question = select(func.max(syncs.c.started_at)).where(*mine, syncs.c.status.in_((APPLIED, UNCHANGED)))
    found: datetime | None = connection.execute(question).scalar_one()
    return found


def begin_run(
    connection: Connection, source: Source, *, status: str, mode: str, actor: str, at: datetime, of: int | None = None
) -> int:
    """Write the line of a sync that begins and return its id."""
    row: dict[str, Any] = {
        "tenant_id": source.tenant_id,
        "roster_source_id": source.id,
        "status": status,
        "mode": mode,
        "actor": actor,
        "started_at": at,
        "of_sync_id": of,
        **{"types": {}, "schools": {}, "holds": [], "faults": []},
    }
    key = connection.execute(insert(syncs).values(**row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def change_run(connection: Connection, source: Source, sync_id: int, **values: Any) -> None:
    """Change the line of a sync."""
    mine = (syncs.c.id == sync_id, syncs.c.tenant_id == source.tenant_id)
    connection.execute(update(syncs).where(*mine).values(**values))


def supersede(connection: Connection, source: Source, by: int) -> None:
    """Say of syncs that waited for a person, and of those that died reading, that a newer one took their place."""
    mine = (syncs.c.roster_source_id == source.id, syncs.c.tenant_id == source.tenant_id, syncs.c.id != by)
    waited = update(syncs).where(*mine, syncs.c.status.in_(PENDING))
    connection.execute(waited.values(status=SUPERSEDED, code="sync.superseded", sentence=f"Sync {by} took its place."))
    died = update(syncs).where(*mine, syncs.c.status == READING)
    connection.execute(
        died.values(status=FAILED, code="sync.killed", sentence="Its process ended while it read; nothing was written.")
    )
