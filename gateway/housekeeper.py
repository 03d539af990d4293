"""The clock of a worker: every ten minutes it forgets what is past its time and retires old signing keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

import structlog

from gateway.store.events.forgetting import forget_changes
from gateway.store.events.lines import settle_moved
from gateway.store.housekeeping import BATCH, forget_deployments_of_nobody, forget_invites, forget_old
from gateway.store.taken_back import forget_taken_back
from gateway.wiring import Gate

EVERY_SECONDS = 600.0
LONGEST_TOKEN = timedelta(days=1)  # no token of ours is verified after that
_log = structlog.get_logger("schoolgate.housekeeper")


def keep_house(gate: Gate) -> int:
    """Do one round; return the rows touched. Every worker may do it: each statement can repeat."""
    now, settings = gate.now(), gate.settings
    ended = now - timedelta(days=settings.invite_days)
    too_old = now - timedelta(days=settings.event_days)
    with gate.store.statements() as connection:
        settle_moved(connection)
    rounds = (
        lambda: forget_old(gate.store, now=now, trace_days=settings.trace_days),
        lambda: forget_invites(gate.store, before=ended),
        lambda: forget_deployments_of_nobody(gate.store, before=ended),
        lambda: forget_taken_back(gate.store, before=ended, at=now),
        lambda: forget_changes(gate.store, before=too_old, now=now),
    )
    touched = sum(_until_nothing_is_left(forget) for forget in rounds)
    gate.keyring.retire_due(LONGEST_TOKEN)
    return touched


def _until_nothing_is_left(forget: Callable[[], int]) -> int:
    touched = forgotten = forget()
    while forgotten >= BATCH:
        forgotten = forget()
        touched += forgotten
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
