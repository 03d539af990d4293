"""Writes a plan into the tables: for each kind and action one statement, in the caller's one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    and_,
    case,
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
from gateway.store.rosters import quiet
from gateway.store.rosters.changing import (
    CHANGE,
    NEVER_KNOWN,
    REWRITTEN,
    Merge,
    change,
    of_root,
    picture,
    same_row,
    transaction_number,
)
from gateway.store.rosters.images import image_of
from gateway.store.rosters.indexing import indexed_afterwards
from gateway.store.rosters.plan_references import each_text
from gateway.store.rosters.shapes import SHAPES, SHARE_LINES, Reference, Shape
from gateway.store.rosters.staging import ADDED, CHANGED, DANGLING, GONE, HELD, LINKED, RESTAMPED, RETURNED, Area
from gateway.store.rosters.waiting import keep_waiting
from gateway.store.rosters.walls import require_own
from gateway.store.tables import class_academic_sessions, classes, orgs, roster_changes, roster_records
from gateway.store.tables.columns import Moment
from providers.contract import KINDS, Kind

_RECORD = ["roster_source_id", "kind", "source_id", "sourced_id", "is_gone", "content_hash", "fingerprint"]


def merge(connection: Connection, area: Area, sync_id: int, *, removes: bool) -> int:
    """Write the plan: what was added, changed or returned, and, if it `removes`, what is gone. Return the rows."""
    work = Merge(connection, area, sync_id, transaction_number(connection))
    proven: set[Kind] = set()
    for kind in KINDS:
        _write(work, SHAPES[kind], proven)
    _forget_shared_lines(work)
    if removes:
        for kind in reversed(KINDS):
            _remove(work, SHAPES[kind])
    keep_waiting(connection, area, sync_id, removes=removes)
    return work.rows


def _write(work: Merge, shape: Shape, proven: set[Kind]) -> None:
    staged = work.area.tables.records[shape.kind]
    actions = set(work.connection.execute(select(staged.c.action).distinct()).scalars())
    if shape.is_told and actions & {ADDED, *REWRITTEN}:
        require_own(work, shape, proven)
    if actions & set(REWRITTEN):
        picture(work, shape, staged)
        work.rows += note_linked(work.connection, work.area, shape.kind, (work.sync_id, work.xid))
    if actions & {ADDED, LINKED}:
        _map_new(work, shape, staged)
    if actions & {CHANGED, RETURNED}:  # before the rows: one of them may name another of its kind
        _map_again(work, shape, staged)
    if ADDED in actions:
        _insert(work, shape, staged)
    if actions & set(REWRITTEN):
        _rewrite(work, shape, staged)
    if shape.kind == "classes" and actions & {ADDED, *REWRITTEN}:
        _set_terms(work, staged)
    if RESTAMPED in actions:
        _restamp(work, shape, staged)


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
    found = select(*columns).where(staged.c.action.in_((ADDED, LINKED))).order_by(*_as_read(work, staged))
    work.write(insert(roster_records).from_select(_RECORD, found))


def _as_read(work: Merge, staged: Table) -> list[ColumnElement[Any]]:
    """Neighbours stay neighbours: SQLite has the rows in this order, PostgreSQL reads them in it without being told."""
    return [staged.c.position] if work.area.dialect == "sqlite" else []


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
            record.c.content_hash != NEVER_KNOWN,
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
    found = _resolved(work, shape, staged, (ADDED,)).add_columns(*own.values()).order_by(*_as_read(work, staged))
    names = ["sourced_id", *shape.fields, *(reference.column for reference in shape.references), *own]
    with indexed_afterwards(work, shape.table, staged):
        work.write(insert(shape.table).from_select(names, found))
    changes = change(work, shape, literal(ADDED), staged.c.sourced_id)
    told = quiet.added(work, shape, staged, changes).order_by(*_as_read(work, staged))
    work.write(insert(roster_changes).from_select(quiet.QUIET_CHANGE, told))


def _rewrite(work: Merge, shape: Shape, staged: Table) -> None:
    new: Subquery = _resolved(work, shape, staged, REWRITTEN).subquery("new")
    names = [*shape.fields, *(reference.column for reference in shape.references)]
    values = {name: new.c[name] for name in names} | _own_columns(work, shape)
    work.write(update(shape.table).where(same_row(work, shape.table, new.c.sourced_id)).values(values))


def _map_again(work: Merge, shape: Shape, staged: Table) -> None:
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
    kept = _kept_fingerprint(staged)
    record = and_(
        roster_records.c.roster_source_id == work.area.source.id,
        roster_records.c.kind == shape.kind,
        roster_records.c.source_id == staged.c.source_id,
        roster_records.c.fingerprint.is_distinct_from(kept),
    )
    told = update(roster_records).where(record, staged.c.action == RESTAMPED)
    work.write(told.values(fingerprint=kept))


def _forget_shared_lines(work: Merge) -> None:
    """A line may tell of a user and of their roles; it is recognised only once all it tells is in the tables."""
    for kind in SHARE_LINES:
        staged = work.area.tables.records[kind]
        is_open = or_(staged.c.action.in_((DANGLING, HELD)), staged.c.unresolved > 0)
        lines = select(staged.c.fingerprint).where(is_open, staged.c.fingerprint.isnot(None))
        if work.connection.execute(lines.limit(1)).first() is None:
            continue
        target = update(roster_records).where(
            roster_records.c.roster_source_id == work.area.source.id,
            roster_records.c.kind.in_(SHARE_LINES),
            roster_records.c.fingerprint.in_(lines),
        )
        work.write(target.values(fingerprint=null()))


def _set_terms(work: Merge, staged: Table) -> None:
    links = class_academic_sessions
    rewritten = select(staged.c.sourced_id).where(staged.c.action.in_(REWRITTEN))
    work.write(delete(links).where(links.c.class_sourced_id.in_(rewritten)))
    term = each_text(work.area.dialect, staged.c.term_ids)
    record = and_(
        roster_records.c.roster_source_id == work.area.source.id,
        roster_records.c.kind == "academicSessions",
        roster_records.c.source_id == term.c.value,
        roster_records.c.content_hash != NEVER_KNOWN,
    )
    found = (
        select(literal(work.area.source.tenant_id), staged.c.sourced_id, roster_records.c.sourced_id)
        .select_from(staged.join(term, literal(True)).join(roster_records, record))
        .where(staged.c.action.in_((ADDED, *REWRITTEN)))
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
    changes = change(work, shape, literal(GONE), gone.c.sourced_id, *before)
    place = gone.join(table, same_row(work, table, gone.c.sourced_id)).join(roster_records, record)
    found = quiet.gone(work, shape, place, changes, gone.c.kind == shape.kind)
    if not work.write(insert(roster_changes).from_select(quiet.QUIET_CHANGE, found)) and table is not orgs:
        return
    if table is orgs:
        mine = (gone.c.kind == shape.kind, gone.c.sourced_id == area.source.org_id)
        root = of_root(work, shape, gone.join(roster_records, record), mine)
        work.write(insert(roster_changes).from_select(CHANGE, root))
    lost = select(gone.c.sourced_id).where(gone.c.kind == shape.kind)
    ended = update(table).where(same_row(work, table, table.c.sourced_id), table.c.sourced_id.in_(lost))
    work.write(ended.values(status="tobedeleted", date_last_modified=work.at))
    work.write(update(roster_records).where(record, gone.c.kind == shape.kind).values(is_gone=True))
