"""The rows behind a page, with what hangs on them: children, terms, roles and agents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, select

from gateway.store.oneroster.among import among
from gateway.store.oneroster.collections import COLLECTIONS
from gateway.store.oneroster.pages import Sight
from gateway.store.tables import (
    academic_sessions,
    class_academic_sessions,
    classes,
    line_items,
    orgs,
    roles,
    roster_records,
    scores,
    users,
)

Row = dict[str, Any]


def rows_of(connection: Connection, sight: Sight, collection: str, ids: Sequence[str]) -> list[Row]:
    """Return rows in the order of their ids, which must have come from `places`."""
    table = COLLECTIONS[collection].table
    question = select(table).where(among(table.c.sourced_id, ids, connection.dialect.name))
    if COLLECTIONS[collection].is_own:  # another application may use the same ids
        question = question.where(table.c.application_id == sight.application_id)
    found = {row["sourced_id"]: dict(row) for row in _all(connection, question)}
    return hang(connection, collection, [found[id] for id in ids if id in found])


def hang(connection: Connection, collection: str, rows: list[Row]) -> list[Row]:
    """Return the rows with what hangs on them."""
    hanging = _HANGING.get(COLLECTIONS[collection].kind)
    if rows and hanging:
        found = {row["sourced_id"]: row for row in rows}
        for name, gather in hanging.items():
            for row in rows:
                row[name] = []
            gather(connection, found)
    return rows


def _all(connection: Connection, question: Select[Any]) -> Sequence[Any]:
    return connection.execute(question).mappings().all()


def _of(connection: Connection, column: ColumnElement[Any], ids: Collection[str]) -> ColumnElement[bool]:
    return among(column, ids, connection.dialect.name)


def _org_children(connection: Connection, rows: dict[str, Row]) -> None:
    of = orgs.c.parent_sourced_id
    for row in _all(
        connection, select(of, orgs.c.sourced_id).where(_of(connection, of, rows)).order_by(orgs.c.sourced_id)
    ):
        rows[row["parent_sourced_id"]]["children"].append(row["sourced_id"])


def _session_children(connection: Connection, rows: dict[str, Row]) -> None:
    of, id = academic_sessions.c.parent_sourced_id, academic_sessions.c.sourced_id
    tenants = academic_sessions.c.tenant_id.in_({row["tenant_id"] for row in rows.values()})
    for row in _all(connection, select(of, id).where(tenants, _of(connection, of, rows)).order_by(id)):
        rows[row["parent_sourced_id"]]["children"].append(row["sourced_id"])


def _terms(connection: Connection, rows: dict[str, Row]) -> None:
    link = class_academic_sessions.c
    question = select(link.class_sourced_id, link.academic_session_sourced_id)
    ordered = question.where(_of(connection, link.class_sourced_id, rows)).order_by(link.academic_session_sourced_id)
    for row in _all(connection, ordered):
        rows[row["class_sourced_id"]]["terms"].append(row["academic_session_sourced_id"])


def _roles(connection: Connection, rows: dict[str, Row]) -> None:
    """Who has left keeps the roles that were."""
    names = ("user_sourced_id", "org_sourced_id", "role", "role_type", "begin_date", "end_date", "status")
    question = select(*(roles.c[name] for name in names)).where(_of(connection, roles.c.user_sourced_id, rows))
    for row in _all(connection, question.order_by(roles.c.role_type, roles.c.sourced_id)):
        user = rows[row["user_sourced_id"]]
        if row["status"] == "active" or user["status"] != "active":
            user["roles"].append(row)


def _agents(connection: Connection, rows: dict[str, Row]) -> None:
    """Find the people whom a roster names as its own, in the same tenant."""
    named: dict[tuple[int, str], list[Row]] = {}
    for row in rows.values():
        for source_id in row["agent_source_ids"] or ():
            named.setdefault((row["roster_source_id"], source_id), []).append(row)
    record = roster_records.c
    for source in sorted({source for source, _ in named if source is not None}):
        ids = [id for of, id in named if of == source]
        question = select(record.source_id, record.sourced_id, users.c.tenant_id).join_from(
            roster_records, users, users.c.sourced_id == record.sourced_id
        )
        mine = (record.roster_source_id == source, record.kind == "users", _of(connection, record.source_id, ids))
        for found in _all(connection, question.where(*mine).order_by(record.source_id)):
            for row in named[source, found["source_id"]]:
                if row["tenant_id"] == found["tenant_id"]:
                    row["agents"].append(found["sourced_id"])


def _schools(connection: Connection, rows: dict[str, Row]) -> None:
    """Find the school of each class that a line item or a score scale names, and its course."""
    known = _of(connection, classes.c.sourced_id, {row["class_sourced_id"] for row in rows.values()})
    question = select(classes.c.sourced_id, classes.c.school_sourced_id, classes.c.course_sourced_id).where(known)
    found = {row["sourced_id"]: row for row in _all(connection, question)}
    for row in rows.values():
        row["of_class"] = found[row["class_sourced_id"]]


def _items(connection: Connection, rows: dict[str, Row]) -> None:
    known = _of(connection, line_items.c.id, {row["line_item_id"] for row in rows.values()})
    found = {row["id"]: row["sourced_id"] for row in _all(connection, select(line_items).where(known))}
    for row in rows.values():
        row["line_item"] = found[row["line_item_id"]]


def _states(connection: Connection, rows: dict[str, Row]) -> None:
    """Find what became of each result's newest score on its way to the LMS."""
    ids = [row["score_id"] for row in rows.values() if row["score_id"] is not None]
    names = ("id", "state", "reason", "attempts", "sent_at")
    question = select(*(scores.c[name] for name in names)).where(scores.c.id.in_(ids))
    found = {row["id"]: row for row in _all(connection, question)}
    for row in rows.values():
        row["sending"] = found.get(row["score_id"])


_Gather = Callable[[Connection, dict[str, Row]], None]
_HANGING: Final[dict[str, dict[str, _Gather]]] = {
    "orgs": {"children": _org_children},
    "academicSessions": {"children": _session_children},
    "classes": {"terms": _terms},
    "users": {"roles": _roles, "agents": _agents},
    "lineItems": {"of_class": _schools},
    "scoreScales": {"of_class": _schools},
    "results": {"line_item": _items, "sending": _states},
}
