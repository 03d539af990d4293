"""Forgets changes that are too old to be told, but for what a sync or a join still needs to be taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, update

from gateway.store.engine import Store
from gateway.store.events.lines import Place, beyond, forgotten, newest
from gateway.store.housekeeping import BATCH
from gateway.store.matching.links import LINKED
from gateway.store.rosters.runs import TAKEN_EFFECT
from gateway.store.tables import event_marks, record_links, roster_changes, syncs, webhook_messages
from gateway.store.upsert import insert_into

_c = roster_changes.c


def forget_changes(store: Store, *, before: datetime, now: datetime) -> int:
    """Take a batch of old changes out of the feed and delete what nothing needs any more; return the rows touched."""
    return _move_mark(store, before) + _forget_sync(store, before, now) + _forget_messages(store, before)


def _move_mark(store: Store, before: datetime) -> int:
    with store.transaction() as connection:
        dialect, mark = store.dialect, forgotten(connection)
        order = (_c.id,) if dialect == "sqlite" else (_c.xid, _c.id)
        ahead = select(_c.xid, _c.id, _c.at).where(beyond(dialect, mark), ~beyond(dialect, newest(connection)))
        rows = connection.execute(ahead.order_by(*order).limit(BATCH)).all()
        old = rows[: next((number for number, row in enumerate(rows) if row.at >= before), len(rows))]
        if not old:
            return 0
        end = Place(old[-1].xid, old[-1].id)
        insert = insert_into(event_marks, dialect)
        values = {"xid": end.xid, "change_id": end.id}
        moved = insert.on_conflict_do_update(index_elements=["id"], set_=values)
        connection.execute(moved, {"id": 1, **values})
        loose = (_c.sync_id.is_(None), beyond(dialect, mark), ~beyond(dialect, end))
        connection.execute(delete(roster_changes).where(*loose))
    return len(old)


def _forget_sync(store: Store, before: datetime, now: datetime) -> int:
    """Delete a batch of the lines of a sync that is neither the last of its roster nor has joins that stand."""
    did_something = (syncs.c.status.in_(TAKEN_EFFECT), syncs.c.rows_written > 0)
    last = select(func.max(syncs.c.id)).where(*did_something).group_by(syncs.c.roster_source_id)
    joined = exists().where(record_links.c.sync_id == syncs.c.id, record_links.c.status == LINKED)
    with store.statements() as connection:
        untold = ~beyond(store.dialect, forgotten(connection))
        has_lines = exists().where(_c.sync_id == syncs.c.id, untold)
        old = (syncs.c.finished_at < before, syncs.c.id.notin_(last), ~joined, has_lines)
        sync_id = connection.execute(select(syncs.c.id).where(*old).order_by(syncs.c.id).limit(1)).scalar()
        if sync_id is None:
            return 0
        # First said, then done: half a sync must never be taken back.
        told = update(syncs).where(syncs.c.id == sync_id, syncs.c.changes_forgotten_at.is_(None))
        connection.execute(told.values(changes_forgotten_at=now))
        some = select(_c.id).where(_c.sync_id == sync_id, untold).limit(BATCH)
        connection.execute(delete(roster_changes).where(_c.id.in_(some)))
    return BATCH  # perhaps there is more


def _forget_messages(store: Store, before: datetime) -> int:
    m = webhook_messages.c
    old = select(m.id).where(m.at < before, or_(m.sent_at < before, m.state != "waiting")).limit(BATCH)
    with store.statements() as connection:
        return connection.execute(delete(webhook_messages).where(m.id.in_(old))).rowcount
