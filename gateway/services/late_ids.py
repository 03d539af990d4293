"""Somebody was there without a school's id, and a later launch signs one: a job lets them meet their record.

Not in the launch itself: it would have to wait for a sync that is just writing. The id that the application knows
stays, so that nobody in the launch notices when.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from gateway.services.jobs import Job, Jobs
from gateway.services.linking import tells_new_id
from gateway.services.links import RosterLock
from gateway.services.meeting import join_proven
from gateway.store import Store
from gateway.store.arrivals import Known
from gateway.store.integrations import find_integration
from gateway.store.matching.pairs import list_pairs
from gateway.store.rosters.sources import source_of
from providers.contract import Launch

WORK: Final = "matches.late_ids"
ACTOR = "launch"
_log = structlog.get_logger("schoolgate.matches")


@dataclass(frozen=True, slots=True)
class LateIds:
    """Thread-safe."""

    store: Store
    jobs: Jobs
    lock: RosterLock
    now: Callable[[], datetime]

    def after_launch(self, launch: Launch, known: Known) -> None:
        """Ask for a look at the rosters that share ids with this integration. Never stops a launch."""
        if not tells_new_id(launch, known):
            return
        integration_id = str(known.integration_id)
        try:
            if any(pair.launch_integration_id == integration_id for pair in list_pairs(self.store)):
                self.jobs.enqueue(WORK, {"integration": integration_id}, key=f"{WORK}:{integration_id}")
        except Exception as fault:
            _log.warning("a late id was not looked at", fault=type(fault).__name__)

    def work(self, job: Job) -> None:
        """Join what is proven by now. Raises Unavailable (``sync.busy``): tried again later."""
        for pair in list_pairs(self.store):
            roster = find_integration(self.store, pair.roster_integration_id)
            if pair.launch_integration_id != job.args["integration"] or roster is None:
                continue
            source = source_of(self.store, roster)
            with self.lock.held(source.id):
                join_proven(self.store, source, pair.launch_integration_id, pair.match, actor=ACTOR, at=self.now())
