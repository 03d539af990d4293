"""Syncs in several processes: the second waits for the first, and one that died while it read is taken up again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def _told(command: str, address: str) -> Any:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    arguments = [sys.executable, "-m", "tests.support.sync_processes", command, address]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=plain, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_of_two_syncs_in_two_processes_one_waits(database_url: str) -> None:  # F6
    assert _told("two", database_url) == {
        "meanwhile": ["reading"], "after": ["applied", "unchanged"], "processes": 2,
    }  # fmt: skip


def test_a_sync_killed_while_it_reads_goes_on_or_begins_again(database_url: str) -> None:  # F4
    told = _told("killed", database_url)
    assert {(each["died"], each["stands"], each["is_whole"]) for each in told} == {("reading", True, True)}
    early, *resumed, without_cursors = told
    assert all(each["same_line"] and 0 < int(each["resumed"]) < each["at"] for each in resumed)
    again = {(each["resumed"], each["same_line"], each["first_line"]) for each in (early, without_cursors)}
    assert again == {(None, False, "sync.killed")}
