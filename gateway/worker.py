"""A worker: takes jobs from the queue, looks after rows that no message came for, and ends cleanly on SIGTERM."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from types import FrameType

import structlog

from gateway.services.events.sending import LOOK_SECONDS
from gateway.services.job_runs import RENEW_SECONDS, JobRuns
from gateway.wiring import Gate

SWEEP_SECONDS = 2.0
HEALTH_SECONDS = 10.0
LEAVE_SECONDS = 20.0  # what work has to come to a safe point; then it is laid down for another worker
_log = structlog.get_logger("schoolgate.worker")


def run_worker(gate: Gate, runs: JobRuns, *, threads: int, parent: int | None = None) -> None:
    """Work until told to stop (SIGTERM, SIGINT), or until the process `parent` is gone."""
    consumer = gate.queue.consumer(runs.run, threads)
    runs.arm()
    consumer.start()
    _stop_on_signals(runs)
    keeping = _Round(RENEW_SECONDS, runs.keep)
    rounds = (
        _Round(SWEEP_SECONDS, lambda: _wake(gate, runs)),
        _Round(LOOK_SECONDS, gate.events.sending.look),
        keeping,
        _Round(HEALTH_SECONDS, consumer.check_worker_health),
    )
    while not runs.stopping.wait(0.2) and (parent is None or os.getppid() == parent):
        for each in rounds:
            each.turn()
    runs.stopping.set()
    consumer.stop_flag.set()
    ends = time.monotonic() + LEAVE_SECONDS
    for _, thread in consumer.worker_threads:
        while thread.is_alive() and time.monotonic() < ends:
            thread.join(1)
            keeping.turn()
    runs.lay_down()
    gate.queue.close()


def _wake(gate: Gate, runs: JobRuns) -> None:
    for job_id in runs.sweep():
        gate.queue.push(job_id)


def _stop_on_signals(runs: JobRuns) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        runs.stopping.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)


class _Round:
    """Something to do every so many seconds; what it raises is logged, and it is tried again at its next turn."""

    def __init__(self, seconds: float, do: Callable[[], object]) -> None:
        self._seconds, self._do, self._next = seconds, do, 0.0

    def turn(self) -> None:
        """Do it if it is time."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._seconds
        try:
            self._do()
        except Exception as fault:
            _log.warning("the worker could not look after its jobs", fault=type(fault).__name__)
