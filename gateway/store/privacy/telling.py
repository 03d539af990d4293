"""Reads everything about one person, as plain values; and finds the person whom a school means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, LargeBinary, func, or_, select

from gateway.store.privacy.places import Person, audit_of, places_of
from gateway.store.tables import audit, classes, integrations, orgs, roster_records, roster_sources, users

_SECRET = ("_hash", "sealed")  # tokens, passwords and fingerprints: of no meaning to anybody, or of too much
_TECHNICAL = {"xid", "fingerprint"}
_NAMED = ("class_sourced_id", "school_sourced_id", "org_sourced_id", "primary_org_sourced_id")


class Found(NamedTuple):
    """A user as a list shows them, to be told from others."""

    id: str
    tenant_id: str
    name: str | None
    username: str | None
    email: str | None
    identifier: str | None
    status: str


def find_people(connection: Connection, words: str, tenant_id: str | None, limit: int) -> list[Found]:
    """Return users whose name, username, e-mail or identifier has `words` in it, in any case."""
    full = func.coalesce(users.c.given_name, "") + " " + func.coalesce(users.c.family_name, "")
    texts = (users.c.name, users.c.username, users.c.email, users.c.identifier, full)
    looked_for = or_(users.c.sourced_id == words, *(each.icontains(words, autoescape=True) for each in texts))
    within = [users.c.tenant_id == tenant_id] if tenant_id else []
    name = func.coalesce(users.c.name, func.trim(full))
    columns = (users.c.username, users.c.email, users.c.identifier, users.c.status)
    question = select(users.c.sourced_id, users.c.tenant_id, name, *columns).where(looked_for, *within)
    return [Found(*row) for row in connection.execute(question.order_by(name, users.c.sourced_id).limit(limit))]


def about(connection: Connection, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Return every row about a person by the name of its table, secrets and empty tables left out."""
    found = {}
    for table, condition in {**places_of(person), audit: audit_of(person)}.items():
        columns = [column for column in table.columns if _is_told(column)]
        rows = connection.execute(select(*columns).where(condition).order_by(*table.primary_key.columns)).mappings()
        found[table.name] = [dict(row) for row in rows]
    return {name: rows for name, rows in found.items() if rows}


def count_about(connection: Connection, person: Person) -> dict[str, int]:
    """Return how many rows are about a person, by table; tables with none are left out."""
    counts = {
        table.name: connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
        for table, condition in places_of(person).items()
    }
    return {name: count for name, count in counts.items() if count}


def names_in(connection: Connection, told: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, str]:
    """Return what the classes and orgs are called that these rows name, by sourcedId."""
    ids = {row[name] for rows in told.values() for row in rows for name in _NAMED if row.get(name)}
    names: dict[str, str] = {}
    for table, title in ((orgs, orgs.c.name), (classes, classes.c.title)):
        question = select(table.c.sourced_id, title).where(table.c.sourced_id.in_(ids))
        names |= {id: text for id, text in connection.execute(question) if text}
    return names


class Rostered(NamedTuple):
    """A roster that knows a person: its number, its integration, its ids of them, and whether it still lists them."""

    source_id: int
    integration_id: str
    provider: str
    ids: tuple[str, ...]
    still: bool


def rosters_of(connection: Connection, person: Person) -> list[Rostered]:
    """Return the rosters that know a person."""
    mine = (roster_records.c.kind == "users", roster_records.c.sourced_id.in_(person.ids))
    question = (
        select(
            roster_sources.c.id,
            integrations.c.id,
            integrations.c.provider,
            integrations.c.status,
            roster_records.c.source_id,
            roster_records.c.is_gone,
        )
        .select_from(roster_records)
        .join(roster_sources, roster_sources.c.id == roster_records.c.roster_source_id)
        .join(integrations, integrations.c.id == roster_sources.c.integration_id)
        .where(*mine, roster_sources.c.tenant_id == person.tenant_id)
    )
    found: dict[int, Rostered] = {}
    for source, integration, provider, status, id, is_gone in connection.execute(question):
        known = found.get(source, Rostered(source, integration, provider, (), still=False))
        still = known.still or (status == "active" and not is_gone)
        found[source] = known._replace(ids=(*known.ids, id), still=still)
    return list(found.values())


def _is_told(column: Column[Any]) -> bool:
    is_secret = isinstance(column.type, LargeBinary) or column.name.endswith(_SECRET)
    return not is_secret and column.name not in _TECHNICAL
