"""Lets a sync write records into the people and classes that launches made, where a signed id proves them the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, exists, insert, literal, null, or_, select, update

from gateway.store.matching.kinship import are_at_odds
from gateway.store.matching.links import LINKED as JOINED
from gateway.store.matching.links import REJECTED, UNDONE, LinkKind
from gateway.store.rosters.images import image_of
from gateway.store.rosters.linking import link
from gateway.store.rosters.staging import ADDED, GONE, LINKED, Area
from gateway.store.tables import (
    audit,
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

_p, _l, _r = integration_pairs.c, record_links.c, roster_records.c
ACTOR = "sync"


class Proof(NamedTuple):
    """A staged record and the row that a launch made for the same signed id."""

    source_id: str
    sourced_id: str
    integration_id: str
    evidence: str


def link_proven(area: Area, kind: LinkKind) -> None:
    """Mark the staged records that meet exactly one row of a paired integration, and no doubt."""
    mine = (_p.tenant_id == area.source.tenant_id, _p.roster_integration_id == area.source.integration_id)
    if area.connection.execute(select(_p.id).where(*mine).limit(1)).first() is None:
        return
    staged = area.tables.records[kind]
    new = (*mine, staged.c.action == ADDED, ~_is_known(area, kind))
    proofs = _only_ones(_proofs(area, kind, new))
    if kind == "users":
        proofs = _without_odds(area, proofs)
    link(area, kind, ((proof.source_id, proof.sourced_id) for proof in proofs))


def _is_known(area: Area, kind: LinkKind) -> Any:
    staged = area.tables.records[kind]
    by_id = and_(_r.roster_source_id == area.source.id, _r.kind == kind, _r.source_id == staged.c.source_id)
    decided = and_(
        _l.roster_source_id == area.source.id,
        _l.source_id == staged.c.source_id,
        _l.status.in_((UNDONE, REJECTED)),
        (_l.user_sourced_id if kind == "users" else _l.class_sourced_id).isnot(None),
    )
    known = exists().where(by_id).correlate_except(roster_records)
    return or_(known, exists().where(decided).correlate_except(record_links))


def _proofs(area: Area, kind: LinkKind, new: tuple[Any, ...]) -> list[Proof]:
    if kind == "classes":
        return _read(area.connection, _class_proofs(area, new))
    staged = area.tables.records[kind]
    found = []
    for match, named in (("sis_id", staged.c.source_id), ("identifier", staged.c.identifier)):
        signed = and_(identities.c.integration_id == _p.launch_integration_id, identities.c.tenant_id == _p.tenant_id)
        person = and_(users.c.sourced_id == identities.c.user_sourced_id, users.c.tenant_id == _p.tenant_id)
        joined = integration_pairs.join(identities, signed).join(staged, named == identities.c.sis_id)
        question = (
            select(staged.c.source_id, users.c.sourced_id, _p.launch_integration_id, literal(match))
            .select_from(joined.join(users, person))
            .where(*new, _p.match == match, users.c.roster_source_id.is_(None), users.c.status == "active")
        )
        found += _read(area.connection, question)
    return found


def _class_proofs(area: Area, new: tuple[Any, ...]) -> Select[Any]:
    staged = area.tables.records["classes"]
    deployed = and_(deployments.c.integration_id == _p.launch_integration_id, deployments.c.tenant_id == _p.tenant_id)
    place = and_(classes.c.sourced_id == contexts.c.class_sourced_id, classes.c.tenant_id == _p.tenant_id)
    joined = (
        integration_pairs.join(deployments, deployed)
        .join(contexts, contexts.c.deployment_row_id == deployments.c.id)
        .join(staged, staged.c.source_id == contexts.c.sis_id)
        .join(classes, place)
    )
    columns = (staged.c.source_id, classes.c.sourced_id, _p.launch_integration_id, literal("sis_id"))
    ours = (classes.c.roster_source_id.is_(None), classes.c.status == "active")
    return select(*columns).select_from(joined).where(*new, *ours)


def _read(connection: Connection, question: Select[Any]) -> list[Proof]:
    return [Proof._make(row) for row in connection.execute(question)]


def _only_ones(proofs: list[Proof]) -> list[Proof]:
    """An id claimed twice is nobody's proof, nor is somebody who claims two."""
    pairs = {(proof.source_id, proof.sourced_id): proof for proof in proofs}
    records = Counter(source_id for source_id, _ in pairs)
    rows = Counter(sourced_id for _, sourced_id in pairs)
    return [proof for (one, other), proof in pairs.items() if records[one] == rows[other] == 1]


