"""Line items, scores and results over a real socket, from a gradebook that does everything otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.contract import BadData, GradesClaim, LineItem, Misconfigured, Refused, Score, Unavailable
from providers.kit.lti.ags import LINE_ITEM_READ, AssignmentsAndGrades
from providers.kit.lti.ags_answers import Refusal
from providers.kit.lti.ags_shapes import sub_address
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.gradebook import Gradebook
from tests.support.lti_services import LmsServices, lms_services

AT = datetime(2026, 3, 1, 9, 30, 0, 123000, tzinfo=UTC)
SCORE = Score("user-11", AT, 7, 10, comment="Well done\nGo on")
QUIZ = LineItem("Quiz", 10, resource_id="quiz-1")
LINK = "link-101"
BOOK = AssignmentsAndGrades()


@pytest.fixture(scope="module")
def _running() -> Iterator[LmsServices]:
    with lms_services() as running:
        yield running


@pytest.fixture
def lms(_running: LmsServices) -> LmsServices:
    """A platform with an empty gradebook."""
    _running.platform.switches = _running.platform.default_switches()
    for place in ("line_items", "scores", "results"):
        _running.platform.services.faults.up(place)
    _running.platform.services.gradebook = Gradebook()
    return _running


def _open(lms: LmsServices, wanted: LineItem = QUIZ, room: AssignmentsAndGrades = BOOK) -> LineItem:
    return room.open_line_item(lms.context, lms.service, lms.grades_claim(), wanted)


def _url(lms: LmsServices, **switches: Any) -> str:
    lms.platform.switch(**switches)
    return str(_open(lms, LineItem("Link", 100, resource_link_id=LINK)).url)


def _post(lms: LmsServices, score: Score = SCORE, room: AssignmentsAndGrades = BOOK, **switches: Any) -> str:
    return room.post_score(lms.context, lms.service, _url(lms, **switches), score)


def _columns(lms: LmsServices) -> int:
    return sum(not column.is_coupled for column in lms.platform.services.gradebook.columns.values())


def test_a_line_item_is_made_once(lms: LmsServices) -> None:
    first = _open(lms)
    assert (first.resource_id, first.score_maximum, first.label) == ("quiz-1", 10, "Quiz")
    assert (_open(lms), _columns(lms)) == (first, 1)


def test_a_line_item_is_found_where_filters_are_left_unheard(lms: LmsServices) -> None:
    lms.platform.switch(line_items_filter=False, line_items_page=1)
    others = [_open(lms, QUIZ._replace(resource_id=f"other-{number}")) for number in range(3)]
    assert _open(lms) not in others
    assert _columns(lms) == 4


def test_two_links_with_one_resource_have_two_line_items(lms: LmsServices) -> None:
    assert _open(lms, QUIZ._replace(resource_link_id="a")).url != _open(lms, QUIZ._replace(resource_link_id="b")).url


def test_a_column_of_another_link_is_no_copy(lms: LmsServices) -> None:
    _open(lms, QUIZ._replace(resource_id="old", resource_link_id="elsewhere"))
    wanted = QUIZ._replace(resource_id="new", resource_link_id="here", copied_from=(("there", "old"), ("there", None)))
    assert _open(lms, wanted).resource_id == "new"


def test_a_copied_link_s_own_column_is_known_by_its_old_link(lms: LmsServices) -> None:
    lms.platform.switch(line_item_of_link=False)
    old = _open(lms, LineItem("Link", 100, resource_link_id="there"))
    wanted = QUIZ._replace(resource_id="new", resource_link_id="here", copied_from=(("there", None),))
    assert (_open(lms, wanted).url, _columns(lms)) == (old.url, 1)


def test_the_links_own_line_item_is_used(lms: LmsServices) -> None:
    item = _open(lms, LineItem("Link", 100, resource_link_id=LINK))
    assert (item.url, _columns(lms)) == (lms.grades_claim().lineitem_url, 0)
    lms.platform.switch(line_item_of_link=False)
    assert _open(lms, LineItem("Link", 100, resource_link_id=LINK)).url == item.url


def test_where_none_can_be_made_it_says_so(lms: LmsServices) -> None:
    lms.platform.switch(grades_scopes=("lineitem.readonly", "score"))
    with pytest.raises(Refused, match=r"grades\.line_items_fixed"):
        _open(lms)
    with pytest.raises(Refused, match=r"grades\.line_items_fixed"):
        BOOK.open_line_item(lms.context, lms.service, GradesClaim(), QUIZ)
    with pytest.raises(Refused, match=r"grades\.line_items_fixed"):
        list(BOOK.line_items(lms.context, lms.service, GradesClaim()))


def test_a_link_that_is_not_ours_is_left_out_where_the_room_says_so(lms: LmsServices) -> None:
    lms.platform.switch(line_item_links="own")
    wanted = QUIZ._replace(resource_link_id="the-course-itself")
    with pytest.raises(Misconfigured, match=r"grades\.line_item_gone"):
        _open(lms, wanted)
    room = AssignmentsAndGrades(link_may_be_foreign=True)
    assert _open(lms, wanted, room) == _open(lms, wanted, room)
    assert _columns(lms) == 1


def test_times_of_a_line_item_are_written_and_read(lms: LmsServices) -> None:
    wanted = QUIZ._replace(start_at=AT, end_at=AT + timedelta(days=1), tag="t")
    assert _open(lms, wanted)._replace(url=None) == wanted


@pytest.mark.parametrize(
    ("text", "code"), [("{}", "grades.unreadable"), ('{"id": 5}', "grades.unreadable"), ("no", "http.not_json")]
)
def test_an_answer_that_is_no_line_item_is_noticed(lms: LmsServices, text: str, code: str) -> None:
    lms.platform.services.faults.plan("line_items", [None, Fault(200, text=text)])
    with pytest.raises(BadData, match=code):
        _open(lms)


def test_a_list_without_an_end_is_noticed(lms: LmsServices) -> None:
    claim = lms.grades_claim()
    lms.platform.services.faults.plan("line_items", [Fault(200, text="{}")])
    with pytest.raises(BadData, match=r"grades\.unreadable"):
        list(BOOK.line_items(lms.context, lms.service, claim))


def test_a_score_is_written_and_read_back(lms: LmsServices) -> None:
    assert _post(lms, line_item_query="type_id=4") == "recorded"
    (written,) = lms.platform.services.gradebook.written
    assert (written.timestamp, written.body["activityProgress"]) == ("2026-03-01T09:30:00.123Z", "Completed")
    (result,) = BOOK.read_results(lms.context, lms.service, _url(lms), subject="user-11")
    assert (result.score, result.maximum, result.comment) == (70, 100, "Well done\nGo on")
    assert list(BOOK.read_results(lms.context, lms.service, _url(lms), subject="user-12")) == []


@pytest.mark.parametrize("older", [(409, ""), (409, "Timestamp is older"), (400, "timestamp before last recorded")])
def test_the_same_score_again_is_known_already(lms: LmsServices, older: tuple[int, str]) -> None:
    assert [_post(lms, score_older=older), _post(lms, score_older=older)] == ["recorded", "known"]


def test_a_score_without_points_clears(lms: LmsServices) -> None:
    _post(lms)
    _post(lms, SCORE._replace(score_given=None, timestamp=AT + timedelta(milliseconds=1), comment=None))
    assert [(each.score, each.comment) for each in BOOK.read_results(lms.context, lms.service, _url(lms))] == [
        (None, None)
    ]


def test_extra_points_are_written(lms: LmsServices) -> None:  # H8
    assert _post(lms, SCORE._replace(score_given=12)) == "recorded"


def test_a_room_writes_what_its_platform_wants_besides(lms: LmsServices) -> None:
    def extend(score: Score, body: dict[str, Any]) -> dict[str, Any]:
        return body | {"https://vendor.example/attempt": score.is_attempt}

    _post(lms, SCORE._replace(submitted_at=AT), AssignmentsAndGrades(new_line="<br/>", extend=extend))
    body = lms.platform.services.gradebook.written[0].body
    assert (body["comment"], body["https://vendor.example/attempt"]) == ("Well done<br/>Go on", False)
    assert body["submission"] == {"submittedAt": "2026-03-01T09:30:00.123Z"}
    later = SCORE._replace(comment=None, timestamp=AT + timedelta(seconds=1))
    _post(lms, later, AssignmentsAndGrades(needs_comment=True))
    assert lms.platform.services.gradebook.written[1].body["comment"] == ""


@pytest.mark.parametrize(
    ("status", "text", "code"),
    [
        (404, "User not found in course", "grades.student_not_in_course"),
        (400, "User could not be found:", "grades.student_not_in_course"),
        (403, "User in requested score is not enrolled in the org unit", "grades.student_not_in_course"),
        (404, "User in requested score does not exist", "grades.student_not_in_course"),
        (422, "user is not an active student", "grades.student_not_in_course"),
        (403, "This course has concluded", "grades.course_ended"),
        (422, "The maximum number of allowed attempts has been reached", "grades.attempts_used_up"),
        (403, "insufficient scope", "grades.scope_missing"),
        (403, "", "grades.refused"),
        (404, "", "grades.line_item_gone"),
        (422, "Something else", "grades.score_refused"),
    ],
)
def test_each_refusal_has_a_name(lms: LmsServices, status: int, text: str, code: str) -> None:
    lms.platform.services.faults.plan("scores", [Fault(status, text=text)])
    with pytest.raises((Refused, Misconfigured), match=code):
        _post(lms)


def test_a_room_may_know_its_platforms_refusals_better(lms: LmsServices) -> None:
    room = AssignmentsAndGrades(refusals=(Refusal(frozenset({418}), "teapot", "grades.course_ended"),))
    lms.platform.services.faults.plan("scores", [Fault(418, text="A Teapot")])
    with pytest.raises(Refused, match=r"grades\.course_ended"):
        _post(lms, room=room)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_busy_gradebook_is_asked_again_later(lms: LmsServices, status: int) -> None:
    lms.platform.services.faults.plan("scores", [Fault(status, retry_after="9")])
    with pytest.raises(Unavailable) as raised:
        _post(lms)
    assert (raised.value.code, raised.value.retry_after) == ("grades.unavailable", 9)


def test_a_foreign_students_score_is_refused(lms: LmsServices) -> None:
    with pytest.raises(Refused, match=r"grades\.student_not_in_course"):
        _post(lms, SCORE._replace(subject="user-999"))
    with pytest.raises(Refused, match=r"grades\.course_ended"):
        _post(lms, course_ended=True)


def test_results_that_cannot_be_read_are_left_out(lms: LmsServices) -> None:
    text = '[5, {"userId": "a"}, {"resultScore": 1}, {"userId": "b", "resultScore": true, "resultMaximum": 0}]'
    lms.platform.services.faults.plan("results", [Fault(200, text=text), Fault(500)])
    url = _url(lms)
    assert [(r.score, r.maximum) for r in BOOK.read_results(lms.context, lms.service, url)] == [(None, 1), (None, 1)]
    with pytest.raises(Unavailable):
        list(BOOK.read_results(lms.context, lms.service, url))


def test_reading_asks_for_the_scope_that_was_granted(lms: LmsServices) -> None:
    lms.platform.switch(grades_scopes=("lineitem.readonly",), access_scopes=(LINE_ITEM_READ,))
    assert list(BOOK.line_items(lms.context, lms.service, lms.grades_claim(), tag="x")) == []


@pytest.mark.parametrize("url", ["https://l.example/i/7", "https://l.example/i/7/"])
def test_scores_go_below_the_path_and_before_the_query(url: str) -> None:
    assert sub_address(url, "scores") == "https://l.example/i/7/scores"
    assert sub_address(f"{url}?type_id=4", "scores") == "https://l.example/i/7/scores?type_id=4"
