"""What waits is counted alike on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.store.backlog import count_backlog
from tests.support.classes import classroom
from tests.support.grading import Grading


@pytest.fixture
def grading(database_url: str) -> Iterator[Grading]:
    with classroom(database_url) as room:
        room.launch("sam")
        yield Grading(room)


def test_scores_are_counted_by_state_and_the_oldest_that_waits_by_its_age(grading: Grading) -> None:
    world = grading.room.world
    grading.put_item()
    grading.put(8)
    grading.send()
    grading.put(9)
    world.clock.move(minutes=2)
    found = count_backlog(world.store, world.clock())
    assert found.scores == {"waiting": 1, "sent": 1, "failed": 0, "kept": 0}
    assert found.scores_oldest_seconds == 120
    assert found.jobs["waiting"] >= 1
    assert found.jobs_overdue_seconds >= 120
    grading.send()
    assert count_backlog(world.store, world.clock()).scores_oldest_seconds == 0
