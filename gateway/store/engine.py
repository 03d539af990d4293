"""Opens the database: SQLite in WAL mode by default, PostgreSQL by its address; one set of habits for both."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

_IDLE_SECONDS_BEFORE_PING = 30.0
_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",  # a killed process loses nothing; a power cut may lose the last commits, never the file
    "foreign_keys=ON",
    # Milliseconds. A launch waits while a district is written (ADR 21); proxies in front of us give up at 60 seconds.
    "busy_timeout=50000",
    "wal_autocheckpoint=4000",  # pages; the default syncs four times as often while a school arrives
    "cache_size=-16000",
    "temp_store=MEMORY",
)


def to_json(value: Any) -> str:
    """Return JSON as columns keep it."""
    return msgspec.json.encode(value).decode()


_COMMON: dict[str, Any] = {
    "pool_use_lifo": True,  # the connection used last has its pages and plans at hand
    # psycopg's rowcount of an INSERT is else not kept (-1), and "did mine win?" is asked that way all over the store.
    "execution_options": {"preserve_rowcount": True},
    "hide_parameters": True,  # an error's text must not carry names and e-mails into a log
    "json_serializer": to_json,
    "json_deserializer": msgspec.json.decode,
}


@dataclass(frozen=True, slots=True)
class Store:
    """The open database.

    `statements()` gives a connection on which every statement is its own transaction (reads, single writes);
    `transaction()` gives one where all statements land together or not at all, and on SQLite takes the write
    lock at once so that it can't lose it half-way.
    """

    single: Engine
    multi: Engine
    dialect: str

    def statements(self) -> AbstractContextManager[Connection]:
        """Return an autocommitting connection; leaving its block gives it back."""
        return self.single.connect()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection inside one transaction; an exception takes everything back."""
        with self.multi.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self.single.dispose()
        self.multi.dispose()


def database_url(address: str) -> URL:
    """Return the SQLAlchemy URL: psycopg 3 for PostgreSQL addresses, a file for `sqlite:///path` or a bare path."""
    if "://" not in address:
        return URL.create("sqlite", database=address)
    url = make_url(address)
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def open_store(address: str, *, pool_size: int = 8) -> Store:
    """Open the database at `address`. Connects lazily: a wrong address fails at the first statement."""
    url = database_url(address)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, pool_size)
    return _open_postgresql(url, pool_size)


def _open_sqlite(url: URL, pool_size: int) -> Store:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {**_COMMON, "pool_size": pool_size, "max_overflow": pool_size}
    single, multi = create_engine(url, pool_reset_on_return=None, **options), create_engine(url, **options)
    for engine in (single, multi):
        event.listen(engine, "connect", _prepare_sqlite)
    event.listen(multi, "begin", _begin_immediate)
    return Store(single, multi, "sqlite")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: `single` commits each statement, `multi` says BEGIN.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _open_postgresql(url: URL, pool_size: int) -> Store:
    options: dict[str, Any] = {**_COMMON, "pool_size": pool_size, "max_overflow": pool_size, "pool_timeout": 15}
    # What commits by itself leaves nothing to roll back when it is given back.
    single = create_engine(
        url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True, pool_reset_on_return=None, **options
    )
    multi = create_engine(url, **options)
    for engine in (single, multi):
        event.listen(engine, "checkin", _note_checkin)
        event.listen(engine, "checkout", _ping_when_idle)
    return Store(single, multi, "postgresql")


def _note_checkin(_connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


def _ping_when_idle(connection: Any, record: Any, _proxy: Any) -> None:
    """Notice a restarted server before a request does, without a round trip on every checkout."""
    idle_since = record.info.get("idle_since")
    if idle_since is None or time.monotonic() - idle_since < _IDLE_SECONDS_BEFORE_PING:
        return
    try:
        connection.execute("SELECT 1")
        if not connection.autocommit:
            connection.rollback()
    except Exception as fault:
        raise DisconnectionError from fault
