"""Inserts that may meet a row of the same key: both databases say ON CONFLICT, SQLAlchemy through two classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def insert_into(table: Table, dialect: str) -> Insert:
    """Return the INSERT of this database, which knows ON CONFLICT."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_or_ignore(
    connection: Connection,
    table: Table,
    keys: list[str],
    values: Mapping[str, Any],
    *,
    where: ColumnElement[bool] | None = None,
) -> bool:
    """Insert a row unless its key exists; waits for a transaction that is just inserting it.

    `where` is the condition of the key's index, if it has one.
    """
    statement = insert_into(table, connection.dialect.name).on_conflict_do_nothing(
        index_elements=keys, index_where=where
    )
    return bool(connection.execute(statement, dict(values)).rowcount == 1)
