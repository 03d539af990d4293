"""`schoolgate syncs`: what it prints and how it exits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from providers.contract import KINDS, Misconfigured

Run = Callable[..., str]
Read = Callable[..., Any]


@pytest.fixture
def package(run: Run, tmp_path: Path) -> Path:
    """A made-up district as OneRoster CSV."""
    folder = tmp_path / "district"
    run("demo-data", "--students", "60", "--seed", "1", "--out", str(folder))
    return folder


@pytest.fixture
def integration(read: Read, package: Path) -> str:
    org = read("orgs", "add", "Northfield", "--type", "district")["id"]
    added = read("integrations", "add", "oneroster_csv", "--org", org, "--set", f"path={package}")
    return str(added["id"])


def test_a_run_answers_with_its_counts(read: Read, integration: str) -> None:
    done = read("syncs", "run", integration)
    assert (done["status"], done["held"], done["faults"]) == ("applied", False, [])
    assert set(done["types"]) == set(KINDS)
    assert set(done["types"]["users"]) == {"added", "changed", "gone", "returned", "untouched", "skipped"}
    assert done["types"]["users"]["added"] >= 60
    assert min(done["rows_written"], done["seconds"], done["peak_rss_mb"]) > 0


def test_the_same_roster_again_is_unchanged(read: Read, integration: str) -> None:
    read("syncs", "run", integration)
    again = read("syncs", "run", integration)
    assert (again["status"], again["rows_written"]) == ("unchanged", 0)
    assert [each["status"] for each in read("syncs", "list")["syncs"]] == ["unchanged", "applied"]


def test_a_held_run_exits_with_three_and_waits_for_approval(
    run: Run, read: Read, integration: str, package: Path
) -> None:
    read("syncs", "run", integration)
    path = package / "enrollments.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[: len(lines) // 2]))
    held = json.loads(run("syncs", "run", integration, "--json", code=3))
    assert (held["status"], held["held"]) == ("held", True)
    rows = read("syncs", "show", str(held["id"]))["samples"]
    assert {each["action"] for each in rows} == {"gone"}
    assert rows[0]["fields"]["role"] == ["student", None]
    assert read("syncs", "approve", str(held["id"]))["status"] == "applied"
    assert read("syncs", "undo", str(held["id"]))["status"] == "undo"


def test_one_bad_file_does_not_fill_the_screen_with_reasons(
    run: Run, read: Read, integration: str, package: Path
) -> None:
    read("syncs", "run", integration)
    users = (package / "users.csv").read_text().splitlines(keepends=True)
    (package / "users.csv").write_text("".join(users[:8]))
    said = run("syncs", "run", integration, code=3)
    assert said.count("Held (") == 12
    assert "more reasons; --json lists them all" in said
    number = said.split("syncs discard ")[1].split()[0]
    assert run("syncs", "discard", number).count("Was held (") == 12


def test_a_preview_can_be_discarded(run: Run, read: Read, integration: str) -> None:
    preview = read("syncs", "run", integration, "--preview")
    assert preview["status"] == "preview"
    said = run("syncs", "show", str(preview["id"]))
    assert f"syncs approve {preview['id']}" in said
    assert 'name: "' in said  # not Python's way of writing
    samples = read("syncs", "show", str(preview["id"]))["samples"]
    assert [each["fields"] for each in samples if each["action"] == "linked"] == [{}]  # our org keeps its name
    assert any(each["fields"].get("start_date") for each in samples)
    assert read("syncs", "discard", str(preview["id"]))["status"] == "discarded"


def test_thresholds_are_shown_and_set(run: Run, read: Read, integration: str) -> None:
    assert read("syncs", "guards", integration)["removal_percent"] == 10
    assert read("syncs", "guards", integration, "removal_percent=25")["removal_percent"] == 25
    with pytest.raises(Misconfigured, match=r"guards\.invalid"):
        run("syncs", "guards", integration, "removal_percent=many")


def test_a_run_says_that_nothing_begins_by_itself(run: Run, integration: str) -> None:
    assert "By themselves" not in run("syncs", "run", integration)
    run("integrations", "pause", integration)
    told = run("syncs", "run", integration)
    assert "unchanged" in told
    assert "ran because you started it" in told
    run("integrations", "resume", integration)
    run("integrations", "schedule", integration, "--freeze", "2020-01-01..2099-01-01")
    assert "Now frozen" in run("syncs", "run", integration)


def test_what_a_person_must_mend_pauses_the_integration(run: Run, read: Read, integration: str, package: Path) -> None:
    package.rename(package.with_name("elsewhere"))
    with pytest.raises(Misconfigured):
        run("syncs", "run", integration)
    (failed,) = read("syncs", "list")["syncs"]
    assert failed["status"] == "failed"
    assert read("integrations", "show", integration)["paused"] == failed["sentence"]
    package.with_name("elsewhere").rename(package)
    read("syncs", "run", integration)
    assert read("integrations", "show", integration)["paused"] is None
