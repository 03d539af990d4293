"""Compares a staged reading with what is known, set by set: added, changed, returned, gone, and lets the rest go.

The rules for what a source says oddly (docs/syncs.md): a record whose class, user or org is not there is skipped, and
what depends on something gone goes with it; an optional reference that leads nowhere stays empty until it does.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Table,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSON as PostgresJson

from gateway.store.matching.staged import link_proven
from gateway.store.rosters.changing import NEVER_KNOWN
from gateway.store.rosters.linking import link_root
from gateway.store.rosters.shapes import SHAPES, Reference, Shape
from gateway.store.rosters.staging import (
    ADDED,
    CHANGED,
    DANGLING,
    DELETED,
    LINKED,
    MISSING,
    RESTAMPED,
    RETURNED,
    Area,
    learn_gone,
)
from gateway.store.tables import roster_records
from providers.contract import KINDS, Fault, Kind

_STANDING = (ADDED, CHANGED, RETURNED, LINKED)
_MOST_FAULTS = 1000
_r = roster_records.c


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of the reading that is planned.

    Of `complete` kinds every record was seen. Of `recalled` ones only unknown lines were staged: a record that is
    missing there still stands, unless its line was not seen.
    """

    is_full: bool
    complete: Set[Kind]
    recalled: Set[Kind]


# A reading that was planned before: what is missing is known already (`Area.forget_plan`).
AGAIN = Reading(is_full=False, complete=frozenset(), recalled=frozenset())


@dataclass(frozen=True, slots=True)
class _Step:
    """One kind's turn."""

    connection: Connection
    area: Area
    shape: Shape
    staged: Table

    @property
    def known(self) -> ColumnElement[bool]:
        """The mapping's rows of this kind."""
        return _known(self.area, self.shape.kind)


def _known(area: Area, kind: Kind) -> ColumnElement[bool]:
    return and_(_r.roster_source_id == area.source.id, _r.kind == kind)


def plan(area: Area, reading: Reading) -> list[Fault]:
    """Decide what becomes of every staged and every known record; return the faults found on the way."""
    faults: list[Fault] = []
    with area.transaction() as connection:
        for kind in KINDS:
            step = _Step(connection, area, SHAPES[kind], area.tables.records[kind])
            faults += _drop_duplicates(step)
            if kind == "orgs":
                link_root(area)
            if kind in ("classes", "users"):
                link_proven(area, kind)
            _find_deleted(step)
            if reading.is_full and kind in reading.complete:
                _find_missing(step, is_recalled=kind in reading.recalled)
            _count_unresolved(step)
            if _knows_any(step):
                _drop_untouched(step)
            faults += _find_dangling(step)
            if _knows_any(step):
                _tell_changed_and_returned(step)
                _take_along(step)
    learn_gone(area)
    return faults


def _knows_any(step: _Step) -> bool:
    return step.connection.execute(select(_r.kind).where(step.known).limit(1)).first() is not None


def _drop_duplicates(step: _Step) -> list[Fault]:
    """The last of several records with one id counts: in a delta it is the newest."""
    staged = step.staged
    twice = select(staged.c.source_id).group_by(staged.c.source_id).having(func.count() > 1)
    ids = list(step.connection.execute(twice.limit(_MOST_FAULTS)).scalars())
    if not ids:
        return []
    later = staged.alias("later")
    newer = exists().where(later.c.source_id == staged.c.source_id, later.c.position > staged.c.position)
    step.connection.execute(delete(staged).where(newer))
    return [
        _fault(step, each, "record.duplicate", "sourcedId", "comes more than once; the last counts") for each in ids
    ]


def _fault(step: _Step, source_id: str, code: str, column: str, what: str) -> Fault:
    return Fault(step.shape.kind, None, column, code, f"{source_id}: {what}.")


