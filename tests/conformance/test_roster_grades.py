"""What every room must do that writes grades for classes of its roster; runs on each one's own simulator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import providers
from providers.contract import ClassGradebook, Failure, LineItem, Misconfigured, Refused, Score, Unavailable
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.roster_data import made_up_roster
from providers.kit.simulator.roster_gradebook import RosterGradebook
from tests.conformance.roster_room import RosterRoom, roster_room

AT = datetime(2026, 3, 1, 9, 30, 0, 5000, tzinfo=UTC)
WANTED = LineItem("Quiz", 10, resource_id="0191-a")


class Grading:
    """A room, one class of its roster, and a student who is in it."""

    def __init__(self, key: str, room: RosterRoom) -> None:
        plate = providers.room(key)
        assert plate.roster_grades
        assert room.system.gradebook
        self.room, self.grades, self.system = room, plate.roster_grades, room.system.gradebook
        members = [each for each in room.system.truth()["enrollments"] if each.role == "student"]
        self.class_id, self.student = members[0].class_id, members[0].user_id
        self.classmate = next(each.user_id for each in members[1:] if each.class_id == self.class_id)
        here = {each.user_id for each in members if each.class_id == self.class_id}
        self.stranger = next(each.user_id for each in members if each.user_id not in here)

    def book(self, class_id: str | None = None) -> ClassGradebook:
        return self.grades.gradebook(self.room.context, class_id or self.class_id)

    def post(self, who: str | None = None, given: float | None = 8, **changes: Any) -> str:
        book = self.book()
        score = Score(who or self.student, AT, given, 10, **changes)
        return book.post_score(str(book.open_line_item(WANTED).url), score)


@pytest.fixture(scope="module", params=sorted(key for key, room in providers.rooms().items() if room.roster_grades))
def _running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grading]:
    folder: Path = tmp_path_factory.mktemp("roster")
    with roster_room(providers.room(request.param), made_up_roster(12), folder) as room:
        yield Grading(request.param, room)


@pytest.fixture
def grading(_running: Grading) -> Grading:
    _running.system.reset()
    return _running


@pytest.fixture
def book(grading: Grading) -> RosterGradebook:
    return grading.system


def test_the_settings_that_read_the_roster_write_its_grades(grading: Grading) -> None:
    assert grading.grades.is_set_up(grading.room.context.settings)


def test_a_column_is_made_once_and_found_again_by_another_run(grading: Grading, book: RosterGradebook) -> None:
    first = grading.book().open_line_item(WANTED)
    assert grading.book().open_line_item(WANTED._replace(label="Renamed")).url == first.url
    assert len(book.columns) == 1


def test_ids_that_begin_alike_are_columns_of_their_own(grading: Grading, book: RosterGradebook) -> None:
    made = [grading.book().open_line_item(WANTED._replace(resource_id=name)) for name in ("0191", "0191-a", "0191-a-1")]
    assert len({each.url for each in made}) == len(book.columns) == 3


def test_a_column_whose_making_was_answered_by_nobody_is_found_again(grading: Grading, book: RosterGradebook) -> None:
    book.faults.plan("columns", [Fault(502, is_after=True)])
    with pytest.raises(Unavailable):
        grading.post()
    assert grading.post() == "recorded"
    assert len(book.columns) == 1


def test_a_score_arrives_and_is_read_back(grading: Grading, book: RosterGradebook) -> None:
    assert grading.post(comment="Good work") == "recorded"
    url = str(grading.book().open_line_item(WANTED).url)
    (result,) = grading.book().read_results(url)
    assert tuple(result) == (grading.student, 8, 10, "Good work")
    assert list(grading.book().read_results(url, subject=grading.classmate)) == []


def test_the_same_score_again_changes_nothing(grading: Grading, book: RosterGradebook) -> None:
    for _ in range(2):
        grading.post(comment="Good work")
    (stands,) = book.grades.values()
    assert (stands.points, stands.comments[-1:], len(stands.comments)) == (8, ("Good work",), 1)


def test_a_score_goes_by_the_points_that_a_teacher_gave_the_column(grading: Grading, book: RosterGradebook) -> None:
    grading.book().open_line_item(WANTED)
    (column,) = book.columns.values()
    column.body |= {"points_possible": 30, "max_points": "30"}
    grading.post()
    assert [each.points for each in book.written] == [24]


def test_no_score_clears_what_stands_there(grading: Grading, book: RosterGradebook) -> None:
    grading.post()
    grading.post(given=None, activity_progress="Initialized", grading_progress="NotReady")
    assert [each.points for each in book.grades.values()] == [None]


def test_what_was_only_handed_in_leaves_the_score_that_stands_there(grading: Grading, book: RosterGradebook) -> None:
    grading.post()
    grading.post(given=None, activity_progress="Submitted", grading_progress="Pending")
    assert [each.points for each in book.grades.values()] == [8]


@pytest.mark.parametrize(("fault", "seconds"), [(Fault(429, "5"), 5), (Fault(503), None)])
def test_a_busy_gradebook_is_left_to_the_outbox(grading: Grading, fault: Fault, seconds: float | None) -> None:
    grading.post()
    grading.system.faults.plan("grades", [fault])
    with pytest.raises(Unavailable) as failure:
        grading.post()
    assert failure.value.retry_after == seconds


def test_a_column_that_a_teacher_deleted_is_said_to_be_gone(grading: Grading, book: RosterGradebook) -> None:
    url = str(grading.book().open_line_item(WANTED).url)
    book.columns.clear()
    with pytest.raises(Misconfigured, match=r"grades\.line_item_gone"):
        grading.book().post_score(url, Score(grading.student, AT, 8, 10))


def test_somebody_of_another_class_has_a_code(grading: Grading, book: RosterGradebook) -> None:
    with pytest.raises(Refused, match=r"grades\.student_not_in_course"):
        grading.post(grading.stranger)
    assert book.written == []


def test_a_course_that_ended_has_a_code(grading: Grading) -> None:
    url = str(grading.book().open_line_item(WANTED).url)
    grading.system.is_over = True
    with pytest.raises(Refused, match=r"grades\.course_ended"):
        grading.book().post_score(url, Score(grading.student, AT, 8, 10))


def test_a_class_that_is_gone_is_a_course_that_ended(grading: Grading) -> None:
    with pytest.raises(Failure, match=r"grades\.course_ended"):
        grading.book("1").open_line_item(WANTED)
