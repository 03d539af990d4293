"""Lets the database know what lies in a staging area, so that it joins it the short way."""

from __future__ import annotations

from sqlalchemy import Table

from gateway.store.rosters.shapes import SHAPES
from gateway.store.rosters.staging import SCHEMA, Area
from gateway.store.tables import roster_records

_MANY = 50_000  # rows after which PostgreSQL's statistics are made anew
_SMALL = 20  # a change is small when the mapping has so many times its rows


def index_staged(area: Area) -> None:
    """Index what was read, where SQLite's joins would else go through it row by row; PostgreSQL hashes, or learns."""
    gone = area.tables.gone
    if area.dialect != "sqlite":
        area.connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS ix_{gone.name} ON {gone.name} (kind, source_id)")
        _analyze(area, *area.tables.records.values())
        _choose_joins(area)
        return
    for table, columns in (
        *((table, "source_id") for table in area.tables.records.values()),
        (gone, "kind, source_id"),
    ):
        index = f"CREATE INDEX IF NOT EXISTS {SCHEMA}.ix_{table.name} ON {table.name} ({columns})"
        area.connection.exec_driver_sql(index)


def learn_gone(area: Area) -> None:
    """Let PostgreSQL count what a plan found gone, before it joins by it."""
    if area.dialect != "sqlite":
        _analyze(area, area.tables.gone)


def learn_house(area: Area, rows: int) -> None:
    """Let PostgreSQL look at the house's tables once a sync wrote much: the next one must not wait for autovacuum."""
    if area.dialect != "sqlite" and rows >= _MANY:
        _analyze(area, roster_records, *(shape.table for shape in SHAPES.values()))


def _analyze(area: Area, *tables: Table) -> None:
    area.connection.exec_driver_sql("ANALYZE " + ", ".join(table.name for table in tables))


def _choose_joins(area: Area) -> None:
    """Let a small change go row by row through indexes, if PostgreSQL knows that the tables behind them are large."""
    staged = ", ".join(f"'{table.name}'::regclass" for table in area.tables.records.values())
    question = f"SELECT sum(reltuples) FROM pg_class WHERE oid IN ({staged})"  # noqa: S608 - names of our own
    number = area.connection.exec_driver_sql(question).scalar_one()
    known = area.connection.exec_driver_sql(
        "SELECT reltuples FROM pg_class WHERE oid = 'roster_records'::regclass"
    ).scalar_one()
    area.connection.exec_driver_sql(f"SET enable_nestloop = {'on' if number * _SMALL <= known else 'off'}")
