"""Compares a staged reading with what is known, set by set: added, changed, returned, gone, and lets the rest go.

The rules for what a source says oddly (docs/syncs.md): a record whose class, user or org is not there is skipped, and
what depends on something gone goes with it; an optional reference that leads nowhere stays empty until it does.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from sqlalchemy import and_, case, delete, exists, func, insert, literal, or_, select, update

from gateway.store.matching.staged import link_proven
from gateway.store.rosters.linking import link_root
from gateway.store.rosters.plan_references import count_unresolved, find_dangling, take_along
from gateway.store.rosters.plan_step import MOST_FAULTS, Step, fault
from gateway.store.rosters.shapes import SHAPES, SHARE_LINES
from gateway.store.rosters.staging import ADDED, CHANGED, DELETED, MISSING, RESTAMPED, RETURNED, WAITED, Area
from gateway.store.rosters.statistics import learn_gone
from gateway.store.tables import roles, roster_records
from providers.contract import KINDS, Fault, Kind

_r = roster_records.c


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of the reading that is planned.

    Of `complete` kinds every record was seen. Of `recalled` ones only unknown lines were staged: a record that is
    missing there still stands, unless its line was not seen. `roles_with_users`: who was staged came with all roles.
    """

    is_full: bool
    complete: Set[Kind]
    recalled: Set[Kind]
    roles_with_users: bool = False


# A reading that was planned before: what is missing is known already (`Area.forget_plan`).
AGAIN = Reading(is_full=False, complete=frozenset(), recalled=frozenset())


def plan(area: Area, reading: Reading) -> list[Fault]:
    """Decide what becomes of every staged and every known record; return the faults found on the way."""
    faults: list[Fault] = []
    with area.transaction() as connection:
        for kind in KINDS:
            step = Step(connection, area, SHAPES[kind], area.tables.records[kind])
            faults += _drop_duplicates(step)
            if kind == "orgs":
                link_root(area)
            if kind in ("classes", "users"):
                link_proven(area, kind)
            _find_deleted(step)
            if reading.is_full and kind in reading.complete:
                _find_missing(step, is_recalled=kind in reading.recalled)
            if kind == "users" and reading.roles_with_users:
                _find_untold_roles(step)
            count_unresolved(step)
            if _knows_any(step):
                _drop_untouched(step)
            faults += find_dangling(step)
            if _knows_any(step):
                _tell_changed_and_returned(step)
                take_along(step)
    learn_gone(area)
    return faults


def _knows_any(step: Step) -> bool:
    return step.connection.execute(select(_r.kind).where(step.known).limit(1)).first() is not None


def _drop_duplicates(step: Step) -> list[Fault]:
    """The last of several records with one id counts: in a delta it is the newest."""
    staged = step.staged
    twice = select(staged.c.source_id).group_by(staged.c.source_id).having(func.count() > 1)
    ids = list(step.connection.execute(twice.limit(MOST_FAULTS)).scalars())
    if not ids:
        return []
    later = staged.alias("later")
    newer = exists().where(later.c.source_id == staged.c.source_id, later.c.position > staged.c.position)
    step.connection.execute(delete(staged).where(newer))
    return [fault(step, each, "record.duplicate", "sourcedId", "comes more than once; the last counts") for each in ids]


def _find_deleted(step: Step) -> None:
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


def _find_missing(step: Step, *, is_recalled: bool) -> None:
    staged, gone, unseen = step.staged, step.area.tables.gone, step.area.tables.unseen
    is_staged = exists().where(staged.c.source_id == _r.source_id)
    missing = [step.known, _r.is_gone.is_(False), ~is_staged]
    if is_recalled:
        lost = select(unseen.c.fingerprint).where(unseen.c.kind == step.shape.kind)
        missing.append(or_(_r.fingerprint.is_(None), _r.fingerprint.in_(lost)))
    found = select(_r.kind, _r.source_id, _r.sourced_id, literal(MISSING)).where(*missing)
    step.connection.execute(insert(gone).from_select(["kind", "source_id", "sourced_id", "why"], found))


def _find_untold_roles(step: Step) -> None:
    """Whoever was told was told with all their roles: any other role of theirs is gone."""
    people, area = step.staged, step.area
    mapped, told = roster_records.alias("mapped"), area.tables.records["roles"]
    same = and_(mapped.c.roster_source_id == area.source.id, mapped.c.kind == "users")
    whose = select(mapped.c.sourced_id).join_from(people, mapped, and_(same, mapped.c.source_id == people.c.source_id))
    untold = (
        *(_r.roster_source_id == area.source.id, _r.kind == "roles", _r.is_gone.is_(False)),
        *(roles.c.tenant_id == area.source.tenant_id, roles.c.source == "roster"),
        roles.c.user_sourced_id.in_(whose.where(people.c.action == ADDED, people.c.position > WAITED)),
        ~exists().where(told.c.source_id == _r.source_id),
    )
    found = select(_r.kind, _r.source_id, _r.sourced_id, literal(MISSING)).join_from(
        roster_records, roles, roles.c.sourced_id == _r.sourced_id
    )
    gone = insert(area.tables.gone).from_select(["kind", "source_id", "sourced_id", "why"], found.where(*untold))
    step.connection.execute(gone)


def _drop_untouched(step: Step) -> None:
    staged = step.staged
    same = [
        step.known,
        _r.source_id == staged.c.source_id,
        _r.content_hash == staged.c.content_hash + staged.c.unresolved,
        _r.is_gone.is_(False),
    ]
    fits = exists().where(*same, _r.fingerprint.is_distinct_from(staged.c.fingerprint))
    other_line = and_(staged.c.action == ADDED, staged.c.fingerprint.isnot(None), staged.c.unresolved == 0, fits)
    # Of a shared line the record that leads nowhere must be seen to, or the line is taken for known by its others.
    is_open = and_(staged.c.action == ADDED, staged.c.unresolved > 0, exists().where(*same))
    restamped = or_(other_line, is_open) if step.shape.kind in SHARE_LINES else other_line
    step.connection.execute(update(staged).where(restamped).values(action=RESTAMPED))
    step.connection.execute(delete(staged).where(staged.c.action == ADDED, exists().where(*same)))


def _tell_changed_and_returned(step: Step) -> None:
    staged = step.staged
    match = and_(step.known, _r.source_id == staged.c.source_id)
    told = update(staged).where(match, staged.c.action == ADDED)
    action = case((_r.is_gone, RETURNED), else_=CHANGED)
    step.connection.execute(told.values(action=action, sourced_id=_r.sourced_id))
