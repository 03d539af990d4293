"""The demo's district: a made-up roster of today, the next day's beside it, synced by the gateway's own worker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gateway.demo.script import Script
from gateway.services.schedules import RUN
from gateway.store.orgs import add_org
from gateway.store.rosters.runs import list_runs
from gateway.wiring import Gate
from providers.kit.oneroster.district import District, write_district

ACTOR = "demo"
_HERE = ("added", "changed", "returned", "untouched")


@dataclass(frozen=True, slots=True)
class Rostered:
    """The integration that brings the roster, and the package of the next day."""

    integration_id: str
    tomorrow: Path


def set_up_roster(gate: Gate, script: Script, folder: Path) -> Rostered:
    """Add the district and its integration, write both days, and ask for the first sync."""
    today, tomorrow = folder / "today.zip", folder / "tomorrow.zip"
    write_district(District(script.roster_students), today)
    write_district(District(script.roster_students, day=2, change=0.02), tomorrow)
    org = add_org(gate.store, name=script.roster_district, type="district", parent=None, actor=ACTOR, at=gate.now())
    added = gate.integrations.add(script.roster, org_id=org.sourced_id, values={"path": str(today)}, actor=ACTOR)
    args = {"integration": added.integration_id, "preview": False}
    gate.jobs.enqueue(RUN, args, key=f"{RUN}:{added.integration_id}")
    return Rostered(added.integration_id, tomorrow)


def newest_sync(gate: Gate, integration_id: str) -> str:
    """Return in one line how the newest sync that came to its counts stands."""
    for run in list_runs(gate.store, integration_id=integration_id, limit=10):
        if run.types:
            here = {kind: sum(each[name] for name in _HERE) for kind, each in run.types.items()}
            counted = f"{here['users']:,} people, {here['classes']:,} classes and {here['enrollments']:,} enrollments"
            return f"{counted}; sync {run.id} is {run.status}, in {run.seconds or 0:.1f} seconds"
    return "the roster is just coming in; reload this page"
