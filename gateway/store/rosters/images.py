"""Pictures of rows before they changed, as JSON that the database itself makes and reads back, type for type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Table, case, cast, func, literal_column, select

from gateway.store.tables import class_academic_sessions, classes

_TERMS = "terms"


def image_of(dialect: str, table: Table) -> ColumnElement[Any]:
    """Return the expression that pictures a row, for a class its terms too."""
    parts: dict[str, ColumnElement[Any]] = {column.name: column for column in table.columns}
    return document(dialect, parts | ({_TERMS: _terms(dialect)} if table is classes else {}))


def document(dialect: str, parts: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    """Return the expression that makes a JSON object of these names and values."""
    build = func.json_object if dialect == "sqlite" else func.jsonb_build_object
    return build(*(each for name, value in parts.items() for each in (_name(name), value)), type_=JSON)


def _name(name: str) -> ColumnElement[str]:
    return literal_column(f"'{name}'")


def _terms(dialect: str) -> ColumnElement[Any]:
    links = class_academic_sessions.c
    gather = func.json_group_array if dialect == "sqlite" else func.jsonb_agg
    found = select(gather(links.academic_session_sourced_id)).where(links.class_sourced_id == classes.c.sourced_id)
    return found.correlate(classes).scalar_subquery()


def pictured(dialect: str, image: ColumnElement[Any], column: Column[Any]) -> ColumnElement[Any]:
    """Return the expression for a column's value in a picture, of the column's own type."""
    if dialect == "sqlite":
        return func.json_extract(image, f"$.{column.name}", type_=column.type)
    return cast(func.json_extract_path_text(image, _name(column.name)), column.type)


def pictured_terms(dialect: str, image: ColumnElement[Any]) -> Any:
    """Return the table of a class's terms in a picture; its column is `value`."""
    if dialect == "sqlite":
        return func.json_each(image, f"$.{_TERMS}").table_valued("value", name="pictured")
    terms = func.json_extract_path(image, _name(_TERMS))
    listed = case((func.json_typeof(terms) == "array", terms), else_=cast(literal_column("'[]'"), JSON))
    return func.json_array_elements_text(listed).table_valued("value", name="pictured")
