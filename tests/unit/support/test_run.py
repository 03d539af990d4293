"""A run of the suite as a whole: what begins first, and what is left of killed processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.coverage_floor import forget_unwritten
from tests.support import plugin


def test_long_tests_begin_before_all_others(request: pytest.FixtureRequest) -> None:
    late = request.node
    items = [item for item in request.session.items if item is not late and not item.get_closest_marker("long")]
    late.add_marker("long")
    ordered = [*items, late]
    plugin.pytest_collection_modifyitems(ordered)
    assert ordered == [late, *items]


def test_a_process_killed_before_it_wrote_leaves_no_coverage_file(tmp_path: Path) -> None:
    (tmp_path / ".coverage.machine.killed").touch()
    (tmp_path / ".coverage.machine.lived").write_bytes(b"SQLite format 3")
    assert [path.name for path in forget_unwritten(tmp_path)] == [".coverage.machine.killed"]
    assert [path.name for path in tmp_path.iterdir()] == [".coverage.machine.lived"]
