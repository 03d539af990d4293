"""Statements that go straight to the driver: the same rows, the same faults, the same transactions."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import DBAPIError

from gateway.store import Store, StoreDown, Unstorable
from gateway.store.direct import Direct
from gateway.store.tables import academic_sessions, applications
from gateway.store.upsert import insert_into

AT = datetime(2026, 9, 1, 7, 30, 15, 123456, tzinfo=UTC)
_READ = ("id", "name", "secret_hash", "redirect_uris", "login_uri", "all_tenants", "created_at", "status")
FIND = Direct(lambda _: select(*(applications.c[name] for name in _READ)).where(applications.c.id == bindparam("id")))
ADD = Direct(
    lambda dialect: insert_into(applications, dialect).on_conflict_do_nothing(index_elements=["id"]),
    ("id", "name", "secret_hash", "redirect_uris", "login_uri", "created_at"),
)


def _row(**changed: Any) -> dict[str, Any]:
    row = {"id": "a", "name": "Ünïcode 数学 🎓", "secret_hash": b"\x00\xff", "redirect_uris": ["https://é/"]}
    return {**row, "login_uri": "https://app.example/", "created_at": AT, **changed}


def _find(store: Store, id: str = "a") -> list[Any] | None:
    with store.statements() as connection:
        row = FIND.first(connection, {"id": id})
    return None if row is None else list(row)


def _add(store: Store, **changed: Any) -> int:
    with store.statements() as connection:
        return ADD.count(connection, _row(**changed))


def test_every_kind_of_value_comes_back_as_it_went_in(store: Store) -> None:
    assert _add(store) == 1
    row = _row()
    assert _find(store) == [*(row[name] for name in _READ[:5]), True, AT, "active"]


def test_both_ways_read_and_write_the_same(store: Store) -> None:
    _add(store)
    with store.transaction() as connection:  # here SQLAlchemy runs them
        ADD.count(connection, _row(id="b"))
        directly, ordinarily = _find_on(connection, "a"), _find_on(connection, "b")
    assert ordinarily[1:] == directly[1:] == (_find(store, "b") or [])[1:]


def _find_on(connection: Any, id: str) -> list[Any]:
    row = FIND.first(connection, {"id": id})
    assert row is not None
    return list(row)


def test_a_number_is_read(store: Store) -> None:
    _add(store)
    counting = Direct(lambda _: select(func.count()).select_from(applications))
    with store.statements() as connection:
        assert list(counting.first(connection, {}) or []) == [1]


def test_nothing_found_is_none(store: Store) -> None:
    assert _find(store) is None


def test_an_absent_value_is_null(store: Store) -> None:
    _add(store, secret_hash=None)
    assert (_find(store) or [])[2] is None


def test_a_moment_of_another_zone_is_the_same_moment(store: Store) -> None:
    _add(store, created_at=AT.astimezone(timezone(timedelta(hours=-7))))
    assert (_find(store) or [])[6] == AT


def test_a_second_row_of_the_same_key_is_not_written(store: Store) -> None:
    assert (_add(store), _add(store, name="other")) == (1, 0)
    assert (_find(store) or [])[1] == _row()["name"]


def test_a_transaction_takes_back_what_it_wrote(store: Store) -> None:
    with suppress(ZeroDivisionError), store.transaction() as connection:
        ADD.count(connection, _row())
        raise ZeroDivisionError
    assert _find(store) is None


def test_a_write_stands_at_once_outside_a_transaction(store: Store) -> None:
    with suppress(ZeroDivisionError), store.statements() as connection:
        ADD.count(connection, _row())
        raise ZeroDivisionError
    assert _find(store) is not None


def test_a_nul_is_refused_and_never_cuts_a_text_short(postgresql_store: Store) -> None:
    _add(postgresql_store, id="a")
    with pytest.raises(Unstorable):
        _find(postgresql_store, "a\0b")
    with pytest.raises(Unstorable):
        _add(postgresql_store, id="b", name="a\0b")


def test_a_fault_is_of_the_kind_that_the_rest_of_the_house_knows(store: Store) -> None:
    with pytest.raises(DBAPIError) as caught:
        _add(store, name=None)
    assert "Ünïcode" not in str(caught.value)
    assert _add(store) == 1  # the connection is good for the next


def test_a_lost_connection_is_a_store_that_is_down_and_then_replaced(postgresql_store: Store) -> None:
    _add(postgresql_store)
    _end_all_connections(postgresql_store)
    with pytest.raises(StoreDown):
        _find(postgresql_store)
    assert _find(postgresql_store) is not None


def _end_all_connections(store: Store) -> None:
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    with store.multi.connect() as connection:
        connection.exec_driver_sql(end + "pg_backend_pid()")


def test_a_statement_that_the_server_forgot_still_answers(postgresql_store: Store) -> None:
    _add(postgresql_store)
    _find(postgresql_store)
    with postgresql_store.statements() as connection:
        connection.exec_driver_sql("DEALLOCATE ALL")
    assert _find(postgresql_store) is not None


def test_a_locked_file_is_a_store_that_is_down(sqlite_store: Store) -> None:
    with sqlite_store.statements() as connection, sqlite_store.transaction() as writing:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        connection.commit()
        writing.execute(insert(applications), _row(id="b"))
        with pytest.raises(StoreDown):
            ADD.count(connection, _row())


def test_a_kind_of_value_without_a_binary_form_is_refused_at_once(postgresql_store: Store) -> None:
    dates = Direct(lambda _: select(academic_sessions.c.start_date))
    with postgresql_store.statements() as connection, pytest.raises(TypeError):
        dates.first(connection, {})
