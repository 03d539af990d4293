"""What a platform's notification service does to a gate: posts notices, and a worker applies them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from gateway.services.job_runs import JobRuns
from gateway.store.tables import deployments
from gateway.work import work_of
from providers.kit.lti import claims as names
from providers.kit.simulator import Course, SimulatedPlatform
from providers.kit.simulator.people import ALGEBRA, ROBOTICS
from tests.support.launching import GATE, Launching


def address_of(gate: Launching, platform: SimulatedPlatform) -> str:
    """Return where the notices of a platform's registration go."""
    own = deployments.c.deployment_id == platform.config.deployment_id
    with gate.store.statements() as connection:
        found = connection.execute(select(deployments.c.registration_id).where(own)).scalars().all()
    for registration_id in found:
        if gate.gate.registrations.with_id(str(registration_id)).client_id == platform.config.client_id:
            return f"/lti/notices/{registration_id}"
    raise AssertionError("no such registration")


def post(gate: Launching, body: Any, platform: SimulatedPlatform | None = None) -> TestResponse:
    """Post a body as the platform does."""
    return gate.browser().post(address_of(gate, platform or gate.platform), json=body, base_url=GATE)


def send(
    gate: Launching, *told: dict[str, Any], platform: SimulatedPlatform | None = None, **signing: Any
) -> tuple[int, list[str]]:
    """Send notices in one batch; return the status and how each ended."""
    body = (platform or gate.platform).notices.batch(told, **signing)
    answer = post(gate, body, platform)
    return answer.status_code, [each["outcome"] for each in answer.get_json()["notices"]]


def copied(
    gate: Launching, origin: Course = ALGEBRA, copy: Course = ROBOTICS, *, platform: Any = None, **changes: Any
) -> dict[str, Any]:
    """Return the claims of the notice that a course was copied."""
    claims: dict[str, Any] = (platform or gate.platform).notices.copied(origin, copy, **changes)
    return claims


def work(gate: Launching) -> int:
    """Do what waits, as a worker would a moment later."""
    gate.clock.move(seconds=31)
    return JobRuns(gate.gate.jobs, work_of(gate.gate)).run_due()


def history(gate: Launching, outcome: Any) -> str | None:
    """Return which of our classes the application is told that this launch's class came from."""
    told: str | None = gate.told(outcome).get(names.CUSTOM, {}).get("context_id_history")
    return told


def class_id(gate: Launching, outcome: Any) -> str:
    """Return our class of a launch."""
    return str(gate.told(outcome)[names.CONTEXT]["id"])
