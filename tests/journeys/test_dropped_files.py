"""`schoolgate worker` as a process: it takes a file that came whole, and half a file takes nobody away."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

from gateway.store.orgs import add_org
from gateway.store.rosters.runs import list_runs
from providers.kit.oneroster.district import District, write_district
from tests.support.working import a_gate

# The command as it is, but for the pause between two looks.
_WORKER = "import gateway.work, gateway.cli; gateway.work.WATCH_SECONDS = 1; gateway.cli.schoolgate(['worker'])"


@contextmanager
def _worker(address: str, folder: Path) -> Iterator[None]:
    own = {"SCHOOLGATE_DATABASE_URL": address, "SCHOOLGATE_VAR": str(folder)}
    process = Popen([sys.executable, "-c", _WORKER], env={**os.environ, **own}, stderr=DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _report(folder: Path, within: float = 60) -> dict[str, object]:
    ends = time.monotonic() + within
    while not (moved := [*folder.glob("*.zip")]):  # the report is written before
        assert time.monotonic() < ends, f"no report in {folder}"
        time.sleep(0.05)
    told: dict[str, object] = json.loads(moved[0].with_name(f"{moved[0].name}.report.json").read_text())
    return told


def test_a_worker_takes_what_came_whole_and_refuses_half_a_file(database_url: str, tmp_path: Path) -> None:  # F1
    write_district(District(20), tmp_path / "sent.zip")
    data, drop = (tmp_path / "sent.zip").read_bytes(), tmp_path / "drop"
    drop.mkdir()
    gate = a_gate(database_url, tmp_path)
    org = add_org(gate.store, name="N", type="district", parent=None, actor="t", at=gate.now())
    values = {"path": "/nowhere/yet.zip"}
    integration = gate.integrations.add("oneroster_csv", org_id=org.sourced_id, values=values, actor="t").integration_id
    gate.watched_folders.watch(integration, drop, actor="t")
    with _worker(database_url, tmp_path):
        (drop / ".sent.zip").write_bytes(data)
        (drop / ".sent.zip").rename(drop / "sent.zip")
        whole = _report(drop / "done")
        (drop / "half.zip").write_bytes(data[: len(data) // 2])
        half = _report(drop / "failed")
    assert (whole["status"], whole["held"]) == ("applied", False)
    assert (half["status"], half["code"]) == ("failed", "upload.unusable")
    assert [run.status for run in list_runs(gate.store)] == ["applied"]
    assert sorted(each.name for each in drop.iterdir()) == ["done", "failed"]
    gate.close()
