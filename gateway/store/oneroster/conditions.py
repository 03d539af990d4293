"""A filter as a condition in SQL, every value bound; strings are compared byte for byte, on both databases."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy import literal_column as constant

from gateway.store.oneroster.field import Field
from gateway.store.oneroster.fields import field_of
from gateway.store.oneroster.terms import Comparison, Predicate, Term, UnknownField, UnreadableValue
from gateway.store.tables.columns import Moment

_COMPARED: Final[dict[Predicate, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}

_NAMES: Final = {"date": "date", "moment": "dateTime", "number": "number"}


def condition(kind: str, term: Term, dialect: str) -> ColumnElement[bool]:
    """Return the condition. Raises UnknownField, UnreadableValue."""
    if isinstance(term, Comparison):
        field = field_of(kind, term.field)
        if field is None:
            raise UnknownField(term.field)
        return _comparison(field, term, dialect)
    parts = [condition(kind, each, dialect) for each in term.terms]
    return and_(*parts) if term.is_and else or_(*parts)


def _comparison(field: Field, term: Comparison, dialect: str) -> ColumnElement[bool]:
    if field.kind == "absent":
        return true() if term.predicate == "!=" else false()
    if term.predicate == "!=":  # what has no value has not this one either
        return not_(func.coalesce(_comparison(field, term._replace(predicate="="), dialect), false()))
    if field.kind == "list":
        return _of_list(field, term, dialect)
    found = _of_one(field, term, dialect)
    return exists(select(constant("1")).where(*field.through, found)) if field.through else found


def _of_one(field: Field, term: Comparison, dialect: str) -> ColumnElement[bool]:
    if term.predicate == "~":
        place = func.instr if dialect == "sqlite" else func.strpos
        return bool_of(place(written(field, dialect), literal(term.value, Text())) > 0)
    value = value_of(field, term.value)
    if term.predicate == "=" and field.kind == "text":  # an index serves this, whatever its collation
        return bool_of(field.column == value)
    return bool_of(_COMPARED[term.predicate](comparable(field, dialect), value))


def _of_list(field: Field, term: Comparison, dialect: str) -> ColumnElement[bool]:
    """Compare a list: `=` is the same members in any order, `~` is one of them."""
    if term.predicate not in {"=", "~"}:
        raise UnreadableValue(f"{term.field} is a list: it knows =, != and ~")
    member, members = _members(field, dialect)
    if term.predicate == "~":
        return exists(select(constant("1")).select_from(members).where(member == term.value))
    wanted = sorted({each.strip() for each in term.value.split(",")} - {""})
    among = select(func.count(member.distinct())).select_from(members)
    same = among.where(member.in_(wanted)).scalar_subquery() == len(wanted)
    return and_(same, among.scalar_subquery() == len(wanted))


def _members(field: Field, dialect: str) -> tuple[ColumnElement[Any], FromClause]:
    """Return the list's members as rows; what is no list has none."""
    if dialect == "sqlite":
        whole = case((func.json_type(field.column) == "array", field.column), else_=constant("'[]'"))
        rows = func.json_each(whole).table_valued("value", name="member")
    else:
        whole = case((func.json_typeof(field.column) == "array", field.column), else_=constant("'[]'::json"))
        rows = func.json_array_elements_text(whole).table_valued("value", name="member")
    return cast(rows.c.value, Text), rows


def comparable(field: Field, dialect: str) -> ColumnElement[Any]:
    """Return what is compared and sorted by: text by code point, `true` and `false` as text."""
    if field.kind == "boolean":
        return case((field.column.is_(True), "true"), else_="false")
    if field.kind == "text" and dialect != "sqlite":
        return field.column.collate("C")
    return field.column


def value_of(field: Field, value: str) -> Any:
    """Return a value as the field's column keeps it. Raises UnreadableValue."""
    try:
        if field.kind == "date":
            return date.fromisoformat(value[:10]) if "T" in value else date.fromisoformat(value)
        if field.kind == "moment":
            read = datetime.fromisoformat(value.replace(" ", "+"))  # a plus that nobody encoded
            return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
        if field.kind == "number":
            return _number(value)
    except (ValueError, OverflowError):
        raise UnreadableValue(f"{value[:40]!r} is no {_NAMES[field.kind]}") from None
    return value


def _number(value: str) -> float:
    read = float(value)
    if not math.isfinite(read):
        raise ValueError
    return read


def written(field: Field, dialect: str) -> ColumnElement[Any]:
    """Return a value as the answer writes it, to look into."""
    column = field.column
    if field.kind == "number":
        return cast(column, Text)
    if field.kind == "date":
        return cast(column, Text) if dialect == "sqlite" else func.to_char(column, "YYYY-MM-DD")
    if field.kind == "moment":
        if dialect == "sqlite":
            return func.replace(cast(column, Text), "+00:00", "Z")
        return func.to_char(func.timezone("UTC", cast(column, Moment)), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return comparable(field, dialect)


def bool_of(found: Any) -> ColumnElement[bool]:
    """Name the type that operators on expressions lose."""
    condition: ColumnElement[bool] = found
    return condition
