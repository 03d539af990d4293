"""One sync of an integration at a time, on one machine or many; a process that dies lets go by dying."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gateway.store.engine import Store
from providers.contract import Unavailable

_CLASS = 0x5C001  # the first half of PostgreSQL's advisory lock, so that it meets no other of the house's
_EVERY = 0.2


@contextmanager
def locked(store: Store, source_id: int, *, wait_seconds: float, sleep: Callable[[float], None]) -> Iterator[None]:
    """Hold the lock of a roster source. Raises Unavailable (``sync.busy``) when another sync holds it for so long."""
    take = _lock_file if store.dialect == "sqlite" else _lock_row
    with take(store, source_id) as try_:
        ends = time.monotonic() + wait_seconds
        while not try_():
            if time.monotonic() >= ends:
                raise Unavailable("sync.busy", "Another sync of this integration is running. Please try again later.")
            sleep(_EVERY)
        yield


@contextmanager
def _lock_file(store: Store, source_id: int) -> Iterator[Callable[[], bool]]:
    path = Path(f"{store.single.url.database}.sync-{source_id}.lock")
    with path.open("a") as handle:

        def try_() -> bool:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield try_


@contextmanager
def _lock_row(store: Store, source_id: int) -> Iterator[Callable[[], bool]]:
    connection: Connection = store.single.connect()
    connection.detach()  # never pooled: the lock belongs to this connection and ends with it at the latest
    try:
        question = f"SELECT pg_try_advisory_lock({_CLASS}, {source_id:d})"
        yield lambda: bool(connection.exec_driver_sql(question).scalar_one())
    finally:
        with suppress(DBAPIError):  # closing is not enough: the server may notice late
            connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
        connection.close()
