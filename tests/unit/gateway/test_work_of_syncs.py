"""The worker keeps schedules and watched folders by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.services.jobs import Job
from gateway.settings import load_settings
from gateway.store.orgs import add_org
from gateway.store.rosters.runs import list_runs
from gateway.wiring import Gate, open_gate
from gateway.work import work_of
from providers.contract import Misconfigured
from providers.kit.oneroster.district import District, write_district

NOW = [datetime(2026, 7, 1, 1, 0, tzinfo=UTC)]


@pytest.fixture
def gate(sqlite_url: str, tmp_path: Path) -> Iterator[Gate]:
    settings = load_settings({"SCHOOLGATE_DATABASE_URL": sqlite_url, "SCHOOLGATE_VAR": str(tmp_path / "var")})
    opened = open_gate(settings, now=lambda: NOW[0])
    yield opened
    opened.close()


@pytest.fixture
def integration(gate: Gate, tmp_path: Path) -> str:
    write_district(District(20), tmp_path / "package.zip")
    org = add_org(gate.store, name="N", type="district", parent=None, actor="test", at=NOW[0])
    values = {"path": str(tmp_path / "package.zip")}
    return gate.integrations.add("oneroster_csv", org_id=org.sourced_id, values=values, actor="t").integration_id


def _do(gate: Gate, name: str, **args: object) -> None:
    work_of(gate).handlers[name](Job("j", name, args, 1, lambda: False))


def test_the_worker_looks_after_syncs_by_itself(gate: Gate) -> None:
    assert {"syncs.schedule": 60, "syncs.watch": 15}.items() <= work_of(gate).every.items()


def test_a_schedule_begins_a_sync(gate: Gate, integration: str) -> None:
    gate.schedules.set_times(integration, every="1h", actor="t")
    NOW[0] += timedelta(hours=2)
    _do(gate, "syncs.schedule")
    _do(gate, "syncs.run", integration=integration, preview=False)
    (run,) = list_runs(gate.store, integration_id=integration, limit=5)
    assert (run.status, run.actor) == ("applied", "schedule")


def test_a_dropped_file_is_synced(gate: Gate, integration: str, tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    gate.watched_folders.watch(integration, tmp_path / "drop", actor="t")
    shutil.copy(tmp_path / "package.zip", tmp_path / "drop" / "a.zip")
    for _ in range(2):
        _do(gate, "syncs.watch")
    assert len(list((tmp_path / "drop" / "done").iterdir())) == 2


def test_a_row_that_turns_bad_costs_nobody_their_place(gate: Gate, integration: str, tmp_path: Path) -> None:
    write_district(District(20), tmp_path / "days")
    shutil.make_archive(str(tmp_path / "one"), "zip", tmp_path / "days")
    gate.packages.upload(integration, tmp_path / "one.zip", actor="t")
    users = tmp_path / "days" / "enrollments.csv"
    lines = users.read_text("utf-8").splitlines()
    lines[30] = lines[30].replace(",student,", ",nonsense,")
    users.write_text("\n".join(lines) + "\n", "utf-8")
    shutil.make_archive(str(tmp_path / "two"), "zip", tmp_path / "days")
    NOW[0] += timedelta(seconds=1)
    run = gate.packages.upload(integration, tmp_path / "two.zip", actor="t")
    assert (run.types["enrollments"]["gone"], run.types["enrollments"]["skipped"]) == (0, 1)


def test_a_room_without_rosters_has_no_schedule(gate: Gate) -> None:
    org = add_org(gate.store, name="O", type="school", parent=None, actor="test", at=NOW[0])
    values = {
        "issuer": "https://lms.example", "client_id": "c", "auth_login_url": "https://lms.example/a",
        "key_set_url": "https://lms.example/k",
    }  # fmt: skip
    lms = gate.integrations.add("lti", org_id=org.sourced_id, values=values, actor="t").integration_id
    with pytest.raises(Misconfigured) as refused:
        gate.schedules.set_times(lms, every="1h", actor="t")
    assert refused.value.code == "sync.no_roster"
