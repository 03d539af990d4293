"""A gate whose one platform answers on a real socket, launches and services, and the jobs that read from it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gateway.services.job_runs import JobRuns
from gateway.store.tables import classes, contexts, enrollments, jobs, users
from gateway.work import work_of
from providers.kit.simulator import SimulatedPlatform
from providers.kit.simulator.class_list import ClassList
from providers.kit.simulator.lti_app import create_app
from providers.kit.simulator.people import ALGEBRA
from providers.kit.simulator.serving import running
from tests.support.key_stores import Clock
from tests.support.launching import GATE, Launching, a_config, launching


@dataclass
class Classroom:
    """A school whose classes are known from launches."""

    world: Launching
    platform: SimulatedPlatform

    @property
    def roster(self) -> ClassList:
        return self.platform.services.classes

    @property
    def class_id(self) -> str:
        return str(self.world.rows(classes)[0]["sourced_id"])

    @property
    def course(self) -> dict[str, Any]:
        """The class's row of what is known of its course at the LMS."""
        return self.world.rows(contexts)[0]

    def launch(self, person: str = "tia", **wrong: Any) -> None:
        assert self.world.launch(person, platform=self.platform, **wrong).code == "accepted"

    def work(self) -> int:
        """Do all background work that is due."""
        return JobRuns(self.world.gate.jobs, work_of(self.world.gate)).run_due()

    def queued(self) -> list[str]:
        """Return the names of the work that waits."""
        return [str(row["name"]) for row in self.world.rows(jobs)]

    def enrolled(self) -> set[tuple[str, str]]:
        """Return who is in the class now: family name or, of those who share none, subject's end; and role."""
        names = {row["sourced_id"]: row["family_name"] or "?" for row in self.world.rows(users)}
        rows = self.world.rows(enrollments)
        return {(names[row["user_sourced_id"]], row["role"]) for row in rows if row["status"] == "active"}


@contextmanager
def classroom(database_url: str, *, lti_notices: str = "on") -> Iterator[Classroom]:
    """Run a gate and its platform. The clock stands at the present, as access tokens of the platform run by it."""
    clock = Clock()
    clock.time = datetime.now(UTC)
    own = {"SCHOOLGATE_ALLOW_HOSTS": "127.0.0.1", "SCHOOLGATE_LTI_NOTICES": lti_notices}
    with launching(database_url, clock=clock, joined=True, public_url=GATE, **own) as world:

        def build(base: str) -> Any:
            platform = world.join(a_config(issuer=base, client_id="services"))
            platform.services.tokens.tool_keys = world.gate.keyring.public_jwks
            return create_app(platform, sleep=time.sleep)

        world.gate.keyring.ensure()
        with running(build):
            yield Classroom(world, world.platforms[-1][1])


__all__ = ["ALGEBRA", "Classroom", "classroom"]
