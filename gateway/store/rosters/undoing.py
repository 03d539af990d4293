"""Takes a sync back: every row it touched is again as it was, those it made are marked as deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, literal, null, select, update
from sqlalchemy.sql.elements import KeyedColumnElement

from gateway.store.rosters.changing import NEVER_KNOWN, Merge, transaction_number
from gateway.store.rosters.images import pictured, pictured_terms
from gateway.store.rosters.shapes import SHAPES, SHARE_LINES, Shape
from gateway.store.rosters.staging import ADDED, CHANGED, GONE, LINKED, RETURNED, ROOT, Area
from gateway.store.rosters.waiting import forget_waiting
from gateway.store.tables import class_academic_sessions, roster_changes, roster_records
from gateway.store.tables.columns import Moment
from providers.contract import KINDS

_WAS_THERE = (CHANGED, RETURNED, LINKED, GONE)
_c = roster_changes.c


def undo(connection: Connection, area: Area, sync_id: int, undo_id: int) -> int:
    """Take the changes of `sync_id` back, in the caller's transaction, as the sync `undo_id`; return the rows."""
    work = Merge(connection, area, undo_id, transaction_number(connection))
    for kind in reversed(KINDS):
        shape = SHAPES[kind]
        first = _first_changes(shape, sync_id, area.source.tenant_id)
        _tell(work, shape, first)
        _end_added(work, shape, first)
        _restore(work, shape, first)
        if kind == "classes":
            _restore_terms(work, first)
        if kind in SHARE_LINES:
            _forget_lines(work, shape, first)
        _restore_records(work, shape, first)
    forget_waiting(connection, area, sync_id)
    return work.rows


def _first_changes(shape: Shape, sync_id: int, tenant_id: str) -> Any:
    """A sync may have changed a row twice, before and after an approval: the older picture is the one to go back to."""
    number = func.row_number().over(partition_by=_c.sourced_id, order_by=_c.id).label("number")
    mine = (_c.sync_id == sync_id, _c.kind == shape.kind, _c.tenant_id == tenant_id)
    all_ = select(_c.sourced_id, _c.action, _c.content_hash, _c.before, number).where(*mine).subquery("all_changes")
    return select(all_).where(all_.c.number == 1).subquery("first_changes")


def _tell(work: Merge, shape: Shape, first: Any) -> None:
    opposite = {ADDED: GONE, RETURNED: GONE, GONE: RETURNED, CHANGED: CHANGED, LINKED: CHANGED}
    for action, told in opposite.items():
        columns = (
            literal(work.xid),
            literal(work.area.source.tenant_id),
            literal(work.sync_id),
            literal(shape.kind),
            literal(told),
            first.c.sourced_id,
            literal(work.at, Moment()),
        )
        names = ["xid", "tenant_id", "sync_id", "kind", "action", "sourced_id", "at"]
        found = select(*columns).where(first.c.action == action)
        work.write(insert(roster_changes).from_select(names, found))


def _same(work: Merge, shape: Shape, sourced_id: KeyedColumnElement[Any]) -> ColumnElement[bool]:
    table = shape.table
    return and_(table.c.sourced_id == sourced_id, table.c.tenant_id == work.area.source.tenant_id)


def _end_added(work: Merge, shape: Shape, first: Any) -> None:
    ended = update(shape.table).where(_same(work, shape, first.c.sourced_id), first.c.action == ADDED)
    work.write(ended.values(status="tobedeleted", date_last_modified=work.at))


def _restore(work: Merge, shape: Shape, first: Any) -> None:
    kept = {"sourced_id", "tenant_id", "date_last_modified"}
    values = {
        column.name: pictured(work.area.dialect, first.c.before, column)
        for column in shape.table.columns
        if column.name not in kept
    }
    back = update(shape.table).where(_same(work, shape, first.c.sourced_id), first.c.action.in_(_WAS_THERE))
    work.write(back.values({**values, "date_last_modified": work.at}))


def _restore_terms(work: Merge, first: Any) -> None:
    links = class_academic_sessions
    rewritten = select(first.c.sourced_id).where(first.c.action.in_(_WAS_THERE))
    work.write(delete(links).where(links.c.class_sourced_id.in_(rewritten)))
    term = pictured_terms(work.area.dialect, first.c.before)
    found = (
        select(literal(work.area.source.tenant_id), first.c.sourced_id, term.c.value)
        .select_from(first.join(term, literal(True)))
        .where(first.c.action.in_(_WAS_THERE))
    )
    work.write(insert(links).from_select(["tenant_id", "class_sourced_id", "academic_session_sourced_id"], found))


def _forget_lines(work: Merge, shape: Shape, first: Any) -> None:
    """A line that told of what is taken back is known no more, also where it told of somebody who stays as they are."""
    _r = roster_records.c
    touched = select(_r.fingerprint).where(
        _r.roster_source_id == work.area.source.id,
        _r.kind == shape.kind,
        _r.fingerprint.isnot(None),
        _r.sourced_id.in_(select(first.c.sourced_id)),
    )
    told = (_r.roster_source_id == work.area.source.id, _r.kind.in_(SHARE_LINES), _r.fingerprint.in_(touched))
    work.write(update(roster_records).where(*told).values(fingerprint=null()))


def _restore_records(work: Merge, shape: Shape, first: Any) -> None:
    record = and_(
        roster_records.c.roster_source_id == work.area.source.id,
        roster_records.c.kind == shape.kind,
        roster_records.c.sourced_id == first.c.sourced_id,
    )
    if shape.is_owned:  # the proof that joined it may be wrong, or gone: it is looked at anew when the record returns
        joined = exists().where(first.c.action == LINKED, roster_records.c.sourced_id == first.c.sourced_id)
        own = (roster_records.c.roster_source_id == work.area.source.id, roster_records.c.kind == shape.kind)
        work.write(delete(roster_records).where(*own, joined))
    gone: Sequence[str] = (ADDED, RETURNED, LINKED)
    back = update(roster_records).where(record)
    work.write(
        back.where(first.c.action.in_(_WAS_THERE)).values(
            is_gone=first.c.action.in_(gone),
            content_hash=func.coalesce(first.c.content_hash, roster_records.c.content_hash),
            fingerprint=null(),
        )
    )
    of_root = {"is_gone": func.coalesce(first.c.content_hash, NEVER_KNOWN) == NEVER_KNOWN, "fingerprint": null()}
    of_root["content_hash"] = func.coalesce(first.c.content_hash, roster_records.c.content_hash)
    work.write(back.where(first.c.action == ROOT).values(of_root))
    never = {"is_gone": True, "content_hash": NEVER_KNOWN, "fingerprint": null()}  # as before: references lead nowhere
    work.write(back.where(first.c.action == ADDED).values(never))
