"""The first look at a system that has rosters and no launches: is it set up rightly, and what would come; a job."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.services.jobs import Job, Jobs
from gateway.services.room_context import RoomContexts
from gateway.services.syncs import Syncs
from gateway.store import Store
from gateway.store.integrations import Integration, find_integration
from gateway.store.invites import Invite, find_invite, keep_findings, note_connected
from gateway.store.rosters.runs import Run
from providers.contract import Failure, Health, Provider, declared

WORK: Final = "connect.first_look"
_THERE: Final = ("added", "changed", "returned", "untouched")
_TOLD: Final = ("orgs", "classes", "users", "enrollments")


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Thread-safe. A web worker only asks for it: no page waits for somebody else's system."""

    store: Store
    contexts: RoomContexts
    syncs: Syncs
    jobs: Jobs
    now: Callable[[], datetime]

    def ask(self, invite: Invite) -> None:
        """Let a worker look (again) at what an invite set up."""
        with self.store.transaction() as connection:
            keep_findings(connection, invite.id, None)
        self.jobs.enqueue(WORK, {"invite": invite.id}, key=f"{WORK}:{invite.id}")

    def work(self, job: Job) -> None:
        """Check the system, then read it once as a preview, and keep what was found; all well: it is connected."""
        invite = find_invite(self.store, str(job.args["invite"]))
        integration = None if invite is None else find_integration(self.store, invite.integration_id or "")
        if invite is None or integration is None or invite.used_at is None:
            return
        found = self._findings(integration, f"invite:{invite.id}")
        told = [[health.check, health.ok, health.advice] for health in found]
        with self.store.transaction() as connection:
            keep_findings(connection, invite.id, told)
            if all(health.ok for health in found):
                note_connected(connection, invite, self.now())

    def _findings(self, integration: Integration, actor: str) -> list[Health]:
        plate = self.contexts.rooms.room(integration.provider)
        assert plate.roster is not None  # nobody else asks
        try:
            found = list(plate.roster.check(self.contexts.open(integration)))
            if all(health.ok for health in found):
                run = self.syncs.run(integration.id, actor=actor, preview=True)
                found.append(Health("a first reading, as a preview", True, _counts(run)))
        except Failure as failure:
            found = [Health("a first reading", False, failure.sentence)]
        return [Health(each.check, each.ok, in_the_pages_words(plate, each.advice)) for each in found]


def in_the_pages_words(plate: Provider, advice: str) -> str:
    """Call settings as the page does: operators know their names, a school's administrator sees labels."""
    labels = {field.name: field.label for field in declared(plate.settings)}
    return re.sub(r"\b[a-z_]+\b", lambda word: f"“{labels[word[0]]}”" if word[0] in labels else word[0], advice)


def _counts(run: Run) -> str:
    counted = {kind: sum(numbers.get(name, 0) for name in _THERE) for kind, numbers in run.types.items()}
    return ", ".join(f"{counted[kind]:,} {kind}" for kind in _TOLD if kind in counted)
