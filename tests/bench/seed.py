"""Fills a gateway's database with a roster of any size, by INSERT … SELECT from one row of each table.

The integration that the command line made is the pattern of all others. Numbers tie the rows together: person n
is in class n // 25, which belongs to registration n // 100. The first hundred are left out, as number 0 is the pattern.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    case,
    cast,
    insert,
    literal,
    select,
    text,
    true,
)

from gateway.store import Store, open_store
from gateway.store.tables import (
    classes,
    contexts,
    deployments,
    enrollments,
    identities,
    integrations,
    orgs,
    registrations,
    resource_links,
    roles,
    users,
)
from tests.bench.platform import CLIENT_IDS, FIRST, PER_CLASS, PER_REGISTRATION, SUBJECTS

Values = dict[str, Any]


def seed(database_url: str, people: int) -> None:
    """Add `people` users with their classes, and one registration with its own school for each hundred."""
    store = open_store(database_url)
    try:
        with store.transaction() as connection:
            if store.dialect == "postgresql":
                # What is copied from a consistent pattern is consistent: no check for each of millions of rows.
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            _seed_schools(connection, people // PER_REGISTRATION)
            _seed_classes(connection, people // PER_CLASS)
            _seed_people(connection, people)
        _analyze(store)
    finally:
        store.close()


def _seed_schools(connection: Connection, count: int) -> None:
    first = FIRST // PER_REGISTRATION
    i = _numbers(first, count)
    tenant = {"tenant_id": _id(i)}
    _copy(connection, orgs, i, {"sourced_id": _id(i), **tenant})
    client = cast(literal(CLIENT_IDS) + i.c.n, String)
    _copy(connection, registrations, i, {"id": _id(i), "client_id": client})
    joined = {"org_sourced_id": _id(i), "registration_id": _id(i)}
    _copy(connection, integrations, i, {"id": _id(i), **tenant, **joined})
    held = {"registration_id": _id(i), "integration_id": _id(i)}
    _copy(connection, deployments, i, {"id": _id(i), **tenant, **held})


def _seed_classes(connection: Connection, count: int) -> None:
    i = _numbers(FIRST // PER_CLASS, count)
    school = _id(i, PER_REGISTRATION // PER_CLASS)
    own = {"tenant_id": school, **_modified()}
    title = literal("Mathematics ").concat(cast(i.c.n, String))
    code = literal("M").concat(cast(i.c.n, String))
    _make(
        connection,
        classes,
        i,
        {"sourced_id": _id(i), "school_sourced_id": school, "title": title, "class_code": code, **own},
    )
    placed = {"id": _id(i), "tenant_id": school, "deployment_row_id": school, "class_sourced_id": _id(i), **_created()}
    context = literal("course-").concat(cast(i.c.n, String))
    _make(connection, contexts, i, {"context_id": context, **placed})
    link = literal("link-").concat(cast(i.c.n, String))
    title = literal("Lesson of class ").concat(cast(i.c.n, String))
    _make(connection, resource_links, i, {"resource_link_id": link, "title": title, **placed})


def _seed_people(connection: Connection, count: int) -> None:
    i = _numbers(FIRST, count)
    school, own = _id(i, PER_REGISTRATION), {"sourced_id": _id(i), "tenant_id": _id(i, PER_REGISTRATION), **_modified()}
    number = cast(i.c.n, String)
    given, family = literal("Given").concat(number), literal("Family").concat(number)
    profile = {
        "given_name": given,
        "family_name": family,
        "name": given.concat(" ").concat(family),
        "email": literal("user").concat(number).concat("@school.example"),
        "locale": literal("en"),
    }
    _make(connection, users, i, {**own, **profile})
    subject = literal("user-").concat(cast(literal(SUBJECTS) + i.c.n, String))
    proof = {"id": _id(i), "tenant_id": school, "integration_id": school, "user_sourced_id": _id(i), **_created()}
    _make(connection, identities, i, {"subject": subject, **proof})
    person = {"user_sourced_id": _id(i), **own}
    _make(connection, roles, i, {"org_sourced_id": school, "role": literal("student"), **person})
    teaches = case((i.c.n % PER_CLASS == 0, "teacher"), else_="student")
    seat = {"class_sourced_id": _id(i, PER_CLASS), "school_sourced_id": school}
    _make(connection, enrollments, i, {"role": teaches, **seat, **person})


def _numbers(first: int, count: int) -> Any:
    """The numbers from `first`, `count` of them, as a table `numbers(n)`; at least one."""
    start = select(literal(first, Integer).label("n")).cte("numbers", recursive=True)
    return start.union_all(select(start.c.n + 1).where(start.c.n < first + max(count, 1) - 1))


def _id(numbers: Any, per: int = 1) -> ColumnElement[str]:
    """The id of row n, or of the row n // per that it belongs to: neighbours, as the gateway's own ids are."""
    return literal("00000000-0000-7000-8000-").concat(cast(literal(100_000_000_000) + numbers.c.n // per, String))


def _copy(connection: Connection, table: Table, numbers: Any, changed: Values) -> None:
    """Insert one copy of the table's oldest row for each number, with `changed` columns."""
    pattern = select(table).order_by(*table.primary_key.columns).limit(1).subquery()
    columns = [changed.get(column.name, pattern.c[column.name]).label(column.name) for column in table.columns]
    chosen = select(*columns).select_from(numbers.join(pattern, true()))
    connection.execute(insert(table).from_select(list(table.columns), chosen))


def _make(connection: Connection, table: Table, numbers: Any, values: Values) -> None:
    """Insert one row for each number; columns without a value keep their default."""
    columns = [value.label(name) for name, value in values.items()]
    connection.execute(insert(table).from_select(list(values), select(*columns).select_from(numbers)))


def _created() -> Values:
    return {"created_at": select(registrations.c.created_at).limit(1).scalar_subquery()}


def _modified() -> Values:
    return {"date_last_modified": select(registrations.c.created_at).limit(1).scalar_subquery()}


def _analyze(store: Store) -> None:
    with store.statements() as connection:
        connection.execute(text("ANALYZE"))
