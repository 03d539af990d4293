"""What a reading told and the tables can't take: it waits, so that told changes come to what the whole roster says.

Who tells changes does not tell an enrollment again because its user, or its class, has come or come back meanwhile.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)

from gateway.store.rosters.images import document, pictured
from gateway.store.rosters.shapes import SHAPES, Shape
from gateway.store.rosters.staging import (
    ADDED,
    ALONG,
    CHANGED,
    DANGLING,
    DELETED,
    HELD,
    LINKED,
    RESTAMPED,
    RETURNED,
    UNREAD,
    WAITED,
    Area,
)
from gateway.store.tables import class_academic_sessions, roster_records, roster_waiting
from providers.contract import KINDS, Kind

_r, _w = roster_records.c, roster_waiting.c
_ORDER = ["tenant_id", "roster_source_id", "kind", "sync_id", "source_id", "sourced_id", "content_hash", "record"]


def bring_back(area: Area, whole: Set[Kind], *, roles_with_users: bool = False) -> None:
    """Stage what waits beside what was read, unless that tells of it itself; of `whole` kinds everything was read.

    `roles_with_users`: whoever was read was told with all their roles.
    """
    with area.transaction() as connection:
        for kind, staged in area.tables.records.items():
            if kind in whole or not _is_any(connection, *_mine(area, kind)):
                continue
            told = exists().where(staged.c.source_id == _w.source_id).correlate_except(staged)
            columns = _told_columns(SHAPES[kind], staged)
            found = select(
                literal(WAITED) - func.row_number().over(order_by=_w.source_id),
                _w.source_id,
                _w.content_hash,
                _w.sourced_id,
                _told_with_its_user(area, kind) if roles_with_users else literal(ADDED),
                *(pictured(area.dialect, _w.record, staged.c[name]) for name in columns),
            ).where(*_mine(area, kind), ~told)
            names = ["position", "source_id", "content_hash", "sourced_id", "action", *columns]
            connection.execute(insert(staged).from_select(names, found))


def keep_waiting(connection: Connection, area: Area, sync_id: int, *, removes: bool) -> None:
    """Write down what this sync leaves open and forget what it settled, in the caller's transaction.

    Writes nothing where nothing is other than before. `removes`: what is gone was written.
    """
    whole = area.facts().get("whole", ())
    for kind in KINDS:
        if _is_any(connection, *_mine(area, kind)):
            _forget(connection, area, kind, is_whole=kind in whole)
        _keep_staged(connection, area, kind, sync_id)
        if removes:
            _keep_taken_along(connection, area, kind, sync_id)


def forget_waiting(connection: Connection, area: Area, sync_id: int) -> None:
    """Forget what a sync left open, in the caller's transaction."""
    mine = (_w.tenant_id == area.source.tenant_id, _w.roster_source_id == area.source.id)
    connection.execute(delete(roster_waiting).where(*mine, _w.sync_id == sync_id))


def _told_with_its_user(area: Area, kind: Kind) -> ColumnElement[str]:
    """A role that waits is no more once its user is told without it."""
    people = area.tables.records["users"]
    if kind != "roles":
        return literal(ADDED)
    whose = pictured(area.dialect, _w.record, area.tables.records[kind].c.user_id)
    read = (people.c.action == ADDED, people.c.position > WAITED)
    is_told = exists().where(people.c.source_id == whose, *read).correlate_except(people)
    return case((is_told, literal(DELETED)), else_=literal(ADDED))


def _mine(area: Area, kind: Kind) -> tuple[ColumnElement[bool], ...]:
    source = area.source
    return _w.tenant_id == source.tenant_id, _w.roster_source_id == source.id, _w.kind == kind


def _is_any(connection: Connection, *where: ColumnElement[bool]) -> bool:
    return connection.execute(select(literal(1)).where(*where).limit(1)).first() is not None


def _told_columns(shape: Shape, staged: Table) -> list[str]:
    """Return the columns of a staged record that its source filled."""
    terms = ["term_ids"] if "term_ids" in staged.c else []
    return [*shape.fields, *(reference.named for reference in shape.references), *terms]


def _is_open(staged: Table) -> ColumnElement[bool]:
    stands = staged.c.action.in_((ADDED, CHANGED, RETURNED, LINKED, RESTAMPED))
    return or_(staged.c.action == DANGLING, and_(stands, staged.c.unresolved > 0))


