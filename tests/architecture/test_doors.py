"""Proof, time and output come in and go out by named doors."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import HOUSE, calls, is_room_test, python_files, tree

VERIFIER = "gateway/lti/verifier.py"
# The only places that may ask what time it is; everyone else is told (`now`). A simulator is a foreign house.
CLOCK_DOORS = ("gateway/ground.py", "gateway/cli", "providers/kit/simulator")
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.datetime.now", "date.today", "time.time", "time.time_ns"}


def _is_simulator(path: Path) -> bool:
    return "simulator" in path.as_posix()


def test_only_the_verifier_makes_verified_claims() -> None:
    makers = {
        str(path)
        for path in python_files(*HOUSE)
        if not _is_simulator(path)
        for name, _ in calls(path)
        if name.rpartition(".")[2] == "VerifiedClaims"
    }
    assert makers == {VERIFIER}


def test_verified_claims_have_no_second_name() -> None:
    renamed = [
        str(path)
        for path in python_files(*HOUSE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and any(alias.name == "VerifiedClaims" and alias.asname for alias in node.names)
    ]
    assert renamed == []


def test_only_the_doors_ask_what_time_it_is() -> None:
    askers = {str(path) for path in python_files(*HOUSE) for name, _ in calls(path) if name in CLOCKS}
    assert sorted(path for path in askers if not path.startswith(CLOCK_DOORS)) == []


def test_nothing_prints_past_the_log_and_the_console() -> None:
    printers = {str(path) for path in python_files(*HOUSE) for name, _ in calls(path) if name == "print"}
    assert sorted(printers) == []


def test_room_tests_are_left_out_of_these_rules() -> None:
    assert is_room_test(Path("providers/room/tests/test_launch.py"))
    assert not is_room_test(Path("providers/room/launch.py"))
