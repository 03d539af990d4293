"""A flood of posts that prove nothing costs neither memory nor rows (A13)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.long
POSTS = 100_000
MOST_MEGABYTES = 8


def _without_coverage() -> dict[str, str]:
    """Tracing every line would make it three times as slow and prove nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def test_100_000_bad_posts_leave_memory_and_tables_flat(sqlite_url: str) -> None:  # A13
    command = [sys.executable, "-m", "tests.support.flood", sqlite_url, str(POSTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=_without_coverage())
    cost = json.loads(done.stdout)
    assert cost["posts"] == POSTS
    assert cost["statuses"] == ["400", "401"]
    assert cost["grown_mb"] <= MOST_MEGABYTES
    # The ring's slots are drawn by lot: before the flood one or two may be empty still, never is there one more.
    assert cost["rows_before"]["refusals"] <= cost["rows_after"]["refusals"]
    assert {**cost["rows_after"], "refusals": 0} == {**cost["rows_before"], "refusals": 0}
    assert cost["rows_after"]["launches"] == cost["rows_after"]["users"] == 0
    assert cost["rows_after"]["refusals"] == 512  # 256 of the registration and 256 that belong to none
    assert cost["fetches"] == 1  # unknown kids as well: one cool-down
    assert cost["still_lets_in"] == "accepted"
