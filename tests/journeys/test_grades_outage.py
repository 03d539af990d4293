"""Scores through an LMS that fails one call in five and is down for ten minutes: each lands once, in order.

The clock is simulated; `python -m tests.bench grades` does the same with 30,000.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.bench.grades import ITEMS, OUTAGE, VERSIONS, a_class, check, hand_in, send, students_of

STUDENTS = 10


def test_each_score_lands_once_and_in_order_though_the_lms_fails_and_goes_down(tmp_path: Path) -> None:
    with a_class(tmp_path, STUDENTS) as grading:
        hand_in(grading, students_of(grading.room))
        _, on_the_clock = send(grading, STUDENTS * ITEMS * VERSIONS)
        check(grading, STUDENTS * ITEMS * VERSIONS)
        assert OUTAGE < on_the_clock < OUTAGE + timedelta(minutes=5)
