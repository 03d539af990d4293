"""Joins a staged roster with people and classes that launches made before it: by the SIS id that a launch signed.

The same proof and the same doubts as when the roster came first (`services.recognition`): an operator paired the two
integrations, the id names one record and one row, the roles agree, and nobody decided against it before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, case, exists, insert, literal, null, or_, select, update

from gateway.store.matching.kinship import are_at_odds
from gateway.store.matching.links import ROWS, UNDONE, LinkKind, NewLink, write_links
from gateway.store.matching.pairs import OWN_ROSTER
from gateway.store.rosters.images import image_of
from gateway.store.rosters.linking import link
from gateway.store.rosters.staging import ADDED, GONE, LINKED, Area
from gateway.store.tables import (
    classes,
    contexts,
    deployments,
    enrollments,
    identities,
    integration_pairs,
    record_links,
    roles,
    roster_changes,
    roster_records,
    users,
)
from gateway.store.tables.columns import Moment
from providers.contract import Kind

ACTOR = "sync"
_AT_ONCE = 500
_p, _i, _x, _l, _r = integration_pairs.c, identities.c, contexts.c, record_links.c, roster_records.c


class Proof(NamedTuple):
    """A staged record and the row of ours that a launch proves to be it."""

    source_id: str
    sourced_id: str
    integration_id: str
    arrival_key: str
    evidence: str


def link_proven(area: Area, kind: LinkKind) -> None:
    """Let the plan write staged records into the rows that launches made for the same person or class."""
    if area.connection.execute(_pairs_of(area)).first() is None:
        return
    proofs = [Proof._make(row) for row in area.connection.execute(_proofs(area, kind, ADDED))]
    certain = _undisputed(proofs)
    if kind == "users":
        certain = [each for part in _parts(certain) for each in _of_one_sort(area, part)]
    link(area, kind, [(each.source_id, each.sourced_id) for each in certain])


def note_linked(connection: Connection, area: Area, kind: Kind, sync: tuple[int, int]) -> int:
    """Write down each join of the plan that is just being written, with its audit line; return the rows.

    From now on the roster alone says who is in such a class, and what such a person is. `sync` is the sync's id and its
    transaction's number.
    """
    if kind not in ("classes", "users"):
        return 0
    proofs = [Proof._make(row) for row in connection.execute(_proofs(area, kind, LINKED))]
    if not proofs:
        return 0
    for part in _parts(proofs):
        write_links(connection, [_link_of(area, each, kind, sync[0]) for each in part], area.at)
    return _end_told(connection, area, kind, sync)


def _end_told(connection: Connection, area: Area, kind: LinkKind, sync: tuple[int, int]) -> int:
    """End what launches told of the joined, kept so that an undo brings it back."""
    table, column = (enrollments, "class_sourced_id") if kind == "classes" else (roles, "user_sourced_id")
    staged = area.tables.records[kind]
    told = (
        table.c.tenant_id == area.source.tenant_id,
        table.c[column].in_(select(staged.c.sourced_id).where(staged.c.action == LINKED)),
        table.c.source != "roster",
        table.c.status == "active",
    )
    columns: list[Any] = [
        literal(sync[1]), literal(area.source.tenant_id), literal(sync[0]), literal(table.name), literal(GONE),
        table.c.sourced_id, literal(area.at, Moment()), null(), image_of(area.dialect, table),
    ]  # fmt: skip
    names = ["xid", "tenant_id", "sync_id", "kind", "action", "sourced_id", "at", "content_hash", "before"]
    connection.execute(insert(roster_changes).from_select(names, select(*columns).where(*told)))
    ended = update(table).where(*told).values(status="tobedeleted", date_last_modified=area.at)
    return int(max(connection.execute(ended).rowcount, 0))


def _pairs_of(area: Area) -> Select[Any]:
    return select(_p.id).where(*_paired(area)).limit(1)


def _paired(area: Area) -> tuple[Any, ...]:
    source = area.source
    return (_p.tenant_id == source.tenant_id, _p.roster_integration_id == source.integration_id)


def _proofs(area: Area, kind: LinkKind, action: str) -> Select[Any]:
    """Return the question for rows that no roster owns and whose signed id is a staged record's, as yet unknown here.

    With `LINKED` it finds those again that the plan has joined.
    """
    found = _people(area) if kind == "users" else _classes(area)
    staged, row, key = area.tables.records[kind], found.selected_columns[1], found.selected_columns[3]
    ours, theirs = ROWS[kind]
    known = exists().where(_r.roster_source_id == area.source.id, _r.kind == kind, _r.source_id == staged.c.source_id)
    decided = exists().where(
        _l.tenant_id == area.source.tenant_id,
        _l.roster_source_id == area.source.id,
        _l.source_id == staged.c.source_id,
        or_(_l.arrival_key == key, _l[ours] == row, _l[theirs] == row),
        _l.status == UNDONE,
    )
    if action == LINKED:
        return found.where(staged.c.action == LINKED, staged.c.sourced_id == found.selected_columns[1])
    return found.where(staged.c.action == ADDED, ~known.correlate(staged), ~decided)


def _people(area: Area) -> Select[Any]:
    staged = area.tables.records["users"]
    same = or_(
        and_(_p.match == "sis_id", _i.sis_id == staged.c.source_id),
        and_(_p.match == "identifier", _i.sis_id == staged.c.identifier),
        and_(_p.match == OWN_ROSTER, _i.roster_id.is_(None), _i.sis_id == staged.c.identifier),
        and_(_p.match == OWN_ROSTER, _i.roster_id == staged.c.source_id),
    )
    mine = and_(_i.integration_id == _p.launch_integration_id, _i.tenant_id == _p.tenant_id)
    row = and_(users.c.sourced_id == _i.user_sourced_id, users.c.tenant_id == _p.tenant_id)
    return (
        select(staged.c.source_id, _i.user_sourced_id, _i.integration_id, _i.subject, _p.match)
        .select_from(integration_pairs.join(identities, mine).join(users, row).join(staged, same))
        .where(*_paired(area), users.c.roster_source_id.is_(None), users.c.status == "active")
    )


def _classes(area: Area) -> Select[Any]:
    staged = area.tables.records["classes"]
    mine = and_(deployments.c.integration_id == _p.launch_integration_id, deployments.c.tenant_id == _p.tenant_id)
    row = and_(classes.c.sourced_id == _x.class_sourced_id, classes.c.tenant_id == _p.tenant_id)
    told = _x.deployment_row_id + literal(" ") + _x.context_id
    another = staged.alias()
    has_another = exists().where(another.c.course_id == staged.c.course_id, another.c.source_id != staged.c.source_id)
    own = or_(
        _x.record_ref == literal("classes/") + staged.c.source_id,
        and_(_x.record_ref == literal("courses/") + staged.c.course_id, ~has_another.correlate(staged)),
    )
    same = or_(and_(_p.match != OWN_ROSTER, _x.sis_id == staged.c.source_id), and_(_p.match == OWN_ROSTER, own))
    evidence = case((_p.match == OWN_ROSTER, literal(OWN_ROSTER)), else_=literal("sis_id"))
    return (
        select(staged.c.source_id, _x.class_sourced_id, deployments.c.integration_id, told, evidence)
        .select_from(
            integration_pairs.join(deployments, mine)
            .join(contexts, _x.deployment_row_id == deployments.c.id)
            .join(classes, row)
            .join(staged, same)
        )
        .where(*_paired(area), classes.c.roster_source_id.is_(None), classes.c.status == "active")
    )


def _undisputed(proofs: Sequence[Proof]) -> list[Proof]:
    """Keep those whose record and whose row are named once: an id claimed twice is nobody's proof."""
    once = {(each.source_id, each.sourced_id): each for each in proofs}
    records = Counter(source_id for source_id, _ in once)
    rows = Counter(sourced_id for _, sourced_id in once)
    return [each for each in once.values() if records[each.source_id] == rows[each.sourced_id] == 1]


