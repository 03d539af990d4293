"""The queue that wakes workers up: Huey on a file of its own beside SQLite, or in the same PostgreSQL (ADR 7)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
from huey.api import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

from gateway.store import database_url

_NAME = "schoolgate"
LONGEST_NAP = 0.5  # seconds between two looks at an SQLite queue; PostgreSQL wakes its listeners itself


class _PlainSerializer(Serializer):
    """Messages as JSON: Huey's own pickles would let whoever writes into the queue run code in a worker."""

    def _serialize(self, data: Any) -> bytes:
        return msgspec.json.encode(list(data))

    def _deserialize(self, data: Any) -> Message:
        return Message(*msgspec.json.decode(bytes(data)))


class Queue:
    """Opened at the first message, so that a process which forks afterwards shares no connection with its children."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address, self._folder = address, folder
        self._lock = Lock()
        self._huey: Huey | None = None
        self._task: Callable[[str], Any] | None = None
        self._run: Callable[[str], object] = lambda _job_id: None

    def prepare(self) -> None:
        """Make the queue's own tables, if they are not there."""
        self._open()

    def push(self, job_id: str) -> None:
        """Tell a worker that this job is due."""
        self._open()
        assert self._task is not None
        self._task(job_id)

    def consumer(self, run: Callable[[str], object], threads: int) -> Consumer:
        """Return what takes job ids out of the queue and gives them to `run`, in so many threads."""
        self._run = run
        logging.getLogger("huey").setLevel(logging.CRITICAL)  # what happens to a job is our own line to write
        options = {"worker_type": "thread", "initial_delay": 0.05, "max_delay": LONGEST_NAP}
        return Consumer(self._open(), workers=threads, periodic=False, **options)

    def close(self) -> None:
        """Close the queue's connection of this thread."""
        if self._huey is not None:
            self._huey.storage.close()

    def _open(self) -> Huey:
        with self._lock:
            if self._huey is None:
                self._huey = self._connect()
                self._task = self._huey.task(name="run")(self._take)
            return self._huey

    def _take(self, job_id: str) -> None:
        self._run(job_id)

    def _connect(self) -> Huey:
        url = database_url(self._address)
        options: dict[str, Any] = {"results": False, "serializer": _PlainSerializer()}
        if url.get_backend_name() == "postgresql":
            dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
            return _postgres(dsn, options)
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = Path(url.database).with_suffix(".queue.db") if url.database else self._folder / "queue.db"
        return SqliteHuey(_NAME, filename=str(beside), fsync=False, **options)


def _postgres(dsn: str, options: dict[str, Any]) -> Huey:
    """Open the queue, its tables made unless another process is just making them, or this role may not."""
    try:
        return PostgresHuey(_NAME, dsn=dsn, table_prefix="queue", **options)
    except Exception:
        return PostgresHuey(_NAME, dsn=dsn, table_prefix="queue", create_tables=False, **options)
