"""A compiled statement on Python's own sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine


class SqliteStatement:
    """Values go through the same conversions as in SQLAlchemy; a fault comes out as SQLAlchemy's own."""

    def __init__(
        self, statement: Executable, types: Sequence[TypeEngine[Any]], columns: Sequence[str] | None, dialect: Dialect
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)  # type: ignore[attr-defined]
        self._sql, self._dialect = str(compiled), dialect
        self._fixed = compiled.params
        self._order: list[tuple[str, Any]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]
        readers = [each.dialect_impl(dialect).result_processor(dialect, None) for each in types]
        self._readers: list[tuple[int, Callable[[Any], Any]]] = [
            (place, read) for place, read in enumerate(readers) if read is not None
        ]

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Return every row."""
        return [self._read(row) for row in self._run(connection, values).fetchall()]

    def count(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Return how many rows were written."""
        return self._run(connection, values).rowcount

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> sqlite3.Cursor:
        given = {**self._fixed, **values}
        bound = [given[name] if write is None else write(given[name]) for name, write in self._order]
        driver: Any = connection.connection.driver_connection
        try:
            cursor: sqlite3.Cursor = driver.execute(self._sql, bound)
        except sqlite3.Error as fault:
            raise DBAPIError.instance(
                self._sql, None, fault, sqlite3.Error, hide_parameters=True, dialect=self._dialect
            ) from fault
        return cursor

    def _read(self, row: Sequence[Any]) -> list[Any]:
        read = list(row)
        for place, reader in self._readers:
            read[place] = reader(read[place])
        return read
