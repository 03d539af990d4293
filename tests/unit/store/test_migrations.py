"""The migrations make exactly the tables that the code declares, and may run again."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from gateway.store import Store, is_current, upgrade
from gateway.store.tables import metadata
from tests.support.databases import opened


def _is_ours(name: str | None, type_: str, _parents: object) -> bool:
    """A lent database may have the job queue's own tables, which the queue makes when it is first asked."""
    return not (type_ == "table" and str(name).startswith("queue_"))


def test_the_migrations_make_the_declared_tables(store: Store) -> None:
    with store.statements() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_ours})
        assert compare_metadata(context, metadata) == []


def test_a_migrated_database_is_current_and_may_be_migrated_again(store: Store) -> None:
    assert is_current(store)
    upgrade(store)
    assert is_current(store)


def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/empty.db") as store:
        assert not is_current(store)
