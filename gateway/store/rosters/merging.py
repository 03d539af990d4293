"""Writes a plan into the tables: for each kind and action one statement, in the caller's one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    Subquery,
    Table,
    Text,
    Update,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)

from gateway.store.matching.staged import note_linked
from gateway.store.rosters.images import image_of
from gateway.store.rosters.planning import each_text
from gateway.store.rosters.shapes import SHAPES, Reference, Shape
from gateway.store.rosters.staging import ADDED, CHANGED, DANGLING, GONE, HELD, LINKED, RESTAMPED, RETURNED, ROOT, Area
from gateway.store.tables import class_academic_sessions, classes, orgs, roster_changes, roster_records
from gateway.store.tables.columns import Moment
from providers.contract import KINDS, Kind

_REWRITTEN = (CHANGED, RETURNED, LINKED)
_RECORD = ["roster_source_id", "kind", "source_id", "sourced_id", "is_gone", "content_hash", "fingerprint"]
_CHANGE = ["xid", "tenant_id", "sync_id", "kind", "action", "sourced_id", "at", "content_hash", "before"]


@dataclass(slots=True)
class Merge:
    """One apply, inside its transaction. `rows` counts the rows written to the house's tables."""

    connection: Connection
    area: Area
    sync_id: int
    xid: int
    rows: int = 0

    def write(self, statement: Insert | Update | Any) -> int:
        """Execute a statement and count its rows."""
        count = max(self.connection.execute(statement).rowcount, 0)
        self.rows += count
        return count

    @property
    def at(self) -> datetime:
        """When all of it happens."""
        return self.area.at


def transaction_number(connection: Connection) -> int:
    """Return PostgreSQL's number of this transaction, by which events are read in order; 0 on SQLite."""
    if connection.dialect.name == "sqlite":
        return 0
    return int(connection.execute(select(cast(func.pg_current_xact_id(), Text))).scalar_one())


def merge(connection: Connection, area: Area, sync_id: int, *, removes: bool) -> int:
    """Write the plan: what was added, changed or returned, and, if it `removes`, what is gone. Return the rows."""
    work = Merge(connection, area, sync_id, transaction_number(connection))
    for kind in KINDS:
        shape, staged = SHAPES[kind], area.tables.records[kind]
        actions = set(connection.execute(select(staged.c.action).distinct()).scalars())
        if actions & set(_REWRITTEN):
            _picture(work, shape, staged)
            work.rows += note_linked(connection, area, kind, (sync_id, work.xid))
        if actions & {ADDED, LINKED}:
            _map_new(work, shape, staged)
        if ADDED in actions:
            _insert(work, shape, staged)
        if actions & set(_REWRITTEN):
            _rewrite(work, shape, staged)
        if kind == "classes" and actions & {ADDED, *_REWRITTEN}:
            _set_terms(work, staged)
        if RESTAMPED in actions:
            _restamp(work, shape, staged)
    _forget_shared_lines(work)
    if removes:
        for kind in reversed(KINDS):
            _remove(work, SHAPES[kind])
    return work.rows


def _change(
    work: Merge, shape: Shape, action: ColumnElement[str], sourced_id: ColumnElement[str], *before: ColumnElement[Any]
) -> list[ColumnElement[Any]]:
    return [
        literal(work.xid),
        literal(work.area.source.tenant_id),
        literal(work.sync_id),
        literal(shape.kind),
        action,
        sourced_id,
        literal(work.at, Moment()),
        *(before or (null(), null())),
    ]


def _picture(work: Merge, shape: Shape, staged: Table) -> None:
    """Keep the rows as they are before they are rewritten."""
    table, area = shape.table, work.area
    record = and_(
        roster_records.c.roster_source_id == area.source.id,
        roster_records.c.kind == shape.kind,
        roster_records.c.source_id == staged.c.source_id,
    )
    before = (roster_records.c.content_hash, image_of(area.dialect, table))
    found = (
        select(*_change(work, shape, staged.c.action, staged.c.sourced_id, *before))
        .select_from(staged.join(table, _same_row(work, table, staged.c.sourced_id)).outerjoin(roster_records, record))
        .where(staged.c.action.in_(_REWRITTEN))
    )
    work.write(insert(roster_changes).from_select(_CHANGE, found))
    if table is orgs:
        root = staged.outerjoin(roster_records, record)
        mine = (staged.c.action.in_(_REWRITTEN), staged.c.sourced_id == area.source.org_id)
        work.write(insert(roster_changes).from_select(_CHANGE, _of_root(work, shape, root, mine)))