def _find_deleted(step: _Step) -> None:
    """Records that their source marks as deleted are gone if they are known, else nothing."""
    staged, gone = step.staged, step.area.tables.gone
    deleted = select(staged.c.source_id).where(staged.c.action == DELETED)
    if step.connection.execute(deleted.limit(1)).first() is None:
        return
    match = and_(step.known, _r.source_id == staged.c.source_id, _r.is_gone.is_(False), staged.c.action == DELETED)
    found = select(_r.kind, _r.source_id, _r.sourced_id, literal("deleted")).select_from(
        staged.join(roster_records, match)
    )
    step.connection.execute(insert(gone).from_select(["kind", "source_id", "sourced_id", "why"], found))


def _find_missing(step: _Step, *, is_recalled: bool) -> None:
    staged, gone, unseen = step.staged, step.area.tables.gone, step.area.tables.unseen
    is_staged = exists().where(staged.c.source_id == _r.source_id)
    missing = [step.known, _r.is_gone.is_(False), ~is_staged]
    if is_recalled:
        lost = select(unseen.c.fingerprint).where(unseen.c.kind == step.shape.kind)
        missing.append(or_(_r.fingerprint.is_(None), _r.fingerprint.in_(lost)))
    found = select(_r.kind, _r.source_id, _r.sourced_id, literal(MISSING)).where(*missing)
    step.connection.execute(insert(gone).from_select(["kind", "source_id", "sourced_id", "why"], found))


def _count_unresolved(step: _Step) -> None:
    """Optional references that lead nowhere are part of the content: it changes when they begin to lead somewhere."""
    staged = step.staged
    for reference in step.shape.optional:
        named = staged.c[reference.named]
        nowhere = and_(named.isnot(None), ~_was_ever_known(step, reference, named), ~_is_staged(step, reference, named))
        more = update(staged).where(staged.c.action.in_((ADDED, LINKED)), nowhere)
        step.connection.execute(more.values(unresolved=staged.c.unresolved + 1))
    if step.shape.kind == "classes":
        _count_unresolved_terms(step)


def _count_unresolved_terms(step: _Step) -> None:
    staged = step.staged
    term = each_text(step.area.dialect, staged.c.term_ids)
    reference = Reference("term_ids", "academicSessions", "")
    nowhere = (
        select(func.count())
        .select_from(term)
        .where(~_was_ever_known(step, reference, term.c.value), ~_is_staged(step, reference, term.c.value))
        .correlate(staged)
        .scalar_subquery()
    )
    more = update(staged).where(staged.c.action == ADDED, staged.c.term_ids.isnot(None))
    step.connection.execute(more.values(unresolved=staged.c.unresolved + nowhere))


def each_text(dialect: str, column: ColumnElement[object]) -> Any:
    """Return the table of the texts in a JSON list; its column is `value`."""
    if dialect == "sqlite":
        return func.json_each(column).table_valued("value", name="each_text")
    return func.json_array_elements_text(cast(column, PostgresJson)).table_valued("value", name="each_text")


def _was_ever_known(step: _Step, reference: Reference, named: ColumnElement[str]) -> Exists:
    known = (_known(step.area, reference.kind), _r.source_id == named, _r.content_hash != NEVER_KNOWN)
    return exists().where(*known).correlate_except(roster_records)


def _is_staged(step: _Step, reference: Reference, named: ColumnElement[str]) -> Exists:
    target = step.area.tables.records[reference.kind].alias("target")
    return exists().where(target.c.source_id == named, target.c.action.in_(_STANDING)).correlate_except(target)


def _drop_untouched(step: _Step) -> None:
    staged = step.staged
    same = [
        step.known,
        _r.source_id == staged.c.source_id,
        _r.content_hash == staged.c.content_hash + staged.c.unresolved,
        _r.is_gone.is_(False),
    ]
    fits = exists().where(*same, _r.fingerprint.is_distinct_from(staged.c.fingerprint))
    other_line = and_(staged.c.action == ADDED, staged.c.fingerprint.isnot(None), staged.c.unresolved == 0, fits)
    step.connection.execute(update(staged).where(other_line).values(action=RESTAMPED))
    step.connection.execute(delete(staged).where(staged.c.action == ADDED, exists().where(*same)))


