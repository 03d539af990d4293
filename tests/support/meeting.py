"""A small roster whose person and class are those that the simulated platform signs, read by the real engine."""

from __future__ import annotations

from typing import Any, cast

from gateway.services.job_runs import JobRuns
from gateway.services.room_context import RoomContexts
from gateway.services.room_settings import RoomSettings
from gateway.services.syncs import Syncs
from gateway.store.rosters.runs import Run
from gateway.work import work_of
from keys.sealing import Sealer
from providers.contract import ClassRecord, EnrollmentRecord, OrgRecord, Provider, RoleRecord, UserRecord
from tests.support.matching import MatchingWorld
from tests.support.rosters import MadeUp, NoSettings, Roster

SAM, ALGEBRA = "NF-1011", "NF-ALG-1"  # the SIS ids that the simulated platform signs


def a_roster(person: str = SAM, role: str = "student", **fields: Any) -> Roster:
    """Return a school with one class and one person in it."""
    given = {"given_name": "Samuel", "family_name": "Okafor", **fields}
    return {
        "orgs": [OrgRecord("s", "Northfield School", "school")],
        "classes": [ClassRecord(ALGEBRA, "Algebra I (roster)", "s")],
        "users": [UserRecord(person, **given)],
        "roles": [RoleRecord("r-1", person, "s", role, "primary")],
        "enrollments": [EnrollmentRecord("e-1", person, ALGEBRA, role, "s")],
    }


def syncs_of(world: MatchingWorld, roster: Roster) -> Syncs:
    """Return the engine, whose room brings this roster."""
    plate = Provider("made_up", "Made up", NoSettings, "tests", "beta", roster=cast(Any, MadeUp(roster)))
    rooms = RoomSettings(lambda _key: plate, Sealer((b"k" * 32,)))
    contexts = RoomContexts(rooms, cast(Any, None), cast(Any, None), world.launches.clock, lambda _claims: "")
    return Syncs(world.store, contexts, world.launches.clock, lambda _seconds: None, wait_seconds=0)


def sync(world: MatchingWorld, roster: Roster) -> Run:
    """Sync this roster; it must come through."""
    done = syncs_of(world, roster).run(world.roster_id, actor="test")
    assert done.status in {"applied", "unchanged"}, done
    return done


def run_late_ids(world: MatchingWorld) -> int:
    """Do what launches asked for about late ids; return how many jobs that was."""
    gate = world.launches.gate
    work = work_of(gate)
    own = {name: handler for name, handler in work.handlers.items() if name == "matches.late_ids"}
    runs = JobRuns(gate.jobs, work.__class__(handlers=own, every={}))
    return sum(runs.run(row["id"]) for row in world.launches.rows(_jobs()) if row["name"] in own)


def _jobs() -> Any:
    from gateway.store.tables import jobs

    return jobs