def _of_root(work: Merge, shape: Shape, place: Any, mine: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Keep of the root org's record what undo needs: its content, if it stood."""
    stood = case((roster_records.c.is_gone.is_(False), roster_records.c.content_hash), else_=null())
    columns = _change(work, shape, literal(ROOT), literal(work.area.source.org_id), stood, null())
    return select(*columns).select_from(place).where(*mine)


def _same_row(work: Merge, table: Table, sourced_id: ColumnElement[str]) -> ColumnElement[bool]:
    """A row of this tenant, whatever the mapping says (attack F8); a root org is the operator's, not the roster's."""
    same = [table.c.sourced_id == sourced_id, table.c.tenant_id == work.area.source.tenant_id]
    if table is orgs:
        same.append(table.c.sourced_id != work.area.source.org_id)
    return and_(*same)


def _map_new(work: Merge, shape: Shape, staged: Table) -> None:
    hash_ = staged.c.content_hash + staged.c.unresolved
    columns = (
        literal(work.area.source.id),
        literal(shape.kind),
        staged.c.source_id,
        staged.c.sourced_id,
        literal(False),
        hash_,
        _kept_fingerprint(staged),
    )
    found = select(*columns).where(staged.c.action.in_((ADDED, LINKED))).order_by(staged.c.position)
    work.write(insert(roster_records).from_select(_RECORD, found))


def _kept_fingerprint(staged: Table) -> ColumnElement[Any]:
    """A record with a reference that leads nowhere must be looked at again, even if its line stays the same."""
    return case((staged.c.unresolved == 0, staged.c.fingerprint), else_=null())


def _resolved(work: Merge, shape: Shape, staged: Table, actions: Sequence[str]) -> Select[Any]:
    """Return the rows as the table wants them: the shape's fields, and our ids for those the source names."""
    source = work.area.source
    joined: Any = staged
    columns: list[ColumnElement[Any]] = [staged.c.sourced_id, *(staged.c[name] for name in shape.fields)]
    ours: dict[str, ColumnElement[Any]] = {}
    for number, reference in enumerate(shape.references):
        record = roster_records.alias(f"r{number}")
        match = and_(
            record.c.roster_source_id == source.id,
            record.c.kind == reference.kind,
            record.c.source_id == staged.c[reference.named],
        )
        joined = joined.join(record, match, isouter=not reference.must_exist)
        ours[reference.named] = record.c.sourced_id
    columns += [_or_default(work, shape, reference, ours).label(reference.column) for reference in shape.references]
    return select(*columns).select_from(joined).where(staged.c.action.in_(actions))


def _or_default(
    work: Merge, shape: Shape, reference: Reference, ours: dict[str, ColumnElement[Any]]
) -> ColumnElement[Any]:
    """A top org lies below the integration's, a course without org is the integration's, a school is the class's."""
    found = ours[reference.named]
    if (shape.kind, reference.named) in {("orgs", "parent_id"), ("courses", "org_id")}:
        return func.coalesce(found, literal(work.area.source.org_id))
    if (shape.kind, reference.named) == ("enrollments", "school_id"):
        of_class = select(classes.c.school_sourced_id).where(classes.c.sourced_id == ours["class_id"])
        return func.coalesce(found, of_class.correlate_except(classes).scalar_subquery())
    return found


def _own_columns(work: Merge, shape: Shape) -> dict[str, ColumnElement[Any]]:
    columns: dict[str, ColumnElement[Any]] = {
        "status": literal("active"),
        "date_last_modified": literal(work.at, Moment()),
    }
    if shape.is_owned:
        columns["roster_source_id"] = literal(work.area.source.id)
    if shape.kind == "users":
        columns["name"] = null()  # a launch's whole name: rosters tell its parts, and theirs are the truth now
    if shape.is_told:
        columns["source"] = literal("roster")
    return columns


def _insert(work: Merge, shape: Shape, staged: Table) -> None:
    own = {"tenant_id": literal(work.area.source.tenant_id), **_own_columns(work, shape)}
    found = _resolved(work, shape, staged, (ADDED,)).add_columns(*own.values()).order_by(staged.c.position)
    names = ["sourced_id", *shape.fields, *(reference.column for reference in shape.references), *own]
    work.write(insert(shape.table).from_select(names, found))
    changes = _change(work, shape, literal(ADDED), staged.c.sourced_id)
    told = select(*changes).where(staged.c.action == ADDED).order_by(staged.c.position)
    work.write(insert(roster_changes).from_select(_CHANGE, told))


def _rewrite(work: Merge, shape: Shape, staged: Table) -> None:
    new: Subquery = _resolved(work, shape, staged, _REWRITTEN).subquery("new")
    names = [*shape.fields, *(reference.column for reference in shape.references)]
    values = {name: new.c[name] for name in names} | _own_columns(work, shape)
    work.write(update(shape.table).where(_same_row(work, shape.table, new.c.sourced_id)).values(values))
    record = and_(
        roster_records.c.roster_source_id == work.area.source.id,
        roster_records.c.kind == shape.kind,
        roster_records.c.source_id == staged.c.source_id,
    )
    told = update(roster_records).where(record, staged.c.action.in_((CHANGED, RETURNED)))
    hash_ = staged.c.content_hash + staged.c.unresolved
    work.write(told.values(content_hash=hash_, is_gone=False, fingerprint=_kept_fingerprint(staged)))


def _restamp(work: Merge, shape: Shape, staged: Table) -> None:
    """The same record came in another line: that is the one to recognise from now on."""
    record = and_(
        roster_records.c.roster_source_id == work.area.source.id,
        roster_records.c.kind == shape.kind,
        roster_records.c.source_id == staged.c.source_id,
    )
    told = update(roster_records).where(record, staged.c.action == RESTAMPED)
    work.write(told.values(fingerprint=staged.c.fingerprint))


def _forget_shared_lines(work: Merge) -> None:
    """A line may tell of a user and of their roles; it is recognised only once all it tells is in the tables."""
    shared: tuple[Kind, ...] = ("users", "roles")
    for kind in shared:
        staged = work.area.tables.records[kind]
        is_open = or_(staged.c.action.in_((DANGLING, HELD)), staged.c.unresolved > 0)
        lines = select(staged.c.fingerprint).where(is_open, staged.c.fingerprint.isnot(None))
        if work.connection.execute(lines.limit(1)).first() is None:
            continue
        target = update(roster_records).where(
            roster_records.c.roster_source_id == work.area.source.id,
            roster_records.c.kind.in_(shared),
            roster_records.c.fingerprint.in_(lines),
        )
        work.write(target.values(fingerprint=null()))


def _set_terms(work: Merge, staged: Table) -> None:
    links = class_academic_sessions
    rewritten = select(staged.c.sourced_id).where(staged.c.action.in_(_REWRITTEN))
    work.write(delete(links).where(links.c.class_sourced_id.in_(rewritten)))
    term = each_text(work.area.dialect, staged.c.term_ids)
    record = and_(
        roster_records.c.roster_source_id == work.area.source.id,
        roster_records.c.kind == "academicSessions",
        roster_records.c.source_id == term.c.value,
    )
    found = (
        select(literal(work.area.source.tenant_id), staged.c.sourced_id, roster_records.c.sourced_id)
        .select_from(staged.join(term, literal(True)).join(roster_records, record))
        .where(staged.c.action.in_((ADDED, *_REWRITTEN)))
        .distinct()
    )
    work.write(insert(links).from_select(["tenant_id", "class_sourced_id", "academic_session_sourced_id"], found))


def _remove(work: Merge, shape: Shape) -> None:
    """What is gone keeps its row and its id; only its status says so."""
    table, gone, area = shape.table, work.area.tables.gone, work.area
    record = and_(
        roster_records.c.roster_source_id == area.source.id,
        roster_records.c.kind == shape.kind,
        roster_records.c.source_id == gone.c.source_id,
    )
    before = (roster_records.c.content_hash, image_of(area.dialect, table))
    found = (
        select(*_change(work, shape, literal(GONE), gone.c.sourced_id, *before))
        .select_from(gone.join(table, _same_row(work, table, gone.c.sourced_id)).join(roster_records, record))
        .where(gone.c.kind == shape.kind)
    )
    if not work.write(insert(roster_changes).from_select(_CHANGE, found)) and table is not orgs:
        return
    if table is orgs:
        mine = (gone.c.kind == shape.kind, gone.c.sourced_id == area.source.org_id)
        root = _of_root(work, shape, gone.join(roster_records, record), mine)
        work.write(insert(roster_changes).from_select(_CHANGE, root))
    lost = select(gone.c.sourced_id).where(gone.c.kind == shape.kind)
    ended = update(table).where(_same_row(work, table, table.c.sourced_id), table.c.sourced_id.in_(lost))
    work.write(ended.values(status="tobedeleted", date_last_modified=work.at))
    work.write(update(roster_records).where(record, gone.c.kind == shape.kind).values(is_gone=True))
