"""The migrations make exactly the declared tables, and the tables keep tenants apart (F8)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from gateway.store import Store, is_current
from gateway.store.orgs import add_org
from gateway.store.tables import classes, contexts, deployments, enrollments, identities, metadata, roles, users
from tests.support.databases import opened

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'empty.db'}") as store:
        assert not is_current(store)


def test_a_migrated_database_is_current(store: Store) -> None:
    assert is_current(store)


def test_migrations_make_the_declared_tables(store: Store) -> None:
    with store.statements() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


_STRANGERS: list[tuple[Table, dict[str, Any]]] = [
    (classes, {"sourced_id": "c", "school_sourced_id": "{org}", "date_last_modified": NOON}),
    (
        roles,
        {
            "sourced_id": "r",
            "user_sourced_id": "u",
            "org_sourced_id": "{org}",
            "role": "student",
            "date_last_modified": NOON,
        },
    ),
]


@pytest.mark.parametrize(("table", "values"), _STRANGERS, ids=lambda each: getattr(each, "name", ""))
def test_a_row_can_not_point_into_another_tenant(store: Store, table: Table, values: dict[str, Any]) -> None:  # F8
    own, other = (add_org(store, name=n, type="school", parent=None, actor="t", at=NOON).sourced_id for n in "AB")
    with store.statements() as connection:
        connection.execute(insert(users), {"sourced_id": "u", "tenant_id": own, "date_last_modified": NOON})
        row = {name: other if value == "{org}" else value for name, value in values.items()}
        with pytest.raises(IntegrityError):
            connection.execute(insert(table), {"tenant_id": own, **row})
        row = {name: own if value == "{org}" else value for name, value in values.items()}
        connection.execute(insert(table), {"tenant_id": own, **row})


@pytest.mark.parametrize("table", [classes, contexts, deployments, enrollments, identities, roles])
def test_every_reference_to_a_tenants_row_holds_its_tenant(table: Table) -> None:  # F8
    bound = [key for key in table.foreign_key_constraints if "tenant_id" in key.elements[0].column.table.c]
    assert bound
    assert all("tenant_id" in key.column_keys for key in bound)
