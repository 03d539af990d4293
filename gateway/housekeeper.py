"""The clock of a worker: every ten minutes it forgets what is past its time and retires old signing keys."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

import structlog

from gateway.store.housekeeping import BATCH, forget_old
from gateway.wiring import Gate

EVERY_SECONDS = 600.0
LONGEST_TOKEN = timedelta(days=1)  # no token of ours is verified after that
_log = structlog.get_logger("schoolgate.housekeeper")


def keep_house(gate: Gate) -> int:
    """Do one round; return the rows touched. Every worker may do it: each statement can repeat."""
    touched = forgotten = forget_old(gate.store, now=gate.now(), trace_days=gate.settings.trace_days)
    while forgotten >= BATCH:
        forgotten = forget_old(gate.store, now=gate.now(), trace_days=gate.settings.trace_days)
        touched += forgotten
    gate.keyring.retire_due(LONGEST_TOKEN)
    return touched


def start_housekeeper(gate: Gate, stop: Event | None = None) -> Thread:
    """Start the clock in the background; a failed round is logged and tried again at the next."""
    stopped = stop or Event()

    def rounds() -> None:
        while not stopped.wait(EVERY_SECONDS):
            try:
                keep_house(gate)
            except Exception as fault:
                _log.warning("housekeeping failed", fault=type(fault).__name__)

    thread = Thread(target=rounds, name="housekeeper", daemon=True)
    thread.start()
    return thread