def _forget(connection: Connection, area: Area, kind: Kind, *, is_whole: bool) -> None:
    """What was told anew waits no more, unless it is open as before; of a whole reading, neither does what is gone."""
    staged = area.tables.records[kind]
    same = and_(_is_open(staged), staged.c.content_hash == _w.content_hash)
    told = exists().where(staged.c.source_id == _w.source_id, staged.c.action.notin_((UNREAD, HELD)), ~same)
    settled: ColumnElement[bool] = told.correlate_except(staged)
    if is_whole:
        is_staged = exists().where(staged.c.source_id == _w.source_id).correlate_except(staged)
        settled = or_(settled, and_(~is_staged, ~_stands(area, kind)))
    connection.execute(delete(roster_waiting).where(*_mine(area, kind), settled))


def _stands(area: Area, kind: Kind) -> ColumnElement[bool]:
    known = (_r.roster_source_id == area.source.id, _r.kind == kind, _r.source_id == _w.source_id)
    return exists().where(*known, _r.is_gone.is_(False)).correlate_except(roster_records)


def _waits(area: Area, kind: Kind, source_id: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(*_mine(area, kind), _w.source_id == source_id).correlate_except(roster_waiting)


def _keep_staged(connection: Connection, area: Area, kind: Kind, sync_id: int) -> None:
    staged = area.tables.records[kind]
    new = (_is_open(staged), ~_waits(area, kind, staged.c.source_id))
    if not _is_any(connection, *new):
        return
    record = document(area.dialect, {name: staged.c[name] for name in _told_columns(SHAPES[kind], staged)})
    found = select(
        *_whose(area, kind, sync_id), staged.c.source_id, staged.c.sourced_id, staged.c.content_hash, record
    ).where(*new)
    connection.execute(insert(roster_waiting).from_select(_ORDER, found))


def _whose(area: Area, kind: Kind, sync_id: int) -> tuple[ColumnElement[Any], ...]:
    return literal(area.source.tenant_id), literal(area.source.id), literal(kind), literal(sync_id)


def _keep_taken_along(connection: Connection, area: Area, kind: Kind, sync_id: int) -> None:
    """What went only because something else did comes back with it: its row is what its source last told."""
    gone, shape, table = area.tables.gone, SHAPES[kind], SHAPES[kind].table
    new = (gone.c.kind == kind, gone.c.why == ALONG, ~_waits(area, kind, gone.c.source_id))
    if not _is_any(connection, *new):
        return
    names = _names(area)
    joined: Any = gone.join(
        roster_records,
        and_(
            _r.roster_source_id == area.source.id,
            _r.kind == gone.c.kind,
            _r.source_id == gone.c.source_id,
        ),
    ).join(table, and_(table.c.sourced_id == gone.c.sourced_id, table.c.tenant_id == area.source.tenant_id))
    parts: dict[str, ColumnElement[Any]] = {name: table.c[name] for name in shape.fields}
    for number, reference in enumerate(shape.references):
        name = names.alias(f"n{number}")
        same = and_(name.c.kind == reference.kind, name.c.sourced_id == table.c[reference.column])
        joined = joined.outerjoin(name, same)
        parts[reference.named] = name.c.source_id
    if kind == "classes":
        parts["term_ids"] = _terms(area, names, gone)
    record = document(area.dialect, parts)
    columns = (*_whose(area, kind, sync_id), gone.c.source_id, gone.c.sourced_id, _r.content_hash, record)
    found = select(*columns).select_from(joined).where(*new)
    connection.execute(insert(roster_waiting).from_select(_ORDER, found))


def _names(area: Area) -> CTE:
    """Return the source's names of our ids. Made once: no index leads from ours to theirs."""
    mine = select(_r.kind, _r.sourced_id, _r.source_id).where(_r.roster_source_id == area.source.id)
    return mine.cte("names").prefix_with("MATERIALIZED")


def _terms(area: Area, names: CTE, gone: Table) -> ColumnElement[Any]:
    links, name = class_academic_sessions.c, names.alias("term")
    gather = func.json_group_array if area.dialect == "sqlite" else func.jsonb_agg
    found = select(gather(name.c.source_id)).where(
        links.class_sourced_id == gone.c.sourced_id,
        name.c.kind == "academicSessions",
        name.c.sourced_id == links.academic_session_sourced_id,
    )
    return found.correlate(gone).scalar_subquery()
