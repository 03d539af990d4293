"""A sync killed before each of its statements, on both databases: the old roster or the new one, never between."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.long


def test_a_sync_killed_at_any_statement_leaves_the_old_roster_or_the_new(database_url: str) -> None:  # F4
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    command = [sys.executable, "-m", "tests.support.mortal_sync", database_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=plain)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    told = outcome["told"]
    assert len(told) > 40
    assert told == sorted(told, reverse=True)  # old … old new … new
    assert set(told) == {"old", "new"}
    assert (outcome["status"], outcome["events"]) == ("unchanged", 5)
