"""Names the files that took most of a long run, so that a suite that grows slow says where."""

from __future__ import annotations

from collections import defaultdict

import pytest

_FILES = 8
_FROM = 120.0  # seconds; who runs a few tests asked for no list


class Slowest:
    """Adds up what the tests of each file took, with their fixtures, over all workers."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one phase of one test."""
        self._seconds[report.nodeid.partition("::")[0]] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which files were the slowest."""
        whole = sum(self._seconds.values())
        if whole < _FROM:
            return
        terminalreporter.section("slowest files")
        slowest = sorted(self._seconds.items(), key=lambda each: each[1], reverse=True)
        for file, seconds in slowest[:_FILES]:
            terminalreporter.line(f"{seconds:5.0f} s {seconds / whole:4.0%} {file}")
