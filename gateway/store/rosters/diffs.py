"""Row by row what a sync did or would do, for the person who must judge it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from gateway.store.engine import Store
from gateway.store.rosters.images import image_of
from gateway.store.rosters.shapes import SHAPES, Shape
from gateway.store.rosters.staging import ADDED, CHANGED, HELD, LINKED, RETURNED, Area
from gateway.store.tables import roster_changes
from providers.contract import KINDS, Kind

_c = roster_changes.c
_UNTOLD = {"date_last_modified", "tenant_id", "sourced_id", "roster_source_id", "source"}


class Row(NamedTuple):
    """One record's change: `id` is our sourcedId, or the source's while nothing is written; fields: [before, after]."""

    kind: Kind
    action: str
    id: str
    fields: dict[str, list[Any]]


def applied_rows(store: Store, tenant_id: str, sync_id: int, limit: int) -> list[Row]:
    """Return up to `limit` changes of each kind and action that a sync wrote, in order."""
    with store.statements() as connection:
        return [
            row
            for kind in KINDS
            for action in (ADDED, CHANGED, LINKED, RETURNED, "gone")
            for row in _applied(connection, (tenant_id, sync_id), SHAPES[kind], action, limit)
        ]


def _applied(connection: Connection, sync: tuple[str, int], shape: Shape, action: str, limit: int) -> Iterator[Row]:
    tenant_id, sync_id = sync
    this = (_c.tenant_id == tenant_id, _c.kind == shape.kind)
    mine = select(_c.sourced_id, _c.before).where(*this, _c.sync_id == sync_id, _c.action == action)
    rows = connection.execute(mine.order_by(_c.id).limit(limit)).all()
    ids = [row.sourced_id for row in rows]
    if not ids:
        return
    table = shape.table
    now = select(table.c.sourced_id, image_of(connection.dialect.name, table)).where(
        table.c.tenant_id == tenant_id, table.c.sourced_id.in_(ids)
    )
    after: dict[str, Mapping[str, Any]] = {row[0]: row[1] for row in connection.execute(now)}
    later = select(_c.sourced_id, _c.before).where(
        *this, _c.sync_id > sync_id, _c.sourced_id.in_(ids), _c.before.isnot(None)
    )
    after |= {row[0]: row[1] for row in connection.execute(later.order_by(_c.id.desc()))}
    for row in rows:
        yield Row(shape.kind, action, row.sourced_id, _fields(row.before or {}, after.get(row.sourced_id) or {}))


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    names = [name for name in after if name not in _UNTOLD]
    return {name: [before.get(name), after[name]] for name in names if before.get(name) != after[name]}


def pending_rows(area: Area, limit: int, *, is_held: bool) -> list[Row]:
    """Return up to `limit` changes of each kind and action that wait in a source's staging area.

    `is_held`: what could be written was, and only what was kept back waits.
    """
    found: list[Row] = []
    for kind in KINDS:
        for action in (HELD,) if is_held else (ADDED, CHANGED, LINKED, RETURNED, HELD):
            found += _staged(area, SHAPES[kind], action, limit)
        found += _going(area, SHAPES[kind], limit)
    return found


def _going(area: Area, shape: Shape, limit: int) -> Iterator[Row]:
    gone, table = area.tables.gone, shape.table
    same = and_(table.c.sourced_id == gone.c.sourced_id, table.c.tenant_id == area.source.tenant_id)
    told = [table.c[name] for name in shape.fields]
    question = select(gone.c.source_id, *told).select_from(gone.outerjoin(table, same)).where(gone.c.kind == shape.kind)
    for source_id, *values in area.connection.execute(question.order_by(gone.c.source_id).limit(limit)):
        fields = dict(zip(shape.fields, values, strict=True))
        yield Row(shape.kind, "gone", source_id, {name: [each, None] for name, each in fields.items() if each})


def _staged(area: Area, shape: Shape, action: str, limit: int) -> Iterator[Row]:
    staged, table = area.tables.records[shape.kind], shape.table
    same = and_(table.c.sourced_id == staged.c.sourced_id, table.c.tenant_id == area.source.tenant_id)
    before = [table.c[name].label(f"before_{name}") for name in shape.fields]
    question = (
        select(staged.c.source_id, staged.c.sourced_id, *(staged.c[name] for name in shape.fields), *before)
        .select_from(staged.outerjoin(table, same))
        .where(staged.c.action == action)
        .order_by(staged.c.position)
        .limit(limit)
    )
    for row in area.connection.execute(question).mappings():
        if row["sourced_id"] == area.source.org_id:
            yield Row(shape.kind, action, row["source_id"], {})  # its name and type are the operator's
            continue
        fields = {name: [row[f"before_{name}"], row[name]] for name in shape.fields}
        told = {name: pair for name, pair in fields.items() if pair[0] != pair[1]}
        yield Row(shape.kind, action, row["source_id"], told)
