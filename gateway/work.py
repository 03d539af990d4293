"""What background work there is: each kind by its name, and what runs by itself; services bring the handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.services.jobs import Handler, Job, Work

if TYPE_CHECKING:
    from gateway.wiring import Gate


def work_of(gate: Gate) -> Work:
    """Return what a worker of this gate can do."""
    return Work(handlers={"jobs.tidy": _tidy(gate)}, every={"jobs.tidy": 3600})


def _tidy(gate: Gate) -> Handler:
    def tidy(_job: Job) -> float | None:
        return 0 if gate.jobs.forget_failed() else None

    return tidy
