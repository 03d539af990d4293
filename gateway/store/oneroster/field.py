"""A field that objects are filtered and sorted by: its kind, and the column behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Table

FieldKind = Literal["text", "date", "moment", "number", "boolean", "list", "absent"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `through` ties its column to the object when there may be many; an absent one nobody has filled."""

    kind: FieldKind
    column: Column[Any]
    through: tuple[ColumnElement[bool], ...] = ()

    @property
    def is_sortable(self) -> bool:
        """Whether an object has one value of it."""
        return not self.through and self.kind not in {"list", "absent"}


def base(table: Table) -> dict[str, Field]:
    """Return what every object has."""
    return {
        "sourcedId": Field("text", table.c.sourced_id),
        "status": Field("text", table.c.status),
        "dateLastModified": Field("moment", table.c.date_last_modified),
    }


def texts(table: Table, **columns: str) -> dict[str, Field]:
    """Return fields of text."""
    return {name: Field("text", table.c[column]) for name, column in columns.items()}


def reference(name: str, column: Column[Any], *through: ColumnElement[bool]) -> dict[str, Field]:
    """A reference is compared by its sourcedId, which may be left out."""
    field = Field("text", column, through)
    return {name: field, f"{name}.sourcedId": field}


def dates(table: Table, **columns: str) -> dict[str, Field]:
    """Return dates."""
    return {name: Field("date", table.c[column]) for name, column in columns.items()}


def lists(table: Table, **columns: str) -> dict[str, Field]:
    """Return lists of text."""
    return {name: Field("list", table.c[column]) for name, column in columns.items()}


def numbers(table: Table, **columns: str) -> dict[str, Field]:
    """Return numbers."""
    return {name: Field("number", table.c[column]) for name, column in columns.items()}
