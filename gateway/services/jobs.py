"""Asks for background work: a row says what is to be done, a message in the queue only wakes a worker up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog

from gateway.store import Connection, Store
from gateway.store.jobs import add_job, forget_failed

# How long a message may take from the queue to a worker before another is sent after it.
HEARD = timedelta(seconds=30)
FAILED_KEPT = timedelta(days=30)
BATCH = 500
_log = structlog.get_logger("schoolgate.jobs")


class Job(NamedTuple):
    """One piece of work in a worker's hand.

    `attempt` counts from 1. `is_stopping()` says that the worker is to end: long work should come to a safe point and
    return 0, which puts it back in the queue.
    """

    id: str
    name: str
    args: Mapping[str, Any]
    attempt: int
    is_stopping: Callable[[], bool]


Handler = Callable[[Job], float | None]
"""Does the work, which may have been begun before and must bear it. Returns None when all is done, or after how many
seconds it wants to run again. A failure that says "try later" or that nobody foresaw: tried again, with growing pauses.
"""


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker can do: handlers by the work's name, and which of them run by themselves, every so many seconds."""

    handlers: Mapping[str, Handler]
    every: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Jobs:
    """Thread-safe. `push` puts a job's id into the queue; what it raises is logged: the row is found without it."""

    store: Store
    now: Callable[[], datetime]
    push: Callable[[str], None]

    def enqueue(
        self,
        name: str,
        args: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        delay: float = 0,
        sooner: bool = True,
        connection: Connection | None = None,
    ) -> str:
        """Ask for work after `delay` seconds and return the job's id.

        Of the same `key` there is one job at a time: asked for again while it waits, nothing changes; while it runs, it
        runs once more afterwards. Without `sooner` a pause that it makes is kept. With `connection` the row lands with
        the caller's transaction; call `wake` after it, or a worker finds the row some seconds later.
        """
        now = self.now()
        is_pushed = not delay and connection is None
        row: dict[str, Any] = {"name": name, "args": args or {}, "key": key, "at": now, "sooner": sooner}
        row |= {"due_at": now + timedelta(seconds=delay), "queued_until": now + HEARD if is_pushed else None}
        if connection is not None:
            return add_job(connection, **row)
        with self.store.statements() as single:
            job_id = add_job(single, **row)
        if is_pushed:
            self.wake(job_id)
        return job_id

    def wake(self, job_id: str) -> None:
        """Tell a worker of a job that is due."""
        try:
            self.push(job_id)
        except Exception as fault:  # the queue is a messenger: without it the row is found some seconds later
            _log.warning("the queue takes no message", fault=type(fault).__name__)

    def forget_failed(self) -> bool:
        """Forget failed work that nobody looked at for long; True when there is more of it."""
        with self.store.statements() as connection:
            return forget_failed(connection, self.now() - FAILED_KEPT, BATCH) == BATCH
