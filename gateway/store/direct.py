"""Runs a statement past SQLAlchemy's execution layer: for the two that every launch runs (docs/benchmarks.md).

The statement is still SQLAlchemy's own, and inside a transaction SQLAlchemy runs it as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Executable, Select
from sqlalchemy.types import TypeEngine

from gateway.store.direct_postgresql import PostgresqlStatement
from gateway.store.direct_sqlite import SqliteStatement

Row = Sequence[Any]


class _Driven(Protocol):
    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Row] | None: ...

    def count(self, connection: Connection, values: Mapping[str, Any]) -> int | None: ...


class Direct:
    """One statement for both databases. `build` gives it for a dialect's name; `columns` are the names it writes.

    Values are given by name, as to SQLAlchemy. Thread-safe.
    """

    def __init__(self, build: Callable[[str], Executable], columns: Sequence[str] | None = None) -> None:
        self._build, self._columns = build, columns
        self._statements: dict[str, Executable] = {}
        self._driven: dict[str, _Driven] = {}

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Row | None:
        """Return the first row, or None."""
        if not connection.in_transaction():
            rows = self._driven_by(connection.dialect).rows(connection, values)
            if rows is not None:
                return rows[0] if rows else None
        return connection.execute(self._statement(connection.dialect), dict(values)).first()

    def count(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Return how many rows were written."""
        if not connection.in_transaction():
            count = self._driven_by(connection.dialect).count(connection, values)
            if count is not None:
                return count
        return connection.execute(self._statement(connection.dialect), dict(values)).rowcount

    def _statement(self, dialect: Dialect) -> Executable:
        if dialect.name not in self._statements:
            self._statements[dialect.name] = self._build(dialect.name)
        return self._statements[dialect.name]

    def _driven_by(self, dialect: Dialect) -> _Driven:
        driven = self._driven.get(dialect.name)
        if driven is None:
            statement = self._statement(dialect)
            types = _types(statement)
            if dialect.name == "sqlite":
                driven = SqliteStatement(statement, types, self._columns, dialect)
            else:
                driven = PostgresqlStatement(statement, types, self._columns)
            self._driven[dialect.name] = driven
        return driven


def _types(statement: Executable) -> list[TypeEngine[Any]]:
    return [column.type for column in statement.selected_columns] if isinstance(statement, Select) else []