def _of_one_sort(area: Area, proofs: Sequence[Proof]) -> Iterator[Proof]:
    """Leave out whose roles are of another sort than the record's (attack D3)."""
    staged = area.tables.records["roles"]
    told, ours = defaultdict(set), defaultdict(set)
    of_records = select(staged.c.user_id, staged.c.role).where(
        staged.c.user_id.in_([each.source_id for each in proofs])
    )
    for user_id, role in area.connection.execute(of_records):
        told[user_id].add(role)
    of_rows = select(roles.c.user_sourced_id, roles.c.role).where(
        roles.c.tenant_id == area.source.tenant_id,
        roles.c.user_sourced_id.in_([each.sourced_id for each in proofs]),
        roles.c.status == "active",
    )
    for user_id, role in area.connection.execute(of_rows):
        ours[user_id].add(role)
    return (each for each in proofs if not are_at_odds(told[each.source_id], ours[each.sourced_id]))


def _parts(proofs: Sequence[Proof]) -> Iterator[Sequence[Proof]]:
    for start in range(0, len(proofs), _AT_ONCE):
        yield proofs[start : start + _AT_ONCE]


def _link_of(area: Area, proof: Proof, kind: LinkKind, sync_id: int) -> NewLink:
    return NewLink(
        tenant_id=area.source.tenant_id,
        kind=kind,
        kept=proof.sourced_id,
        roster_source_id=area.source.id,
        source_id=proof.source_id,
        integration_id=proof.integration_id,
        how=ACTOR,
        evidence=proof.evidence,
        actor=ACTOR,
        arrival_key=proof.arrival_key,
        sync_id=sync_id,
    )
