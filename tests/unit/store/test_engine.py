"""Addresses of databases, and connections that lay idle."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DisconnectionError, OperationalError

from gateway.store import open_store
from gateway.store.engine import _note_checkin, _ping_when_idle, database_url


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("var/gate.db", "sqlite:///var/gate.db"),
        ("sqlite:///var/gate.db", "sqlite:///var/gate.db"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
    ],
)
def test_an_address_may_be_written_in_several_ways(address: str, read: str) -> None:
    assert str(database_url(address)) == read


def test_a_database_that_is_not_there_fails_at_the_first_statement() -> None:
    store = open_store("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(OperationalError), store.statements():
        pass
    store.close()


class _Connection:
    """Remembers what it was asked."""

    autocommit = False

    def __init__(self, *, is_gone: bool = False) -> None:
        self.is_gone, self.asked = is_gone, list[str]()

    def execute(self, statement: str) -> None:
        if self.is_gone:
            raise OSError
        self.asked.append(statement)

    def rollback(self) -> None:
        self.asked.append("rollback")


class _Record:
    def __init__(self, **info: float) -> None:
        self.info = info


def test_a_connection_that_lay_idle_is_tried_first() -> None:
    connection = _Connection()
    _ping_when_idle(connection, _Record(idle_since=-1e9), None)
    assert connection.asked == ["SELECT 1", "rollback"]


def test_an_autocommitting_connection_has_nothing_to_roll_back() -> None:
    connection = _Connection()
    connection.autocommit = True
    _ping_when_idle(connection, _Record(idle_since=-1e9), None)
    assert connection.asked == ["SELECT 1"]


def test_a_new_or_busy_connection_is_not_asked() -> None:
    connection, record = _Connection(is_gone=True), _Record()
    _ping_when_idle(connection, record, None)
    _note_checkin(connection, record)
    _ping_when_idle(connection, record, None)
    assert connection.asked == []


def test_a_connection_that_died_while_idle_is_replaced() -> None:
    with pytest.raises(DisconnectionError):
        _ping_when_idle(_Connection(is_gone=True), _Record(idle_since=-1e9), None)
