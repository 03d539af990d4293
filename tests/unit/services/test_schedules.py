"""Schedules: when the next sync begins, who takes the turn, what a pause and a freeze do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.services.jobs import Job
from gateway.services.schedules import RUN, describe, is_frozen, next_time
from gateway.settings import load_settings
from gateway.store.jobs import list_jobs
from gateway.store.orgs import add_org
from gateway.store.rosters.runs import list_runs
from gateway.store.schedules import Schedule
from gateway.wiring import Gate, open_gate
from providers.contract import Misconfigured
from providers.kit.oneroster.district import District, write_district

NIGHT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
OFF = Schedule("i", "t", None, "UTC", None, None, None, None, None, "preview", None, {})


class Clock:
    def __init__(self) -> None:
        self.at = NIGHT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Gate]:
    settings = load_settings({"SCHOOLGATE_DATABASE_URL": database_url, "SCHOOLGATE_VAR": str(tmp_path / "var")})
    opened = open_gate(settings, now=clock)
    yield opened
    opened.close()


@pytest.fixture
def integration(gate: Gate, tmp_path: Path) -> str:
    write_district(District(20), tmp_path / "package")
    org = add_org(gate.store, name="N", type="district", parent=None, actor="test", at=NIGHT)
    values = {"path": str(tmp_path / "package")}
    return gate.integrations.add("oneroster_csv", org_id=org.sourced_id, values=values, actor="t").integration_id


def _job(**args: Any) -> Job:
    return Job("j", RUN, args, 1, lambda: False)


def _asked(gate: Gate) -> list[dict[str, Any]]:
    return [job.args for job in list_jobs(gate.store, limit=10) if job.name == RUN]


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("UTC", "2026-07-01T01:00", "2026-07-01T02:30"),
        ("UTC", "2026-07-01T02:30", "2026-07-02T02:30"),
        ("America/Chicago", "2026-07-01T01:00", "2026-07-01T07:30"),
        ("America/Chicago", "2026-12-01T01:00", "2026-12-01T08:30"),
        ("Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:30"),  # half past two doesn't exist there that night
    ],
)
def test_daily_is_a_time_at_school(zone: str, now: str, expected: str) -> None:
    found = next_time(OFF._replace(daily_at="02:30", zone=zone), datetime.fromisoformat(f"{now}+00:00"))
    assert found == datetime.fromisoformat(f"{expected}+00:00")


def test_every_few_hours_is_counted_from_now() -> None:
    assert next_time(OFF._replace(every_minutes=360), NIGHT) == NIGHT + timedelta(hours=6)
    assert next_time(OFF, NIGHT) is None


@pytest.mark.parametrize(("day", "frozen"), [(14, False), (15, True), (20, True), (21, False)])
def test_a_freeze_holds_from_its_first_to_its_last_day(day: int, frozen: bool) -> None:
    schedule = OFF._replace(freeze_from=date(2026, 6, 15), freeze_until=date(2026, 6, 20))
    assert is_frozen(schedule, datetime(2026, 6, day, 12, tzinfo=UTC)) is frozen


def test_a_freeze_begins_with_the_day_at_school() -> None:
    schedule = OFF._replace(freeze_from=date(2026, 6, 15), freeze_until=date(2026, 6, 20), zone="America/Chicago")
    assert not is_frozen(schedule, datetime(2026, 6, 15, 4, tzinfo=UTC))


def test_a_due_sync_is_asked_for_once(gate: Gate, integration: str, clock: Clock) -> None:
    gate.schedules.set_times(integration, daily="02:30", actor="t")
    assert gate.schedules.begin_due() == 0
    clock.at += timedelta(hours=2)
    assert (gate.schedules.begin_due(), gate.schedules.begin_due()) == (1, 0)
    assert _asked(gate) == [{"integration": integration, "preview": False}]
    assert gate.schedules.find(integration).next_at == datetime(2026, 7, 2, 2, 30, tzinfo=UTC)


def test_missed_turns_are_made_up_for_once(gate: Gate, integration: str, clock: Clock) -> None:
    gate.schedules.set_times(integration, every="1h", actor="t")
    clock.at += timedelta(days=3)
    assert gate.schedules.begin_due() == 1
    assert gate.schedules.find(integration).next_at == clock.at + timedelta(hours=1)


def test_nothing_begins_while_paused_disabled_or_off(gate: Gate, integration: str, clock: Clock) -> None:
    gate.schedules.set_times(integration, every="1h", actor="t")
    gate.schedules.pause(integration, actor="t")
    clock.at += timedelta(hours=2)
    assert gate.schedules.begin_due() == 0
    gate.schedules.resume(integration, actor="t")
    gate.integrations.switch(integration, "disabled", actor="t")
    clock.at += timedelta(hours=2)
    assert gate.schedules.begin_due() == 0
    gate.integrations.switch(integration, "active", actor="t")
    gate.schedules.set_times(integration, actor="t")
    assert gate.schedules.begin_due() == 0


def test_frozen_syncs_are_previews(gate: Gate, integration: str, clock: Clock) -> None:
    gate.schedules.set_times(integration, every="1h", actor="t")
    gate.schedules.freeze(integration, "2026-06-15..2026-08-20", actor="t")
    clock.at += timedelta(hours=2)
    assert gate.schedules.begin_due() == 1
    (args,) = _asked(gate)
    gate.schedules.run(_job(**args))
    (run,) = list_runs(gate.store, integration_id=integration, limit=5)
    assert (run.status, run.rows_written) == ("preview", 0)


def test_frozen_syncs_need_not_run_at_all(gate: Gate, integration: str, clock: Clock) -> None:
    gate.schedules.set_times(integration, every="1h", actor="t")
    gate.schedules.freeze(integration, "2026-06-15..2026-08-20", allows="nothing", actor="t")
    clock.at += timedelta(hours=2)
    assert (gate.schedules.begin_due(), _asked(gate)) == (0, [])
    gate.schedules.freeze(integration, None, actor="t")
    clock.at += timedelta(hours=2)
    assert gate.schedules.begin_due() == 1


def test_a_sync_that_a_person_must_mend_is_not_tried_again(gate: Gate, integration: str, clock: Clock) -> None:
    gate.schedules.set_times(integration, every="1h", actor="t")
    for file in Path(gate.integrations.find(integration).settings["path"]).iterdir():
        file.unlink()
    Path(gate.integrations.find(integration).settings["path"]).rmdir()
    with pytest.raises(Misconfigured):
        gate.schedules.run(_job(integration=integration, preview=False))
    clock.at += timedelta(hours=2)
    assert gate.schedules.begin_due() == 0


def test_a_scheduled_sync_fills_the_school(gate: Gate, integration: str) -> None:
    gate.schedules.run(_job(integration=integration, preview=False))
    (run,) = list_runs(gate.store, integration_id=integration, limit=5)
    assert (run.status, run.types["users"]["added"] > 20) == ("applied", True)


WRONG: list[dict[str, str]] = [
    {"daily": "25:00"}, {"daily": "noon"}, {"every": "1m"}, {"every": "9999h"}, {"every": "soon"},
    {"daily": "02:30", "zone": "Mars/Base"}, {"daily": "02:30", "zone": "../etc"},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_schedule_is_refused(gate: Gate, integration: str, wrong: dict[str, str]) -> None:
    with pytest.raises(Misconfigured) as refused:
        gate.schedules.set_times(integration, actor="t", **wrong)
    assert refused.value.code == "schedule.invalid"


@pytest.mark.parametrize("days", ["2026-06-15", "2026-08-20..2026-06-15", "june..july"])
def test_what_are_no_days_is_refused(gate: Gate, integration: str, days: str) -> None:
    with pytest.raises(Misconfigured):
        gate.schedules.freeze(integration, days, actor="t")


def test_unknown_integrations_and_those_without_rosters_have_none(gate: Gate) -> None:
    for call in (gate.schedules.find, lambda i: gate.schedules.pause(i, actor="t")):
        with pytest.raises(Misconfigured):
            call("nothing")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Off: syncs run only when somebody starts them."),
        ({"daily_at": "02:30"}, "Daily at 02:30 (UTC)."),
        (
            {"every_minutes": 60, "paused_at": NIGHT},
            "Every 60 minutes. Paused: no sync begins by itself, and dropped files wait.",
        ),
        (
            {"paused_at": NIGHT},
            "Off: syncs run only when somebody starts them. Paused: no sync begins by itself, and dropped files wait.",
        ),
        (
            {"every_minutes": 60, "freeze_from": date(2026, 6, 15), "freeze_until": date(2026, 8, 20)},
            "Every 60 minutes. Now frozen from 2026-06-15 to 2026-08-20: syncs are previews only.",
        ),
    ],
)
def test_a_schedule_is_told_in_one_sentence(changes: dict[str, Any], told: str) -> None:
    assert describe(OFF._replace(**changes), NIGHT) == told
