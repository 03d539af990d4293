"""`schoolgate integrations schedule`, `pause` and `resume`, as an operator types them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from providers.contract import Misconfigured

Call = Callable[..., Any]


@pytest.fixture
def integration(read: Call, org: str) -> str:
    return str(read("integrations", "add", "oneroster_csv", "--org", org, "--set", "path=/srv/roster.zip")["id"])


def test_a_schedule_is_set_shown_and_switched_off(read: Call, run: Call, integration: str) -> None:
    document = read("integrations", "schedule", integration, "--daily", "2:30", "--zone", "America/Chicago")
    assert (document["daily_at"], document["zone"], document["paused"]) == ("02:30", "America/Chicago", False)
    assert document["next"]
    assert "Daily at 02:30 (America/Chicago)." in run("integrations", "schedule", integration)
    assert read("integrations", "schedule", integration, "--every", "6h")["every_minutes"] == 360
    assert read("integrations", "schedule", integration, "--off")["schedule"].startswith("Off")


def test_pause_and_resume(read: Call, integration: str) -> None:
    read("integrations", "schedule", integration, "--every", "6h")
    assert (
        read("integrations", "pause", integration)["paused"],
        read("integrations", "resume", integration)["paused"],
    ) == (
        True,
        False,
    )


def test_an_integration_that_was_paused_by_hand_says_so(read: Call, integration: str) -> None:
    assert read("integrations", "show", integration)["paused"] is None
    read("integrations", "pause", integration)
    assert read("integrations", "show", integration)["paused"].startswith("By hand, until")


def test_freeze_and_back(read: Call, integration: str) -> None:
    read("integrations", "schedule", integration, "--every", "6h")
    days = ("--freeze", "2026-06-15..2026-08-20", "--frozen", "nothing")
    document = read("integrations", "schedule", integration, *days)
    assert (document["freeze_from"], document["freeze_until"]) == ("2026-06-15", "2026-08-20")
    assert document["while_frozen"] == "nothing"
    assert read("integrations", "schedule", integration, "--no-freeze")["freeze_from"] is None


@pytest.mark.parametrize("options", [("--daily", "1:00", "--off"), ("--zone", "UTC"), ("--every", "never")])
def test_what_makes_no_sense_is_refused(run: Call, integration: str, options: tuple[str, ...]) -> None:
    with pytest.raises(Misconfigured) as refused:
        run("integrations", "schedule", integration, *options)
    assert refused.value.code == "schedule.invalid"
