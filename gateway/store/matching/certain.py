"""Finds rows that are both there already and proven to be one: the SIS id that launches sign is the record's.

The same proof and the same doubts as for newcomers (`arriving`, `staged`). When people came in by both sides before the
ids were known to be shared, applications know them twice: that is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    and_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)

from gateway.store.engine import Store
from gateway.store.matching.hand import MOST_AT_ONCE
from gateway.store.matching.kinship import sorts_of
from gateway.store.matching.links import ROWS, UNDONE, LinkKind
from gateway.store.matching.pairs import OWN_ROSTER
from gateway.store.matching.places import HUNG
from gateway.store.matching.uniting import Candidate
from gateway.store.rosters.staging import Source
from gateway.store.tables import contexts, deployments, identities, match_proposals, record_links, roster_records

_i, _x, _r, _l = identities.c, contexts.c, roster_records.c, record_links.c
proofs = Table(
    "match_proofs",
    MetaData(),
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("user_id", String(36), nullable=False),
    Column("rostered_id", String(36), nullable=False),
    Column("source_id", Text, nullable=False),
    Column("arrival_key", Text, nullable=False),
    prefixes=["TEMPORARY"],
)


@contextmanager
def proven(
    store: Store, source: Source, kind: LinkKind, launches: str, match: str, *, how: str
) -> Iterator[Iterator[list[Candidate]]]:
    """Look for rows that launches of an integration prove to be this roster's; yield them in parts."""
    with store.single.connect() as connection:
        connection.detach()  # its temporary table ends with it
        proofs.create(connection)
        found = _undisputed(_people(source, launches, match) if kind == "users" else _classes(source, launches))
        connection.execute(insert(proofs).from_select(["user_id", "rostered_id", "source_id", "arrival_key"], found))
        evidence = match if kind == "users" else "sis_id"
        yield _parts(connection, lambda row: Candidate(row[1], row[2], row[3], launches, row[4], how, evidence))


def _parts(connection: Connection, made: Any) -> Iterator[list[Candidate]]:
    last = 0
    question = select(proofs).order_by(proofs.c.position).limit(MOST_AT_ONCE)
    while rows := connection.execute(question.where(proofs.c.position > last)).all():
        last = rows[-1].position
        yield [made(row) for row in rows]


def _people(source: Source, launches: str, match: str) -> Select[Any]:
    ours, theirs = HUNG["users"].table.alias("ours"), HUNG["users"].table.alias("theirs")
    named = theirs.c.identifier if match == "identifier" else _r.source_id
    told = _i.roster_id if match == OWN_ROSTER else _i.sis_id
    place = (
        identities.join(ours, and_(ours.c.sourced_id == _i.user_sourced_id, *_free(ours, source)))
        .join(roster_records, _records(source, "users"))
        .join(theirs, and_(theirs.c.sourced_id == _r.sourced_id, *_owned(theirs, source)))
    )
    seen = identities.alias("seen")
    wanted = (
        _i.integration_id == launches,
        _i.tenant_id == source.tenant_id,
        told == named,
        ~exists().where(seen.c.user_sourced_id == theirs.c.sourced_id),
        or_(*_of_one_sort(sorts_of(ours.c.sourced_id), sorts_of(theirs.c.sourced_id))),
        ~_decided(source, "users", ours.c.sourced_id, _i.subject),
    )
    return _grouped(select(ours.c.sourced_id, theirs.c.sourced_id, _r.source_id, _i.subject), place, *wanted)


def _of_one_sort(mine: ColumnElement[int], theirs: ColumnElement[int]) -> tuple[ColumnElement[bool], ...]:
    return mine == 0, theirs == 0, mine == theirs


def _classes(source: Source, launches: str) -> Select[Any]:
    ours, theirs = HUNG["classes"].table.alias("ours"), HUNG["classes"].table.alias("theirs")
    home = and_(deployments.c.id == _x.deployment_row_id, deployments.c.integration_id == launches)
    place = (
        contexts.join(deployments, home)
        .join(ours, and_(ours.c.sourced_id == _x.class_sourced_id, *_free(ours, source)))
        .join(roster_records, and_(_records(source, "classes"), _r.source_id == _x.sis_id))
        .join(theirs, and_(theirs.c.sourced_id == _r.sourced_id, *_owned(theirs, source)))
    )
    seen, key = contexts.alias("seen"), _x.deployment_row_id + literal(" ") + _x.context_id
    wanted = (
        _x.tenant_id == source.tenant_id,
        ~exists().where(seen.c.class_sourced_id == theirs.c.sourced_id),
        ~_decided(source, "classes", ours.c.sourced_id, key),
    )
    return _grouped(select(ours.c.sourced_id, theirs.c.sourced_id, _r.source_id, key), place, *wanted)


def _records(source: Source, kind: LinkKind) -> ColumnElement[bool]:
    return and_(_r.roster_source_id == source.id, _r.kind == kind, _r.is_gone.is_(False))


def _free(table: Any, source: Source) -> tuple[ColumnElement[bool], ...]:
    mine = (table.c.tenant_id == source.tenant_id, table.c.status == "active")
    return table.c.roster_source_id.is_(None), *mine


def _owned(table: Any, source: Source) -> tuple[ColumnElement[bool], ...]:
    mine = (table.c.tenant_id == source.tenant_id, table.c.status == "active")
    return table.c.roster_source_id == source.id, *mine


def _decided(source: Source, kind: LinkKind, row: ColumnElement[str], key: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a person took this apart, or said no, before."""
    ours, theirs = ROWS[kind]
    mine = (_l.tenant_id == source.tenant_id, _l.roster_source_id == source.id, _l.source_id == _r.source_id)
    whose = or_(_l.arrival_key == key, _l[ours] == row, _l[theirs] == row)
    undone = exists().where(*mine, _l.status == UNDONE, whose).correlate_except(record_links)
    p = match_proposals.c
    said = (p.roster_source_id == source.id, p.source_id == _r.source_id, p.user_sourced_id == row)
    rejected = exists().where(*said, p.state.in_(("rejected", "undone"))).correlate_except(match_proposals)
    return or_(undone, rejected)


def _grouped(question: Select[Any], place: Any, *wanted: ColumnElement[bool]) -> Select[Any]:
    columns = [each.label(name) for each, name in zip(question.selected_columns, _NAMES, strict=True)]
    key = func.min(columns[3].element).label(_NAMES[3])
    return select(*columns[:3], key).select_from(place).where(*wanted).group_by(*question.selected_columns[:3])


_NAMES = ("user_id", "rostered_id", "source_id", "arrival_key")


def _undisputed(question: Select[Any]) -> Select[Any]:
    """Keep those whose record and whose row are named once: an id claimed twice is nobody's proof."""
    told = question.subquery("told").c
    rows = func.count().over(partition_by=told.user_id).label("rows")
    records = func.count().over(partition_by=told.source_id).label("records")
    counted = select(*(told[name] for name in _NAMES), rows, records).subquery("counted").c
    return select(*(counted[name] for name in _NAMES)).where(counted.rows == 1, counted.records == 1)
