"""A compiled statement as a prepared one of libpq: everything binary, nothing parsed, one call.

https://www.psycopg.org/psycopg3/docs/api/pq.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from struct import Struct
from typing import Any, cast

import msgspec
from psycopg import Connection as Driver
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import JSON, Boolean, Connection, Executable, Integer, LargeBinary, String
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.types import TypeEngine

from gateway.store.tables.columns import Moment

_BINARY = 1
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's zero: microseconds are counted from here
_MICROSECOND = timedelta(microseconds=1)
_INT64 = Struct(">q")
_numbers = count(1)


def _moment(value: datetime) -> bytes:
    return _INT64.pack((value - _EPOCH) // _MICROSECOND)


def _read_moment(raw: bytes) -> datetime:
    return _EPOCH + timedelta(microseconds=_INT64.unpack(raw)[0])


def _read_boolean(raw: bytes) -> bool:
    return raw == b"\x01"


def _read_integer(raw: bytes) -> int:
    return int.from_bytes(raw, "big", signed=True)


_Write = Callable[[Any], bytes]
_Read = Callable[[bytes], Any]
_WRITERS: tuple[tuple[type[TypeEngine[Any]], _Write], ...] = (
    (Moment, _moment),
    (LargeBinary, bytes),
    (JSON, msgspec.json.encode),
    (String, str.encode),
)
_READERS: tuple[tuple[type[TypeEngine[Any]], _Read], ...] = (
    (Moment, _read_moment),
    (Boolean, _read_boolean),
    (Integer, _read_integer),
    (LargeBinary, bytes),
    (JSON, msgspec.json.decode),
    (String, bytes.decode),
)


class PostgresqlStatement:
    """For texts, moments, JSON and bytes, as results for integers and truth values too.

    Texts are sent with their length, never as C strings: a NUL in an id must be refused, not cut off there.
    Whatever fault the server finds, the caller gets None: SQLAlchemy runs the statement again and raises its own.
    Nothing is lost by that, because a statement of its own transaction that failed has done nothing.
    """

    def __init__(self, statement: Executable, types: Sequence[TypeEngine[Any]], columns: Sequence[str] | None) -> None:
        numbered = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
        compiled: Any = statement.compile(dialect=numbered, column_keys=columns)  # type: ignore[attr-defined]
        self._sql = str(compiled).encode()
        self._name = f"schoolgate_{next(_numbers)}".encode()
        self._fixed = compiled.params
        binds = list(dict.fromkeys(compiled.positiontup))
        self._order = [(name, _chosen(_WRITERS, compiled.binds[name].type)) for name in binds]
        self._formats = [_BINARY] * len(binds)
        self._readers = [_chosen(_READERS, each) for each in types]

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Sequence[Any]] | None:
        """Return every row, or None when the server objected."""
        result = self._run(connection, values)
        if result.status != ExecStatus.TUPLES_OK:
            return None
        return [self._read(result, row) for row in range(result.ntuples)]

    def count(self, connection: Connection, values: Mapping[str, Any]) -> int | None:
        """Return how many rows were written, or None when the server objected."""
        result = self._run(connection, values)
        return result.command_tuples if result.status == ExecStatus.COMMAND_OK else None

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> PGresult:
        given = {**self._fixed, **values}
        bound = [None if (value := given[name]) is None else write(value) for name, write in self._order]
        pooled = connection.connection
        server: PGconn = cast(Driver[Any], pooled.driver_connection).pgconn
        if self._name not in pooled.info:
            prepared = server.prepare(self._name, self._sql)
            if prepared.status != ExecStatus.COMMAND_OK:
                return prepared
            pooled.info[self._name] = True
        return server.exec_prepared(self._name, bound, self._formats, _BINARY)  # type: ignore[arg-type]  # None is NULL

    def _read(self, result: PGresult, row: int) -> list[Any]:
        value = result.get_value
        return [None if (raw := value(row, place)) is None else read(raw) for place, read in enumerate(self._readers)]


def _chosen(table: Sequence[tuple[type[TypeEngine[Any]], Any]], kind: TypeEngine[Any]) -> Any:
    for wanted, handle in table:
        if isinstance(kind, wanted):
            return handle
    raise TypeError(f"no binary form of {kind} is known here")
