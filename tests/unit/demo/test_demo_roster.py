"""The demo's district: its first sync is asked for, and one line tells how it stands."""

from __future__ import annotations

from pathlib import Path

from gateway.demo.roster import newest_sync, set_up_roster
from gateway.demo.script import read_script
from gateway.services.jobs import Job
from gateway.settings import load_settings
from gateway.store.jobs import list_jobs
from gateway.wiring import open_gate


def test_a_district_comes_in_and_its_next_day_after_it(sqlite_url: str, tmp_path: Path) -> None:
    gate = open_gate(load_settings({"SCHOOLGATE_DATABASE_URL": sqlite_url, "SCHOOLGATE_VAR": str(tmp_path)}))
    try:
        rostered = set_up_roster(gate, read_script(), tmp_path / "roster")
        assert "just coming in" in newest_sync(gate, rostered.integration_id)
        (asked,) = list_jobs(gate.store, limit=5)
        gate.schedules.run(Job(asked.id, asked.name, asked.args, 1, lambda: False))
        assert newest_sync(gate, rostered.integration_id).startswith(
            "1,061 people, 100 classes and 5,014 enrollments; sync 1 is applied"
        )
        after = gate.packages.upload(rostered.integration_id, rostered.tomorrow, actor="t")
        assert (after.status, after.types["enrollments"]["gone"] > 0) == ("applied", True)
    finally:
        gate.close()
