"""The floors: Python's csv alone, and the naive bulk load of the same files without checks, diff, events or undo."""

from __future__ import annotations

import csv
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

FILES = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments")
# What anybody would index to answer "whose classes are these" and "who is in this class".
_INDEXES = {"roles": ("userSourcedId",), "enrollments": ("userSourcedId", "classSourcedId")}


def _header(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def parse(folder: Path) -> None:
    """Let Python's csv module read every row."""
    for name in FILES:
        for _ in _rows(folder / f"{name}.csv"):
            pass


def _tables(folder: Path) -> Iterator[str]:
    for name in FILES:
        columns = ", ".join(f'"{column}" text' for column in _header(folder / f"{name}.csv"))
        yield f'CREATE TABLE IF NOT EXISTS "{name}" ({columns}, PRIMARY KEY ("sourcedId"))'
        for column in _INDEXES.get(name, ()):
            yield f'CREATE INDEX IF NOT EXISTS "ix_{name}_{column}" ON "{name}" ("{column}")'


def _upsert(header: list[str]) -> str:
    sets = ", ".join(f'"{column}" = excluded."{column}"' for column in header[1:])
    return f'ON CONFLICT ("sourcedId") DO UPDATE SET {sets}'


def sqlite_bulk(folder: Path, database: Path) -> None:
    """Upsert every row with executemany, in one transaction, with the habits of our own store."""
    connection = sqlite3.connect(database)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-64000"):
        connection.execute(f"PRAGMA {pragma}")
    for statement in _tables(folder):
        connection.execute(statement)
    for name in FILES:
        header = _header(folder / f"{name}.csv")
        marks = ", ".join("?" * len(header))
        insert = f'INSERT INTO "{name}" VALUES ({marks}) {_upsert(header)}'
        connection.executemany(insert, _rows(folder / f"{name}.csv"))
    connection.commit()
    connection.close()


def postgresql_bulk(folder: Path, address: str) -> None:
    """COPY every row into a temporary table, then INSERT … ON CONFLICT, in one transaction."""
    with psycopg.connect(address) as connection:
        for statement in _tables(folder):
            connection.execute(statement.encode())
        for name in FILES:
            header = _header(folder / f"{name}.csv")
            connection.execute(f'CREATE TEMP TABLE "new_{name}" (LIKE "{name}") ON COMMIT DROP'.encode())
            with connection.cursor() as cursor, cursor.copy(f'COPY "new_{name}" FROM STDIN'.encode()) as copy:
                for row in _rows(folder / f"{name}.csv"):
                    copy.write_row(row)
            into = f'INSERT INTO "{name}" SELECT * FROM "new_{name}" {_upsert(header)}'
            connection.execute(into.encode())
