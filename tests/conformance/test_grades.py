"""What every room with grades must do; runs on each one's own simulator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

import providers
from providers.contract import Failure, Grades, LineItem, Misconfigured, Refused, Score, Unavailable
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.gradebook import Gradebook
from tests.conformance.service_room import ServiceRoom, service_room

AT = datetime(2026, 3, 1, 9, 30, 0, 5000, tzinfo=UTC)


@pytest.fixture(scope="module", params=sorted(key for key, room in providers.rooms().items() if room.grades))
def _running(request: pytest.FixtureRequest) -> Iterator[ServiceRoom]:
    with service_room(providers.room(request.param)) as running:
        yield running


@pytest.fixture
def room(_running: ServiceRoom) -> ServiceRoom:
    _running.platform.services.gradebook = Gradebook()
    _running.platform.services.faults.up("scores")
    return _running


def _grades(room: ServiceRoom) -> Grades:
    assert room.plate.grades is not None
    return room.plate.grades


def _item(room: ServiceRoom) -> LineItem:
    item = LineItem("Quiz", 10, resource_id="quiz-1")
    return _grades(room).open_line_item(room.context, room.service, room.lms.grades_claim(), item)


def _post(room: ServiceRoom, name: str = "sam", at: datetime = AT) -> str:
    score = Score(str(room.platform.launch_claims(name)["sub"]), at, 8, 10, comment="Good")
    return _grades(room).post_score(room.context, room.service, str(_item(room).url), score)


def test_a_line_item_is_made_once_and_found_again(room: ServiceRoom) -> None:
    assert _item(room) == _item(room)
    assert len(room.platform.services.gradebook.columns) == 2  # beside the link's own


def test_a_score_arrives_and_is_read_back(room: ServiceRoom) -> None:
    assert _post(room) == "recorded"
    (result,) = _grades(room).read_results(room.context, room.service, str(_item(room).url))
    assert (result.score, result.maximum) == (8, 10)


def test_the_same_score_again_is_known(room: ServiceRoom) -> None:
    assert [_post(room), _post(room)] == ["recorded", "known"]
    assert len(room.platform.services.gradebook.written) == 1


def test_a_score_a_moment_later_is_another_one(room: ServiceRoom) -> None:
    assert [_post(room), _post(room, at=AT + timedelta(milliseconds=1))] == ["recorded", "recorded"]


@pytest.mark.parametrize(
    ("fault", "family"),
    [(Fault(429, "5"), Unavailable), (Fault(503), Unavailable), (Fault(404, text=""), Misconfigured)],
)
def test_a_failure_says_what_to_do_next(room: ServiceRoom, fault: Fault, family: type[Failure]) -> None:
    _item(room)
    room.platform.services.faults.plan("scores", [fault])
    with pytest.raises(family):
        _post(room)


def test_somebody_who_is_not_in_the_course_has_a_code(room: ServiceRoom) -> None:
    score = Score("nobody-here", AT, 1, 1)
    with pytest.raises(Refused, match=r"grades\.student_not_in_course"):
        _grades(room).post_score(room.context, room.service, str(_item(room).url), score)


def test_a_course_that_ended_has_a_code(room: ServiceRoom) -> None:
    room.platform.switch(course_ended=True)
    with pytest.raises(Refused, match=r"grades\.course_ended"):
        _post(room)
    room.platform.switch(course_ended=False)
