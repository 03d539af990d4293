"""A worker killed in mid-launch, fifty times: nobody half-written, no answered launch lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.store.tables import classes, contexts, enrollments, identities, launches, resource_links, roles, users
from tests.support.launching import Launching, launching

pytestmark = pytest.mark.long
KILLS = 50
Rows = list[dict[str, Any]]


@pytest.fixture
def aftermath(database_url: str) -> Iterator[tuple[Launching, list[list[str]]]]:
    """What the database holds, and what each of the killed workers had told before."""
    command = [sys.executable, "-m", "tests.support.mortal", database_url, str(KILLS)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=plain)
    with launching(database_url, joined=False) as world:
        yield world, json.loads(done.stdout)


def _column(rows: Rows, name: str) -> list[Any]:
    return sorted(row[name] for row in rows)


def test_fifty_kills_leave_nobody_half_written_and_lose_no_answer(
    aftermath: tuple[Launching, list[list[str]]],
) -> None:
    world, told = aftermath
    people = _column(world.rows(users), "sourced_id")
    for table in (identities, roles, enrollments, launches):
        assert _column(world.rows(table), "user_sourced_id") == people
    places = _column(world.rows(classes), "sourced_id")
    for table in (contexts, resource_links, enrollments, launches):
        assert _column(world.rows(table), "class_sourced_id") == places
    answers = [line.split() for lines in told for line in lines]
    assert len(told) == KILLS
    assert len(answers) >= KILLS
    assert {code for code, _, _ in answers} == {"accepted"}
    subjects = {row["user_sourced_id"]: row["subject"] for row in world.rows(identities)}
    kept = {(row["ref"], subjects[row["user_sourced_id"]]) for row in world.rows(launches)}
    assert {(ref, f"user-{number}") for _, ref, number in answers} <= kept
