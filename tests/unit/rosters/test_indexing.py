"""A new district's indexes and triggers are made behind its rows, and are there afterwards, whatever happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from gateway.store import Store
from gateway.store.rosters import indexing
from gateway.store.rosters.runs import APPLIED
from tests.support.rosters import District, a_district, a_roster


def _beside(store: Store) -> list[tuple[str, str]]:
    question = (
        "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY name"
    )
    with store.statements() as connection:
        return [(row[0], " ".join(row[1].split())) for row in connection.exec_driver_sql(question)]


@pytest.fixture
def statements(sqlite_district: District, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Any number counts as many; what is executed is told, and stops where the test wants."""
    monkeypatch.setattr(indexing, "MANY", 1)
    told: list[str] = []

    def tell(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        told.append(" ".join(statement.split()))

    event.listen(sqlite_district.store.single, "before_cursor_execute", tell)
    yield told
    event.remove(sqlite_district.store.single, "before_cursor_execute", tell)


def test_a_new_districts_indexes_are_made_behind_its_rows(sqlite_district: District, statements: list[str]) -> None:
    before = _beside(sqlite_district.store)
    assert sqlite_district.sync(a_roster()).status == APPLIED
    dropped = next(at for at, each in enumerate(statements) if each == "DROP INDEX ix_enrollments_user_sourced_id")
    filled = next(at for at, each in enumerate(statements) if each.startswith("INSERT INTO enrollments"))
    made = next(at for at, each in enumerate(statements) if "CREATE INDEX ix_enrollments_user_sourced_id" in each)
    assert dropped < filled < made
    assert statements.index("DROP TRIGGER wall_enrollments_insert") < filled
    assert _beside(sqlite_district.store) == before


def test_a_small_addition_leaves_them_alone(sqlite_district: District, statements: list[str]) -> None:
    sqlite_district.sync(a_roster(students=10))
    statements.clear()
    assert sqlite_district.sync(a_roster(students=12)).types["enrollments"]["added"] == 4
    assert not [each for each in statements if each.startswith("DROP INDEX")]


def test_a_sync_that_fails_leaves_them_as_they_were(sqlite_district: District, statements: list[str]) -> None:
    before = _beside(sqlite_district.store)

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "CREATE INDEX ix_enrollments_user_sourced_id" in statement:
            raise RuntimeError("no room on the disk")

    event.listen(sqlite_district.store.single, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        sqlite_district.sync(a_roster())
    event.remove(sqlite_district.store.single, "before_cursor_execute", fail)
    assert _beside(sqlite_district.store) == before
    assert sqlite_district.active("users") == {}
    assert a_district(sqlite_district.store, name="Southfield").sync(a_roster()).status == APPLIED
