"""Pages of a collection: first the keys of their rows, from where the last page ended, then nothing but those rows."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, null, or_, select

from gateway.store.oneroster.collections import COLLECTIONS, WITHIN
from gateway.store.oneroster.conditions import comparable, condition, value_of
from gateway.store.oneroster.field import Field
from gateway.store.oneroster.fields import field_of
from gateway.store.oneroster.terms import Term

_NOTHING = {"date": date.min, "moment": datetime.min.replace(tzinfo=UTC), "text": "", "number": -sys.float_info.max}


class Sight(NamedTuple):
    """What an application may see: the tenants granted to it (None is all of them), and of gradebooks its own."""

    tenants: frozenset[str] | None
    application_id: str


class Place(NamedTuple):
    """Where a page ended: the last row's id and, when sorted by another field, its value."""

    sourced_id: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows are asked for: a collection, what they lie within, outermost first, and the filter."""

    collection: str
    within: tuple[tuple[str, str], ...] = ()
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """How they are sorted; rows that are equal in it, by their id."""

    field: str | None = None
    is_descending: bool = False


def exists_within(connection: Connection, sight: Sight, within: tuple[tuple[str, str], ...]) -> bool:
    """Return whether each of these objects may be seen and lies within the one before it."""
    for number, (collection, id) in enumerate(within):
        conditions = _conditions(connection, sight, Selection(collection, within[:number]))
        table = COLLECTIONS[collection].table
        if connection.execute(select(table.c.sourced_id).where(*conditions, table.c.sourced_id == id)).first() is None:
            return False
    return True


def count(connection: Connection, sight: Sight, selection: Selection) -> int:
    """Return how many rows there are. Raises UnknownField, UnreadableValue."""
    table = COLLECTIONS[selection.collection].table
    counted = select(func.count()).select_from(table).where(*_conditions(connection, sight, selection))
    return int(connection.execute(counted).scalar_one())


def places(
    connection: Connection, sight: Sight, selection: Selection, order: Order, start: int | Place, limit: int
) -> list[Place]:
    """Return where the rows of a page lie, from an offset or, at no more cost on page 500, after a place.

    Raises:
        UnknownField, UnreadableValue: the filter, or the place.
    """
    asked = _page(connection, sight, selection, order, start, limit)
    return [_place(row) for row in connection.execute(asked)]


def rows_at(
    connection: Connection, sight: Sight, selection: Selection, order: Order, start: int | Place, limit: int
) -> list[tuple[Place, dict[str, Any]]]:
    """Return the same rows whole, in one question: for pages that are small."""
    table = COLLECTIONS[selection.collection].table
    asked = _page(connection, sight, selection, order, start, limit).add_columns(*table.c)
    names = [column.name for column in table.c]
    return [(_place(row), dict(zip(names, row[2:], strict=True))) for row in connection.execute(asked)]


def row_with(connection: Connection, sight: Sight, collection: str, id: str) -> dict[str, Any] | None:
    """Return one row of a collection, if it may be seen."""
    told = {"id": id, "application_id": sight.application_id, "tenants": sorted(sight.tenants or ())}
    found = connection.execute(_row_question(collection, sight.tenants is not None), told).mappings().first()
    return None if found is None else dict(found)


@cache
def _row_question(collection: str, is_limited: bool) -> Select[Any]:
    """Made once: making it would cost as much as asking it."""
    table, condition = COLLECTIONS[collection].table, COLLECTIONS[collection].condition
    asked = select(table).where(table.c.sourced_id == bindparam("id"))
    if condition is not None:
        asked = asked.where(condition)
    if is_limited and "tenant_id" in table.c:
        asked = asked.where(table.c.tenant_id.in_(bindparam("tenants", expanding=True)))
    if COLLECTIONS[collection].is_own:
        asked = asked.where(table.c.application_id == bindparam("application_id"))
    return asked


def _page(
    connection: Connection, sight: Sight, selection: Selection, order: Order, start: int | Place, limit: int
) -> Select[Any]:
    """Return the question whose first two columns make a place: the id, and what is sorted by."""
    collection = COLLECTIONS[selection.collection]
    id = collection.table.c.sourced_id
    conditions = _conditions(connection, sight, selection)
    field = _sorted_by(collection.kind, order)
    keys = [id] if field is None else [_key(field, connection.dialect.name), id]
    if isinstance(start, Place):
        conditions.append(_after(keys, field, start, is_descending=order.is_descending))
    asked = select(id.label("place"), (null() if field is None else keys[0]).label("sorted")).where(*conditions)
    asked = asked.order_by(*(key.desc() if order.is_descending else key for key in keys)).limit(limit)
    return asked.offset(start) if isinstance(start, int) else asked


def _place(row: Any) -> Place:
    return Place(row[0], None if row[1] is None else _written(row[1]))


def _sorted_by(kind: str, order: Order) -> Field | None:
    """Return the field, if there is one and it is not the id itself: an unknown one sorts nothing."""
    field = None if order.field in {None, "sourcedId"} else field_of(kind, order.field or "")
    return field if field is not None and field.is_sortable else None


def _key(field: Field, dialect: str) -> ColumnElement[Any]:
    compared = comparable(field, dialect)
    may_lack = field.kind in _NOTHING and field.column.nullable
    return func.coalesce(compared, _NOTHING[field.kind]) if may_lack else compared


def _after(keys: list[Any], field: Field | None, place: Place, *, is_descending: bool) -> ColumnElement[bool]:
    id = keys[-1]
    further: ColumnElement[bool] = id < place.sourced_id if is_descending else id > place.sourced_id
    if field is None:
        return further
    value = value_of(field, place.value or "")
    beyond = keys[0] < value if is_descending else keys[0] > value
    return or_(beyond, and_(keys[0] == value, further))


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _conditions(connection: Connection, sight: Sight, selection: Selection) -> list[ColumnElement[bool]]:
    """What the application may see stands beside the filter, never in it (attack H1)."""
    collection = COLLECTIONS[selection.collection]
    found = [] if collection.condition is None else [collection.condition]
    if sight.tenants is not None and "tenant_id" in collection.table.c:
        found.append(collection.table.c.tenant_id.in_(sorted(sight.tenants)))
    if collection.is_own:
        found.append(collection.table.c.application_id == sight.application_id)
    for outer, id in selection.within if collection.is_own else selection.within[-1:]:
        found.append(WITHIN[outer, selection.collection](id))
    if selection.term is not None:
        found.append(condition(collection.kind, selection.term, connection.dialect.name))
    return found
