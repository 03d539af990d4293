"""What becomes of a staged record whose references lead nowhere, and of what stands on something that goes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Exists, and_, cast, delete, exists, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSON as PostgresJson

from gateway.store.rosters.changing import NEVER_KNOWN
from gateway.store.rosters.plan_step import MOST_FAULTS, Step, fault, known_of
from gateway.store.rosters.shapes import Reference
from gateway.store.rosters.staging import ADDED, ALONG, CHANGED, DANGLING, LINKED, RETURNED, WAITED
from gateway.store.tables import roster_records
from providers.contract import Fault, Kind

_STANDING = (ADDED, CHANGED, RETURNED, LINKED)
_r = roster_records.c


def count_unresolved(step: Step) -> None:
    """Optional references that lead nowhere are part of the content: it changes when they begin to lead somewhere."""
    staged = step.staged
    for reference in step.shape.optional:
        named = staged.c[reference.named]
        nowhere = and_(named.isnot(None), ~_was_ever_known(step, reference, named), ~_is_staged(step, reference, named))
        more = update(staged).where(staged.c.action.in_((ADDED, LINKED)), nowhere)
        step.connection.execute(more.values(unresolved=staged.c.unresolved + 1))
    if step.shape.kind == "classes":
        _count_unresolved_terms(step)


def _count_unresolved_terms(step: Step) -> None:
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
    more = update(staged).where(staged.c.action.in_((ADDED, LINKED)), staged.c.term_ids.isnot(None))
    step.connection.execute(more.values(unresolved=staged.c.unresolved + nowhere))


def each_text(dialect: str, column: ColumnElement[object]) -> Any:
    """Return the table of the texts in a JSON list; its column is `value`."""
    if dialect == "sqlite":
        return func.json_each(column).table_valued("value", name="each_text")
    return func.json_array_elements_text(cast(column, PostgresJson)).table_valued("value", name="each_text")


def _was_ever_known(step: Step, reference: Reference, named: ColumnElement[str]) -> Exists:
    known = (known_of(step.area, reference.kind), _r.source_id == named, _r.content_hash != NEVER_KNOWN)
    return exists().where(*known).correlate_except(roster_records)


def _is_staged(step: Step, reference: Reference, named: ColumnElement[str]) -> Exists:
    target = step.area.tables.records[reference.kind].alias("target")
    return exists().where(target.c.source_id == named, target.c.action.in_(_STANDING)).correlate_except(target)


def find_dangling(step: Step) -> list[Fault]:
    """Skip records whose class, user or org is not there after this sync (attack F7); known ones are gone.

    One that waited for them waits on, and is no fault of this reading.
    """
    staged, faults, is_any = step.staged, list[Fault](), False
    for reference in step.shape.needed:
        named = staged.c[reference.named]
        dangling = and_(staged.c.action == ADDED, ~_stays(step, reference, named), ~_is_staged(step, reference, named))
        if step.connection.execute(update(staged).where(dangling).values(action=DANGLING)).rowcount:
            is_any = True
            faults += _dangling_faults(step, reference)
    if is_any:
        _end_dangling(step)
        waits_on = (staged.c.action == DANGLING, staged.c.position <= WAITED)
        step.connection.execute(delete(staged).where(*waits_on))
    return faults


def _dangling_faults(step: Step, reference: Reference) -> list[Fault]:
    staged = step.staged
    ids = select(staged.c.source_id).where(staged.c.action == DANGLING, staged.c.position > WAITED).limit(MOST_FAULTS)
    what = f"{reference.named} names nothing that is there; the record was skipped"
    return [
        fault(step, each, "record.reference_unknown", reference.named, what)
        for each in step.connection.execute(ids).scalars()
    ]


def _end_dangling(step: Step) -> None:
    staged, gone = step.staged, step.area.tables.gone
    match = and_(step.known, _r.source_id == staged.c.source_id, _r.is_gone.is_(False))
    found = (
        select(_r.kind, _r.source_id, _r.sourced_id, literal(ALONG))
        .select_from(staged.join(roster_records, match))
        .where(staged.c.action == DANGLING, ~_is_gone(step, _r.source_id))
    )
    step.connection.execute(insert(gone).from_select(["kind", "source_id", "sourced_id", "why"], found))


def _is_gone(step: Step, source_id: ColumnElement[str], kind: Kind | None = None) -> Exists:
    gone = step.area.tables.gone
    return (
        exists().where(gone.c.kind == (kind or step.shape.kind), gone.c.source_id == source_id).correlate_except(gone)
    )


def _stays(step: Step, reference: Reference, named: ColumnElement[str]) -> Exists:
    known = known_of(step.area, reference.kind)
    stays = [known, _r.source_id == named, _r.is_gone.is_(False), ~_is_gone(step, _r.source_id, reference.kind)]
    return exists().where(*stays).correlate_except(roster_records)


def take_along(step: Step) -> None:
    """What stood on something that is gone now goes with it, though its own record did not change."""
    for reference in step.shape.needed:
        if _stands_on_gone(step, reference):
            _take_along_of(step, reference)


def _on_gone(step: Step, reference: Reference) -> list[ColumnElement[bool]]:
    table, gone = step.shape.table, step.area.tables.gone
    lost = select(gone.c.sourced_id).where(gone.c.kind == reference.kind)
    already = select(gone.c.sourced_id).where(gone.c.kind == step.shape.kind)
    return [
        table.c.tenant_id == step.area.source.tenant_id,
        table.c.status == "active",
        table.c[reference.column].in_(lost),
        table.c.sourced_id.notin_(already),
    ]


def _stands_on_gone(step: Step, reference: Reference) -> bool:
    first = select(step.shape.table.c.sourced_id).where(*_on_gone(step, reference)).limit(1)
    return step.connection.execute(first).first() is not None


def _take_along_of(step: Step, reference: Reference) -> None:
    staged, gone = step.staged, step.area.tables.gone
    standing = select(step.shape.table.c.sourced_id).where(*_on_gone(step, reference))
    moves = exists().where(staged.c.source_id == _r.source_id, staged.c.action.in_(_STANDING))
    found = select(_r.kind, _r.source_id, _r.sourced_id, literal(ALONG)).where(
        step.known, _r.is_gone.is_(False), _r.sourced_id.in_(standing), ~moves
    )
    step.connection.execute(insert(gone).from_select(["kind", "source_id", "sourced_id", "why"], found))
