"""Fresh databases in milliseconds: each is a copy of one that was migrated once in the run."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.store import Store, open_store, upgrade
from gateway.store.tables import metadata
from tests.support.postgres import PostgresServer, locked

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "schoolgate_template"


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


@dataclass(frozen=True, slots=True)
class PostgresDatabases:
    """Makes migrated PostgreSQL databases by copying one inside the server."""

    server: PostgresServer

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Yield the address of a new migrated database, dropped afterwards, open connections or not."""
        self._ensure_template()
        name = f"test_{secrets.token_hex(6)}"
        self.server.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
        try:
            yield self.server.url(name)
        finally:
            self.server.execute(f"DROP DATABASE {name} WITH (FORCE)")

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


def empty(address: str) -> None:
    """Take every row out of a PostgreSQL database."""
    with opened(address) as store, store.statements() as connection:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)}")


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
