"""SQLite sorts an index in a fraction of the time that as many insertions take: for a district that is new, it may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Integer, Table, func, literal_column, select

from gateway.store.rosters.changing import Merge
from gateway.store.rosters.staging import ADDED

MANY = 10_000


@contextmanager
def indexed_afterwards(work: Merge, table: Table, staged: Table) -> Iterator[None]:
    """Insert many rows, and more than the table had, without its plain indexes and triggers, made again behind them.

    All of it happens in the sync's transaction, under the write lock that it holds anyway.
    PostgreSQL would lock readers out.
    """
    if not _pays(work, table, staged):
        yield
        return
    indexes = [index for index in table.indexes if not index.unique]
    triggers = _triggers(work.connection, table)
    for index in indexes:
        index.drop(work.connection)
    for name in triggers:
        work.connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for statement in triggers.values():
        work.connection.exec_driver_sql(statement)
    for index in indexes:
        index.create(work.connection)


def _triggers(connection: Connection, table: Table) -> dict[str, str]:
    """Return what makes each trigger: as long as there is one, SQLite first copies all that is to be inserted.

    They let a roster's rows pass anyway (ADR 13).
    """
    question = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    return {row[0]: row[1] for row in connection.exec_driver_sql(question, (table.name,))}


def _pays(work: Merge, table: Table, staged: Table) -> bool:
    if work.area.dialect != "sqlite":
        return False
    added = select(func.count()).where(staged.c.action == ADDED)
    number = int(work.connection.execute(added).scalar_one())
    last = select(func.max(literal_column("rowid", Integer))).select_from(
        table
    )  # rows are never deleted: nearly their number
    return number >= MANY and number > int(work.connection.execute(last).scalar_one() or 0)