def _find_dangling(step: _Step) -> list[Fault]:
    """Skip records whose class, user or org is not there after this sync (attack F7); known ones are gone."""
    staged, gone = step.staged, step.area.tables.gone
    faults: list[Fault] = []
    for reference in step.shape.needed:
        named = staged.c[reference.named]
        dangling = and_(staged.c.action == ADDED, ~_stays(step, reference, named), ~_is_staged(step, reference, named))
        marked = step.connection.execute(update(staged).where(dangling).values(action=DANGLING)).rowcount
        if marked:
            ids = select(staged.c.source_id).where(staged.c.action == DANGLING).limit(_MOST_FAULTS)
            what = f"{reference.named} names nothing that is there; the record was skipped"
            faults += [
                _fault(step, each, "record.reference_unknown", reference.named, what)
                for each in step.connection.execute(ids).scalars()
            ]
    if faults:
        match = and_(step.known, _r.source_id == staged.c.source_id, _r.is_gone.is_(False))
        found = (
            select(_r.kind, _r.source_id, _r.sourced_id, literal("reference"))
            .select_from(staged.join(roster_records, match))
            .where(staged.c.action == DANGLING, ~_is_gone(step, _r.source_id))
        )
        step.connection.execute(insert(gone).from_select(["kind", "source_id", "sourced_id", "why"], found))
    return faults


def _is_gone(step: _Step, source_id: ColumnElement[str], kind: Kind | None = None) -> Exists:
    gone = step.area.tables.gone
    return (
        exists().where(gone.c.kind == (kind or step.shape.kind), gone.c.source_id == source_id).correlate_except(gone)
    )


def _stays(step: _Step, reference: Reference, named: ColumnElement[str]) -> Exists:
    known = _known(step.area, reference.kind)
    stays = [known, _r.source_id == named, _r.is_gone.is_(False), ~_is_gone(step, _r.source_id, reference.kind)]
    return exists().where(*stays).correlate_except(roster_records)


def _tell_changed_and_returned(step: _Step) -> None:
    staged = step.staged
    match = and_(step.known, _r.source_id == staged.c.source_id)
    told = update(staged).where(match, staged.c.action == ADDED)
    action = case((_r.is_gone, RETURNED), else_=CHANGED)
    step.connection.execute(told.values(action=action, sourced_id=_r.sourced_id))


def _take_along(step: _Step) -> None:
    """What stood on something that is gone now goes with it, though its own record did not change."""
    for reference in step.shape.needed:
        if _stands_on_gone(step, reference):
            _take_along_of(step, reference)


def _on_gone(step: _Step, reference: Reference) -> list[ColumnElement[bool]]:
    table, gone = step.shape.table, step.area.tables.gone
    lost = select(gone.c.sourced_id).where(gone.c.kind == reference.kind)
    already = select(gone.c.sourced_id).where(gone.c.kind == step.shape.kind)
    return [
        table.c.tenant_id == step.area.source.tenant_id,
        table.c.status == "active",
        table.c[reference.column].in_(lost),
        table.c.sourced_id.notin_(already),
    ]


def _stands_on_gone(step: _Step, reference: Reference) -> bool:
    first = select(step.shape.table.c.sourced_id).where(*_on_gone(step, reference)).limit(1)
    return step.connection.execute(first).first() is not None


def _take_along_of(step: _Step, reference: Reference) -> None:
    staged, gone = step.staged, step.area.tables.gone
    standing = select(step.shape.table.c.sourced_id).where(*_on_gone(step, reference))
    moves = exists().where(staged.c.source_id == _r.source_id, staged.c.action.in_(_STANDING))
    found = select(_r.kind, _r.source_id, _r.sourced_id, literal("reference")).where(
        step.known, _r.is_gone.is_(False), _r.sourced_id.in_(standing), ~moves
    )
    step.connection.execute(insert(gone).from_select(["kind", "source_id", "sourced_id", "why"], found))
