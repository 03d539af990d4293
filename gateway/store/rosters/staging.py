"""The place beside the tables where a reading waits: unlogged tables on PostgreSQL, a file of its own on SQLite.

It outlives its process, so that a killed reading can go on, and nobody but the sync that holds the lock looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.types import JSON

from gateway.store.engine import Store
from gateway.store.ids import new_id
from gateway.store.rosters.shapes import SHAPES, Shape
from gateway.store.tables import roster_records
from providers.contract import Kind

SCHEMA = "staging"
_CACHE_KIB = 65_536  # of SQLite's pages: indexes of a district are written all over
MISSING = "missing"  # why a record is gone: it was not in a complete reading
ALONG = "reference"  # what it stands on is not there any more
# What waited from an earlier reading (`waiting`) is staged below this place; what a reading brings counts from 1.
WAITED = 0
# What a staged record says by itself (an update, a deletion, that it is there but could not be read), then what a plan
# makes of it. Restamped: only the line that told of it is another.
ADDED, DELETED, UNREAD = ("added", "deleted", "unread")
# Of the integration's own org, whose row no roster writes, only the record's coming and going is kept, for undo.
ROOT = "root"
CHANGED, RETURNED, LINKED, GONE, HELD, DANGLING, RESTAMPED = (
    *("changed", "returned", "linked", "gone", "held", "dangling", "restamped"),
)


class Source(NamedTuple):
    """Whose roster this is: the number that stands for the integration, its tenant and its org."""

    id: int
    tenant_id: str
    integration_id: str
    org_id: str


@dataclass(frozen=True, slots=True)
class Tables:
    """The staging tables of one source."""

    metadata: MetaData
    records: Mapping[Kind, Table]
    gone: Table
    unseen: Table
    progress: Table


def _text() -> Any:
    return Text().with_variant(Text(collation="C"), "postgresql")


def _staged(shape: Shape, number: int, metadata: MetaData, options: dict[str, Any]) -> Table:
    table = Table(
        f"staged_{number}_{shape.table.name}",
        metadata,
        # SQLite keeps rows in this order, so that nothing has to be sorted by it.
        Column(
            "position", BigInteger().with_variant(Integer, "sqlite"), nullable=False, primary_key="schema" in options
        ),
        Column("source_id", _text(), nullable=False),
        Column("content_hash", BigInteger, nullable=False),
        Column("fingerprint", BigInteger),
        Column("sourced_id", String(36), nullable=False),
        *(Column(name, shape.table.c[name].type) for name in shape.fields),
        *(Column(reference.named, _text()) for reference in shape.references),
        *([Column("term_ids", JSON)] if shape.kind == "classes" else []),
        Column("action", String(16), nullable=False, server_default=ADDED),
        # How many of its optional references lead nowhere yet.
        Column("unresolved", Integer, nullable=False, server_default="0"),
        **options,
    )
    return table


@cache
def staging_tables(number: int, dialect: str) -> Tables:
    """Return the staging tables of this number, as this database has them."""
    metadata = MetaData()
    options: dict[str, Any] = {"schema": SCHEMA} if dialect == "sqlite" else {"prefixes": ["UNLOGGED"]}
    records = {kind: _staged(shape, number, metadata, options) for kind, shape in SHAPES.items()}
    gone = Table(
        f"staged_{number}_gone",
        metadata,
        Column("kind", String(16), nullable=False),
        Column("source_id", _text(), nullable=False),
        Column("sourced_id", String(36), nullable=False),
        Column("why", String(16), nullable=False),
        **options,
    )
    unseen = Table(
        f"staged_{number}_unseen",
        metadata,
        Column("kind", String(16), nullable=False),
        Column("fingerprint", BigInteger, nullable=False),
        **options,
    )
    progress = Table(f"staged_{number}_progress", metadata, Column("facts", JSON, nullable=False), **options)
    return Tables(metadata, records, gone, unseen, progress)


@dataclass(frozen=True, slots=True)
class Area:
    """A source's staging area, open on a connection of its own that sees the house's tables too."""

    connection: Connection
    source: Source
    tables: Tables
    dialect: str
    at: datetime

    @contextmanager
    def transaction(self, *, writes_house: bool = False) -> Iterator[Connection]:
        """Yield the connection in a transaction. Only one that writes the house's tables takes SQLite's write lock."""
        connection = self.connection
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes_house and self.dialect == "sqlite" else "BEGIN")
        try:
            yield connection
        except BaseException:
            with suppress(Exception):
                connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")

    @property
    def is_there(self) -> bool:
        """Return whether an earlier run left something here."""
        name, schema = self.tables.progress.name, self.tables.progress.schema
        if not inspect(self.connection).has_table(name, schema=schema):
            return False
        return self.connection.execute(select(self.tables.progress.c.facts)).first() is not None

    def make(self, facts: Mapping[str, Any]) -> None:
        """Make the area anew and empty, with what is to be remembered of this reading."""
        self.drop()
        with self.transaction() as connection:
            self.tables.metadata.create_all(connection, checkfirst=False)
            connection.execute(insert(self.tables.progress), {"facts": dict(facts)})

    def facts(self) -> dict[str, Any]:
        """Return what is remembered of this reading."""
        row = self.connection.execute(select(self.tables.progress.c.facts)).one()
        return dict(row[0])

    def remember(self, **facts: Any) -> None:
        """Change what is remembered, in the caller's transaction."""
        self.connection.execute(update(self.tables.progress).values(facts={**self.facts(), **facts}))

    def drop(self) -> None:
        """Take the area away."""
        if self.dialect == "sqlite":
            _remove_file(self.connection, self.source)
            _attach(self.connection, self.source)
            return
        with self.transaction() as connection:
            self.tables.metadata.drop_all(connection)

    def forget_plan(self) -> None:
        """Take back what a plan decided, so that the rest of the same reading can be planned again.

        What it found missing stays: the untouched records that would tell it again are no longer here.
        """
        with self.transaction() as connection:
            gone = self.tables.gone
            connection.execute(delete(gone).where(gone.c.why != MISSING))
            # A person may have said meanwhile that a record is somebody who was there before.
            record = (
                roster_records.c.roster_source_id == self.source.id,
                roster_records.c.kind == gone.c.kind,
                roster_records.c.source_id == gone.c.source_id,
            )
            connection.execute(update(gone).where(*record).values(sourced_id=roster_records.c.sourced_id))
            for table in self.tables.records.values():
                _unlink(connection, table)
                connection.execute(
                    update(table).where(table.c.action.notin_((ADDED, DELETED, UNREAD))).values(action=ADDED)
                )
                # Counted anew by the next plan, of those too that this one called added.
                connection.execute(update(table).where(table.c.unresolved != 0).values(unresolved=0))


