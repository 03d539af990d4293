"""Does background work under a lease: what a dead worker held, another takes up; failures wait longer each time."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event

import structlog

from gateway.services.jobs import HEARD, Job, Jobs, Work
from gateway.store.ids import new_id
from gateway.store.jobs import JobRow, add_periodic, claim, finish, give_up, rearm, release, renew, take_due
from providers.contract import Failure, Unavailable

LEASE = timedelta(seconds=60)  # a worker that is silent for so long is taken for dead
RENEW_SECONDS = 15.0
MOST_AT_ONCE = 100
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 3600.0
_log = structlog.get_logger("schoolgate.jobs")


def pause_after(attempt: int, lot: float) -> float:
    """Return the seconds to wait after a failed attempt: doubled each time, and spread by `lot` (0 to 1)."""
    longest: float = min(FIRST_PAUSE * 2 ** min(attempt - 1, 20), LONGEST_PAUSE)
    return longest * (0.5 + lot / 2)


def _draw() -> float:
    return secrets.randbelow(1000) / 1000


def _place(fault: Exception) -> str:
    """Return where it was raised, the innermost three steps."""
    steps = traceback.extract_tb(fault.__traceback__)[-3:]
    return " > ".join(f"{Path(step.filename).name}:{step.lineno}" for step in steps)


@dataclass(frozen=True, slots=True)
class JobRuns:
    """What a worker does with jobs. Thread-safe."""

    jobs: Jobs
    work: Work
    stopping: Event = field(default_factory=Event)
    lease: timedelta = LEASE
    lot: Callable[[], float] = _draw
    _in_hand: dict[str, str] = field(default_factory=dict)  # lease -> job

    def arm(self) -> None:
        """Make sure that periodic work is on the list, once for all machines."""
        for name, seconds in self.work.every.items():
            add_periodic(self.jobs.store, name=name, every_seconds=seconds, at=self.jobs.now())

    def sweep(self) -> list[str]:
        """Find work that is due and that no queue has heard of, or whose worker died; return its ids."""
        now = self.jobs.now()
        return take_due(self.jobs.store, now=now, queued_until=now + HEARD, most=MOST_AT_ONCE)

    def keep(self) -> None:
        """Renew the leases of what is in hand."""
        if leases := set(self._in_hand):
            renew(self.jobs.store, leases, self.jobs.now() + self.lease)

    def lay_down(self) -> None:
        """Give back what is still in hand: the worker ends."""
        if leases := set(self._in_hand):
            release(self.jobs.store, leases, self.jobs.now())

    def run_due(self) -> int:
        """Do everything that is due, here and now; return how many jobs that was. For commands and tests."""
        ran = 0
        while found := self.sweep():
            ran += sum(map(self.run, found))
        return ran

    def run(self, job_id: str) -> bool:
        """Do one job; False when there is nothing to do, for example because another worker has it."""
        now, lease = self.jobs.now(), new_id()
        if job_id in self._in_hand.values():  # in hand here, whatever its lease says: renewing it may have to wait
            return False
        row = claim(self.jobs.store, job_id, lease=lease, now=now, until=now + self.lease)
        if row is None:
            return False
        self._in_hand[lease] = row.id
        try:
            self._run(row, lease)
        finally:
            del self._in_hand[lease]
        return True

    def _run(self, row: JobRow, lease: str) -> None:
        handler = self.work.handlers.get(row.name)
        if handler is None:
            return self._failed(row, lease, "job.unknown", "no such work in this version")
        if row.attempts > MOST_ATTEMPTS and row.every_seconds is None:
            return self._failed(row, lease, "job.attempts_used_up", row.fault or "its workers died")
        try:
            again = handler(Job(row.id, row.name, row.args, row.attempts, self.stopping.is_set))
        except Failure as failure:
            if not isinstance(failure, Unavailable):
                return self._failed(row, lease, failure.code, failure.detail)
            self._later(row, lease, failure.code, failure.retry_after or 0)
        except Exception as fault:
            kind, place = type(fault).__name__, _place(fault)  # its text may name people
            _log.error("background work broke", job=row.id, work=row.name, fault=kind, place=place)
            self._later(row, lease, "job.broken", 0)
        else:
            self._ended(row, lease, again)
        return None

    def _ended(self, row: JobRow, lease: str, again: float | None) -> None:
        if again is None and row.every_seconds is not None:
            again = float(row.every_seconds)
        if again is not None:
            self._lay(row, lease, again, None, 0)
        elif not finish(self.jobs.store, lease):  # asked for again while it ran
            self._lay(row, lease, 0, None, 0)

    def _failed(self, row: JobRow, lease: str, code: str, detail: str) -> None:
        _log.warning("background work gave up", job=row.id, work=row.name, code=code, detail=detail)
        if row.every_seconds is not None:
            return self._lay(row, lease, float(row.every_seconds), code, 0)
        return give_up(self.jobs.store, lease, fault=code, now=self.jobs.now())

    def _later(self, row: JobRow, lease: str, code: str, at_least: float) -> None:
        if row.attempts >= MOST_ATTEMPTS:
            return self._failed(row, lease, code, "tried too often")
        return self._lay(row, lease, max(at_least, pause_after(row.attempts, self.lot())), code, row.attempts)

    def _lay(self, row: JobRow, lease: str, seconds: float, code: str | None, attempts: int) -> None:
        now = self.jobs.now()
        due = now + timedelta(seconds=seconds)
        rearm(self.jobs.store, lease, due_at=due, now=now, fault=code, attempts=attempts)
        if seconds <= 0 and not self.stopping.is_set():
            self.jobs.wake(row.id)
