"""Fresh databases in milliseconds: copies of one that was migrated once in the run, or emptied ones."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from gateway.store import Store, open_store, upgrade
from gateway.store.tables import metadata
from tests.support.postgres import PostgresServer, locked

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "schoolgate_template"
# A killed process's connection may live on for a moment: wait for its end, so that it can't write any more.
_CUT_OFF = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# A sync's staging tables stay for the next one of its source.
_UNSTAGE = """
DO $$
DECLARE
  one regclass;
BEGIN
  FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relname ~ '^staged_[0-9]+_' LOOP
    EXECUTE format('DROP TABLE %s', one);
  END LOOP;
END
$$
"""
# Which tables, columns, indexes and checks there are: a table that was dropped and made again is another one.
# The queue's own (Huey makes them when first asked for) may stay: they are emptied as the others are.
_MADE_OF = """
SELECT md5(string_agg(class.oid || kind || name || type, ',' ORDER BY class.oid, kind, name))
FROM pg_class class,
  LATERAL (
    SELECT 'column' AS kind, attname AS name, atttypid AS type FROM pg_attribute WHERE attrelid = class.oid
    UNION ALL SELECT 'check', conname, contypid FROM pg_constraint WHERE conrelid = class.oid
  ) part
WHERE relnamespace = 'public'::regnamespace AND NOT starts_with(relname, 'queue_')
"""
# Nearly all tables are empty, and a few rows are quicker deleted than a table is truncated.
_EMPTY = """
DO $$
DECLARE
  one regclass;
  filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN
    SELECT oid FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO filled;
    IF pg_relation_size(one) > 1000000 THEN
      EXECUTE format('TRUNCATE %s CASCADE', one);
    ELSIF filled THEN
      EXECUTE format('DELETE FROM %s', one);
    END IF;
  END LOOP;
  PERFORM setval(oid::regclass, 1, false) FROM pg_class
  WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END
$$
"""


@dataclass(frozen=True, slots=True)
class SqliteDatabases:
    """Makes migrated SQLite files by copying one."""

    shared: Path

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """Yield the address of a new migrated file in `folder`."""
        path = folder / f"schoolgate-{secrets.token_hex(4)}.db"
        shutil.copyfile(self._template(), path)
        yield f"sqlite:///{path}"

    def fill(self, store: Store) -> None:
        """Give a store that was never connected to its tables, as `upgrade` does in a second."""
        shutil.copyfile(self._template(), str(store.single.url.database))

    def _template(self) -> Path:
        template = self.shared / "template.db"
        if template.exists():
            return template
        with locked(self.shared / "template.lock"):
            if not template.exists():
                unfinished = self.shared / "unfinished.db"
                migrate(f"sqlite:///{unfinished}")
                unfinished.rename(template)
        return template


@dataclass(slots=True)
class _Lent:
    """A database with a connection that stays open, as a new one costs more than all that is asked of it."""

    name: str
    made_of: str
    connection: psycopg.Connection


@dataclass(frozen=True, slots=True)
class PostgresDatabases:
    """Lends migrated PostgreSQL databases; one that comes back with all its tables is emptied and lent again."""

    server: PostgresServer
    _free: list[_Lent] = field(default_factory=list)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Yield the address of a migrated database without rows; connections left open are cut off afterwards."""
        lent = self._free.pop() if self._free else self._new()
        try:
            yield self.server.url(lent.name)
        finally:
            if self._is_empty_again(lent):
                self._free.append(lent)
            else:
                lent.connection.close()
                self.server.execute(f"DROP DATABASE {lent.name} WITH (FORCE)")

    def close(self) -> None:
        """Close the connections to what is not lent."""
        for each in self._free:
            each.connection.close()

    def _is_empty_again(self, lent: _Lent) -> bool:
        try:
            lent.connection.execute(_CUT_OFF)
            lent.connection.execute(_UNSTAGE)
            if lent.connection.execute(_MADE_OF).fetchone() != (lent.made_of,):
                return False
            lent.connection.execute(_EMPTY)
        except psycopg.OperationalError:  # the test has cut off this one too
            return False
        return True

    def _new(self) -> _Lent:
        self._ensure_template()
        name = f"test_{secrets.token_hex(6)}"
        self.server.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
        connection = self.server.connection(name)
        (made_of,) = connection.execute(_MADE_OF).fetchone() or ("",)
        return _Lent(name, str(made_of), connection)

    def _ensure_template(self) -> None:
        done = self.server.folder / "template.done"
        if done.exists():
            return
        with locked(self.server.folder / "template.lock"):
            if not done.exists():
                self.server.execute(f"CREATE DATABASE {_TEMPLATE}")
                migrate(self.server.url(_TEMPLATE))
                done.touch()


def migrate(address: str) -> None:
    """Bring the database at `address` to the present tables and leave no connection behind."""
    with opened(address) as store:
        upgrade(store)


def emptied(store: Store) -> Store:
    """Take rows and staging out of an open store, which keeps what it has compiled; numbers begin anew."""
    names = [table.name for table in reversed(metadata.sorted_tables)]
    with store.single.connect() as connection:
        if store.dialect == "sqlite":
            for file in Path(str(store.single.url.database)).parent.glob("*.db.sync-*"):
                file.unlink()
            statements = ["BEGIN IMMEDIATE", *(f"DELETE FROM {name}" for name in names), "COMMIT"]
        else:
            staged = connection.exec_driver_sql(
                "SELECT tablename FROM pg_tables WHERE starts_with(tablename, 'staged')"
            )
            statements = [
                *(f"DROP TABLE {name}" for name in staged.scalars()),
                *(f"DELETE FROM {name}" for name in names),
            ]
            numbered = connection.exec_driver_sql("SELECT sequencename FROM pg_sequences")
            statements = [";".join([*statements, *(f"ALTER SEQUENCE {name} RESTART" for name in numbered.scalars())])]
        for statement in statements:
            connection.exec_driver_sql(statement)
    return store


@contextmanager
def opened(address: str) -> Iterator[Store]:
    """Yield the open store; its connections are closed afterwards, so that none lingers into the next test."""
    store = open_store(address)
    try:
        yield store
    finally:
        store.single.dispose()
        store.multi.dispose()
