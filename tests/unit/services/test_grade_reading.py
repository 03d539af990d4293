"""What the LMS's gradebook says, beside what was sent there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.services.grade_reading import Standing
from gateway.store.tables import identities
from providers.contract import Misconfigured
from tests.support.classes import classroom
from tests.support.grading import Grading


@pytest.fixture
def grading(sqlite_url: str) -> Iterator[Grading]:
    with classroom(sqlite_url) as room:
        room.launch("sam")
        yield Grading(room)


def _read(grading: Grading, application: str = "app", item: str = "quiz-1") -> list[Standing]:
    return grading.room.world.gate.grade_reading.results(application, item)


def test_what_a_teacher_changed_stands_beside_what_was_sent(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    grading.send()
    (standing,) = _read(grading)
    assert (standing.user, standing.score, standing.maximum, standing.sent) == (grading.student(), 8, 10, 8)
    (column,) = [each for each in grading.room.platform.services.gradebook.columns.values() if each.scores]
    ((subject, written),) = column.scores.items()
    column.scores[subject] = written._replace(body={**written.body, "scoreGiven": 9.5})  # a teacher, in the LMS
    assert [(each.score, each.sent) for each in _read(grading)] == [(9.5, 8)]


def test_a_student_whom_we_do_not_know_is_nobody(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    grading.send()
    grading.room.world.change(identities, subject="somebody-else")
    assert [(each.user, each.sent) for each in _read(grading)] == [(None, None)]


def test_only_an_applications_own_line_item_that_is_in_the_lms_can_be_read(grading: Grading) -> None:  # H7
    grading.put_item()
    for application, item, code in (
        ("app", "quiz-1", "line_item.not_in_lms"),
        ("app", "quiz-2", "line_item.unknown"),
        ("another", "quiz-1", "line_item.unknown"),
    ):
        with pytest.raises(Misconfigured) as refused:
            _read(grading, application, item)
        assert refused.value.code == code
