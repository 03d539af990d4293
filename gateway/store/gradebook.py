"""What applications keep in their gradebooks: made, replaced and deleted under ids of their own (attack H7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.store.ids import new_id
from gateway.store.people import Collision
from gateway.store.tables import academic_sessions, classes, grade_categories, line_items, results, score_scales, scores
from gateway.store.upsert import insert_or_ignore

WITHDRAWN: Final = "withdrawn"
OwnKind = Literal["categories", "scoreScales", "lineItems", "results"]
Row = dict[str, Any]
_TABLES: Final[Mapping[OwnKind, Table]] = {
    "categories": grade_categories,
    "scoreScales": score_scales,
    "lineItems": line_items,
    "results": results,
}


def own_row(connection: Connection, kind: OwnKind, application_id: str, sourced_id: str) -> Row | None:
    """Return an object, a deleted line item too; whoever asked may change it until the transaction ends."""
    mine = _own(_TABLES[kind], application_id, sourced_id)
    found = connection.execute(select(_TABLES[kind]).where(mine).with_for_update()).mappings().first()
    return None if found is None else dict(found)


def put_row(
    connection: Connection,
    kind: OwnKind,
    known: Row | None,
    key: Mapping[str, Any],
    told: Mapping[str, Any],
    at: datetime,
) -> None:
    """Make an object, or replace what `own_row` found; one that says the same already stays as it is.

    Raises:
        Collision: the same id was made just now.
    """
    table = _TABLES[kind]
    if known is None:
        try:
            moments = {"created_at": at, "date_last_modified": at}
            connection.execute(insert(table), {"id": new_id(), **moments, **key, **told})
        except IntegrityError as fault:
            raise Collision from fault
        return
    values = {**told, "status": "active"}
    if {name: known[name] for name in values} != values:
        connection.execute(update(table).where(table.c.id == known["id"]).values(**values, date_last_modified=at))


def refer_to(connection: Connection, kind: OwnKind, application_id: str, sourced_id: str) -> Row | None:
    """Return an object that is to be named by another: it can't be deleted before this transaction ends."""
    question = select(_TABLES[kind]).where(_own(_TABLES[kind], application_id, sourced_id))
    found = connection.execute(question.with_for_update(read=True, key_share=True)).mappings().first()
    return None if found is None else dict(found)


def ensure_category(connection: Connection, application_id: str, sourced_id: str, title: str, at: datetime) -> None:
    """Make a category unless it is there."""
    row: Row = {"id": new_id(), "application_id": application_id, "sourced_id": sourced_id, "title": title}
    row |= {"created_at": at, "date_last_modified": at}
    insert_or_ignore(connection, grade_categories, ["application_id", "sourced_id"], row)


def delete_row(connection: Connection, kind: OwnKind, application_id: str, sourced_id: str) -> bool:
    """Delete an object; return whether it was there."""
    mine = _own(_TABLES[kind], application_id, sourced_id)
    return bool(connection.execute(delete(_TABLES[kind]).where(mine)).rowcount)


def delete_result(connection: Connection, application_id: str, sourced_id: str) -> bool:
    """Delete a result; what of it still waits is not sent."""
    if not delete_row(connection, "results", application_id, sourced_id):
        return False
    _withdraw(connection, and_(scores.c.application_id == application_id, scores.c.result_id == sourced_id))
    return True


def delete_line_item(connection: Connection, application_id: str, sourced_id: str, at: datetime) -> bool:
    """Delete a line item with its results; what of them still waits is not sent.

    The row stays, as the scores that were sent name it; putting the line item again revives it.
    """
    mine = and_(_own(line_items, application_id, sourced_id), line_items.c.status == "active")
    gone = update(line_items).where(mine).values(status="tobedeleted", date_last_modified=at)
    id = connection.execute(gone.returning(line_items.c.id)).scalar()
    if id is None:
        return False
    connection.execute(delete(results).where(results.c.line_item_id == id))
    _withdraw(connection, scores.c.line_item_id == id)
    return True


def is_used(connection: Connection, kind: OwnKind, application_id: str, sourced_id: str) -> bool:
    """Return whether a line item or result names this category or score scale."""
    column = "category" if kind == "categories" else "score_scale"
    mine = and_(line_items.c.application_id == application_id, line_items.c.status == "active")
    questions = [select(line_items.c.id).where(mine, line_items.c[column] == sourced_id)]
    if kind == "scoreScales":
        own = results.c.application_id == application_id
        questions.append(select(results.c.id).where(own, results.c.score_scale == sourced_id))
    return any(connection.execute(question.limit(1)).first() is not None for question in questions)


def class_row(connection: Connection, class_id: str) -> Row | None:
    """Return a class that is not ended: its tenant and school."""
    names = ("tenant_id", "school_sourced_id")
    question = select(*(classes.c[name] for name in names))
    found = connection.execute(question.where(classes.c.sourced_id == class_id, classes.c.status == "active"))
    row = found.mappings().first()
    return None if row is None else dict(row)


def are_sessions(connection: Connection, tenant_id: str, ids: set[str]) -> bool:
    """Return whether all these are academic sessions of the tenant."""
    own = and_(academic_sessions.c.tenant_id == tenant_id, academic_sessions.c.sourced_id.in_(ids))
    return len(connection.execute(select(academic_sessions.c.sourced_id).where(own)).all()) == len(ids)


def _own(table: Table, application_id: str, sourced_id: str) -> ColumnElement[bool]:
    return and_(table.c.application_id == application_id, table.c.sourced_id == sourced_id)


def _withdraw(connection: Connection, which: ColumnElement[bool]) -> None:
    connection.execute(update(scores).where(which, scores.c.state == "waiting").values(state=WITHDRAWN, reason=None))