def _unlink(connection: Connection, table: Table) -> None:
    """Give records that a plan had joined with rows of ours ids of their own again: the proof may be gone by now."""
    joined = connection.execute(select(table.c.source_id).where(table.c.action == LINKED)).scalars().all()
    if joined:
        own = update(table).where(table.c.source_id == bindparam("record"), table.c.action == LINKED)
        fresh = [{"record": source_id, "fresh": new_id()} for source_id in joined]
        connection.execute(own.values(sourced_id=bindparam("fresh")), fresh)


@contextmanager
def opened(store: Store, source: Source, at: datetime) -> Iterator[Area]:
    """Yield the source's area; its connection is closed afterwards, never pooled."""
    connection = store.single.connect()
    connection.detach()
    try:
        if store.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA temp_store=FILE")  # what sorts a million rows must not do it in memory
            _attach(connection, source)
            connection.exec_driver_sql(f"PRAGMA main.cache_size=-{_CACHE_KIB}")
        else:
            connection.exec_driver_sql("SET work_mem = '64MB'")
            # Right after a district came in, statistics still say "a few rows": loops over loops would take hours.
            connection.exec_driver_sql("SET enable_nestloop = off")
            connection.exec_driver_sql("SET enable_mergejoin = off")
        # In files of their own all sources' tables can have the same names, and every statement is compiled once.
        number = 0 if store.dialect == "sqlite" else source.id
        area = Area(connection, source, staging_tables(number, store.dialect), store.dialect, at)
        yield area
        if store.dialect == "sqlite" and not area.is_there:
            _remove_file(connection, source)
    finally:
        connection.close()


def _path(connection: Connection, source: Source) -> Path:
    return Path(f"{connection.engine.url.database}.sync-{source.id}")


def _remove_file(connection: Connection, source: Source) -> None:
    connection.exec_driver_sql(f"DETACH DATABASE {SCHEMA}")
    path = _path(connection, source)
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)


def _attach(connection: Connection, source: Source) -> None:
    connection.exec_driver_sql(f"ATTACH DATABASE ? AS {SCHEMA}", (str(_path(connection, source)),))
    for pragma in (
        f"{SCHEMA}.journal_mode=TRUNCATE",  # kill-safe, and appending journals next to nothing
        f"{SCHEMA}.synchronous=OFF",
        f"{SCHEMA}.cache_size=-16000",
    ):
        connection.exec_driver_sql(f"PRAGMA {pragma}")
