"""Finds every row about one person, in whatever table it stands; a table that is new is found by its columns.

A row is about a person when it names them, or hangs on a row that does and would go with it. So a table that somebody
adds tomorrow is told and erased from its first day on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, ForeignKeyConstraint, Table, Text, and_, cast, or_, select

from gateway.store.matching.links import LINKED
from gateway.store.people import tenant_of_user
from gateway.store.tables import (
    audit,
    enrollments,
    legacy_ids,
    metadata,
    record_links,
    roles,
    roster_changes,
    roster_records,
    roster_sources,
    roster_waiting,
    users,
)

# What only says that somebody was there, under an id of ours, stays: `erasing` ends or empties it.
STAYS = frozenset({"users", "roles", "enrollments", "group_members", "launches", "sessions"})
_NAMES = ("user_sourced_id", "other_user_sourced_id", "rostered_user_sourced_id")
_OF_PERSON = {"roles": roles, "enrollments": enrollments}


class Person(NamedTuple):
    """A person of a tenant, by ids of ours: more than one, where rows were found to be the same person's and joined."""

    tenant_id: str
    ids: tuple[str, ...]
    rostered: tuple[tuple[int, str], ...] = ()  # (roster source, its id of them)


def person_of(connection: Connection, user_id: str) -> Person | None:
    """Return whose this id is, with all ids that were joined with it, the asked one first; None: nobody's."""
    tenant_id = tenant_of_user(connection, user_id)
    if tenant_id is None:
        return None
    ids, new = [user_id], [user_id]
    kept, other = record_links.c.user_sourced_id, record_links.c.other_user_sourced_id
    joined = (record_links.c.tenant_id == tenant_id, record_links.c.status == LINKED, other.isnot(None))
    while new:
        question = select(kept, other).where(*joined, or_(kept.in_(new), other.in_(new)))
        met = {id for pair in connection.execute(question) for id in pair}
        new = sorted(met - set(ids))
        ids += new
    known = (roster_records.c.kind == "users", roster_records.c.sourced_id.in_(ids))
    rostered = select(roster_records.c.roster_source_id, roster_records.c.source_id).where(*known)
    return Person(tenant_id, tuple(ids), tuple((source, id) for source, id in connection.execute(rostered)))


def places_of(person: Person) -> dict[Table, ColumnElement[bool]]:
    """Return which rows of which tables are about a person, a table before those that hang on it."""
    found: dict[Table, ColumnElement[bool]] = {}
    for table in metadata.sorted_tables:
        conditions = [*_naming(table, person), *_hanging(table, found)]
        if conditions:
            within = [table.c.tenant_id == person.tenant_id] if "tenant_id" in table.c else []
            found[table] = and_(*within, or_(*conditions))
    return found


def audit_of(person: Person) -> ColumnElement[bool]:
    """Return which lines of the audit log are about a person. They hold ids and stay."""
    return and_(audit.c.tenant_id == person.tenant_id, audit.c.subject.in_(person.ids))


def _naming(table: Table, person: Person) -> list[ColumnElement[bool]]:
    if table is users:
        return [users.c.sourced_id.in_(person.ids)]
    if table is legacy_ids:
        return [and_(legacy_ids.c.kind == "user", legacy_ids.c.sourced_id.in_(person.ids))]
    if table is roster_records:
        mine = select(roster_sources.c.id).where(roster_sources.c.tenant_id == person.tenant_id)
        return [and_(roster_records.c.roster_source_id.in_(mine), _told(table, person))]
    if table is roster_waiting:
        return [_told(table, person), *_mentioned(person)]
    if table is roster_changes:
        return [_told(table, person)]
    return [table.c[name].in_(person.ids) for name in _NAMES if name in table.c]


def _told(table: Table, person: Person) -> ColumnElement[bool]:
    """A roster tells of a person, and of their roles and enrollments, under ids of its own for each."""
    own = [and_(table.c.kind == "users", table.c.sourced_id.in_(person.ids))]
    for kind, rows in _OF_PERSON.items():
        ids = select(rows.c.sourced_id).where(
            rows.c.tenant_id == person.tenant_id, rows.c.user_sourced_id.in_(person.ids)
        )
        own.append(and_(table.c.kind == kind, table.c.sourced_id.in_(ids)))
    return or_(*own)


def mentions(column: Column[Any], id: str) -> ColumnElement[bool]:
    """Whether JSON that either database may have written has this text in it, as a whole."""
    written = {json.dumps(id), json.dumps(id, ensure_ascii=False)}
    return or_(*(cast(column, Text).contains(each, autoescape=True) for each in sorted(written)))


def _mentioned(person: Person) -> Iterator[ColumnElement[bool]]:
    """A record that waits names people by the roster's ids."""
    for source, id in person.rostered:
        yield and_(roster_waiting.c.roster_source_id == source, mentions(roster_waiting.c.record, id))


def _hanging(table: Table, found: dict[Table, ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Rows that reference one which goes: they would be in its way, and tell of the same person."""
    conditions: list[ColumnElement[bool]] = []
    for reference in table.foreign_key_constraints:
        above = reference.referred_table
        if above is table or above.name in STAYS or above not in found:
            continue
        column, key = _link(reference)
        conditions.append(table.c[column].in_(select(above.c[key]).where(found[above])))
    return conditions


def _link(reference: ForeignKeyConstraint) -> tuple[str, str]:
    """Return the column that references and the key it points at; the tenant beside it goes without saying."""
    pairs = [(each.parent.name, each.column.name) for each in reference.elements]
    ((column, key),) = [pair for pair in pairs if pair[0] != "tenant_id"]
    return column, key