def _without_odds(area: Area, proofs: list[Proof]) -> list[Proof]:
    if not proofs:
        return []
    staged = area.tables.records["roles"]
    told = _by_first(area.connection, select(staged.c.user_id, staged.c.role).where(staged.c.action == ADDED))
    active = (roles.c.tenant_id == area.source.tenant_id, roles.c.status == "active", roles.c.source != "roster")
    signed = _by_first(area.connection, select(roles.c.user_sourced_id, roles.c.role).where(*active))
    return [each for each in proofs if not are_at_odds(signed[each.sourced_id], told[each.source_id])]


def _by_first(connection: Connection, question: Select[Any]) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, word in connection.execute(question):
        found[key].add(word)
    return found


def note_linked(connection: Connection, area: Area, kind: Kind, sync: tuple[int, int]) -> int:
    """Write down each join with its audit line; a class's members are the roster's from now on. Return the rows.

    `sync` is the sync's id and its transaction's number.
    """
    if kind not in ("classes", "users"):
        return 0
    staged = area.tables.records[kind]
    linked = select(staged.c.source_id, staged.c.sourced_id).where(staged.c.action == LINKED)
    pair = select(_p.launch_integration_id).where(
        _p.tenant_id == area.source.tenant_id, _p.roster_integration_id == area.source.integration_id
    )
    integration_id = connection.execute(pair.order_by(_p.id).limit(1)).scalar_one_or_none()
    found = connection.execute(linked).all()
    if integration_id is None or not found:
        return 0
    own = {"tenant_id": area.source.tenant_id, "actor": ACTOR}
    rows = [_link_row(area, kind, row, integration_id, sync[0]) for row in found]
    connection.execute(insert(record_links), [{**own, **row} for row in rows])
    lines = [{"subject": row.sourced_id, "detail": {"kind": kind, "source_id": row.source_id}} for row in found]
    connection.execute(insert(audit), [{**own, "at": area.at, "action": "match.linked", **line} for line in lines])
    return _end_told(connection, area, sync) if kind == "classes" else 0


def _link_row(area: Area, kind: LinkKind, row: Any, integration_id: str, sync_id: int) -> dict[str, Any]:
    return {
        "user_sourced_id": row.sourced_id if kind == "users" else None,
        "class_sourced_id": row.sourced_id if kind == "classes" else None,
        "roster_source_id": area.source.id,
        "source_id": row.source_id,
        "integration_id": integration_id,
        "status": JOINED,
        "how": "sync",
        "evidence": "sis_id",
        "sync_id": sync_id,
        "created_at": area.at,
    }


def _end_told(connection: Connection, area: Area, sync: tuple[int, int]) -> int:
    """End what launches told of classes that the roster takes over, kept so that an undo brings it back."""
    staged = area.tables.records["classes"]
    taken = select(staged.c.sourced_id).where(staged.c.action == LINKED)
    told = (
        enrollments.c.tenant_id == area.source.tenant_id,
        enrollments.c.class_sourced_id.in_(taken),
        enrollments.c.source != "roster",
        enrollments.c.status == "active",
    )
    columns: Iterable[Any] = (
        literal(sync[1]), literal(area.source.tenant_id), literal(sync[0]), literal("enrollments"), literal(GONE),
        enrollments.c.sourced_id, literal(area.at, Moment()), null(), image_of(area.dialect, enrollments),
    )  # fmt: skip
    names = ["xid", "tenant_id", "sync_id", "kind", "action", "sourced_id", "at", "content_hash", "before"]
    connection.execute(insert(roster_changes).from_select(names, select(*columns).where(*told)))
    ended = update(enrollments).where(*told).values(status="tobedeleted", date_last_modified=area.at)
    return int(max(connection.execute(ended).rowcount, 0))
