"""Brings a database to this version's tables and says whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from gateway.store.engine import Store

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x5C0015A7E  # any fixed number: the advisory lock that lets one process migrate at a time


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def upgrade(store: Store) -> None:
    """Run the missing migrations in one transaction; safe when several processes start at once."""
    with store.transaction() as connection:
        if store.dialect == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        command.upgrade(_config(connection), "head")


def newest_revision() -> str | None:
    """Return the revision that this version of the code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(store: Store) -> bool:
    """Return whether the database has this version's tables."""
    with store.statements() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest_revision()
