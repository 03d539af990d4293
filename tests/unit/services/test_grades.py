"""Grades from an application's call to an LMS's gradebook on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from gateway.services.grade_sending import GIVE_UP, SWEEP
from gateway.store.applications import add_application
from gateway.store.tables import application_tokens, integrations, jobs
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.gradebook import Gradebook
from tests.support.classes import Classroom, classroom
from tests.support.grading import SCOPES, Grading
from tests.support.oidc_world import an_application


def _grading(room: Classroom) -> Grading:
    room.launch("tia")
    room.launch("sam")
    room.launch("robin")
    return Grading(room)


@pytest.fixture
def both(database_url: str) -> Iterator[Grading]:
    with classroom(database_url) as room:
        yield _grading(room)


@pytest.fixture
def grading(sqlite_url: str) -> Iterator[Grading]:
    with classroom(sqlite_url) as room:
        yield _grading(room)


def test_a_result_arrives_in_the_lms(both: Grading) -> None:
    assert both.put_item().status_code == 201
    assert both.put(8, comment="Well done", scoreDate="2026-01-05").status_code == 201
    assert both.result()["metadata"] == {"lms.state": "waiting", "lms.attempts": 0}
    assert both.send() is None
    (written,) = both.written
    body = written.body
    assert (body["scoreGiven"], body["scoreMaximum"], body["comment"]) == (8, 10, "Well done")
    assert (body["activityProgress"], body["gradingProgress"]) == ("Completed", "FullyGraded")
    told = both.result()
    assert (told["metadata"]["lms.state"], told["score"], told["student"]["sourcedId"]) == ("sent", 8, both.student())


def test_scores_of_one_student_keep_their_order_within_one_moment(both: Grading) -> None:
    both.put_item()
    for score in range(5):
        both.put(score)
    both.send()
    assert [written.body["scoreGiven"] for written in both.written] == [0, 1, 2, 3, 4]
    times = [written.timestamp for written in both.written]
    assert times == sorted(set(times))


def test_a_score_waits_for_its_students_earlier_ones(both: Grading) -> None:
    both.put_item()
    both.put(1)
    both.put(2)
    both.put(3, id="r-2", student=both.student("Vega"))
    both.room.platform.services.faults.plan("scores", [Fault(503)])
    assert both.send() == 5
    assert [written.body["scoreGiven"] for written in both.written] == [3]
    both.room.world.clock.move(seconds=5)
    both.send()
    assert [written.body["scoreGiven"] for written in both.written] == [3, 1, 2]


def test_an_unseen_success_lands_once(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    grading.room.platform.services.faults.plan("scores", [Fault(502, is_after=True)])
    grading.send_all()
    assert (len(grading.written), grading.states()) == (1, [("sent", "grades.known_already")])


def test_the_same_result_again_is_no_second_score(grading: Grading) -> None:  # H9
    grading.put_item()
    assert [grading.put(8).status_code, grading.put(8).status_code] == [201, 200]
    assert len(grading.states()) == 1
    grading.put(9)
    assert len(grading.states()) == 2


def test_a_line_item_is_made_once_and_on_its_link(grading: Grading) -> None:
    grading.put_item()
    grading.put_item("quiz-2", link=True)
    for item in ("quiz-1", "quiz-2"):
        grading.put(1, id=f"r-{item}", item=item)
        grading.put(2, id=f"s-{item}", item=item, student=grading.student("Vega"))
    grading.send()
    columns = grading.room.platform.services.gradebook.columns
    assert sorted(column.is_coupled for column in columns.values()) == [False, True]
    assert grading.call("GET", "/lineItems/quiz-1").get_json()["lineItem"]["metadata"] == {"lms.column": "known"}
    link = grading.call("GET", "/lineItems/quiz-2").get_json()["lineItem"]["metadata"]["lti_resource_link"]
    assert link


def test_a_column_that_a_teacher_deleted_is_made_once_more(grading: Grading) -> None:
    grading.put_item()
    grading.put(1)
    grading.send()
    grading.room.platform.services.gradebook = Gradebook()
    grading.put(2)
    grading.send()
    assert [written.body["scoreGiven"] for written in grading.written] == [2]


def test_an_lms_that_is_down_is_left_alone_between_tries(grading: Grading) -> None:
    grading.put_item()
    for number in range(8):
        grading.put(number, id=f"r-{number}", student=grading.student("Vega" if number % 2 else "Okafor"))
    grading.send()
    grading.room.platform.requests.clear()
    grading.room.platform.services.faults.down("scores", Fault(503, retry_after="7"))
    for number in range(2):
        grading.put_item(f"item-{number}")
        grading.put(9, id=f"s-{number}", item=f"item-{number}")
        grading.put(9, id=f"t-{number}", item=f"item-{number}", student=grading.student("Vega"))
    assert grading.send() == 7
    assert grading.room.platform.requests["scores"] == 3
    assert grading.send() == pytest.approx(7)
    assert grading.room.platform.requests["scores"] == 3


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault(403, text="This course has concluded"), ("failed", "grades.course_ended")),
        (Fault(404, text="User not found in course"), ("failed", "grades.student_not_in_course")),
        (Fault(422, text="Maximum attempts"), ("failed", "grades.attempts_used_up")),
        (Fault(422, text="no"), ("failed", "grades.score_refused")),
        (Fault(403, text="insufficient scope"), ("failed", "grades.scope_missing")),
    ],
)
def test_each_refusal_ends_a_score_with_its_reason(grading: Grading, fault: Fault, state: tuple[str, str]) -> None:
    grading.put_item()
    grading.put(8)
    grading.room.platform.services.faults.plan("scores", [fault])
    assert grading.send() is None
    assert (grading.states(), grading.result()["metadata"]["lms.reason"]) == ([state], state[1])


def test_what_failed_can_be_sent_again(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    grading.room.platform.switch(course_ended=True)
    grading.send()
    grading.room.platform.switch(course_ended=False)
    assert grading.room.world.gate.gradebook.resend(ids=[], reason="grades.course_ended") == 1
    grading.send()
    assert (grading.states(), len(grading.written)) == ([("sent", None)], 1)


def test_the_same_result_put_again_sends_what_failed_again(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    grading.room.platform.services.faults.plan("scores", [Fault(422)])
    grading.send()
    assert (grading.result()["metadata"]["lms.state"], grading.put(8).status_code) == ("failed", 200)
    grading.send()
    assert (grading.states(), len(grading.written)) == ([("sent", None)], 1)


def test_a_deleted_result_is_not_sent(grading: Grading) -> None:  # G08
    grading.put_item()
    grading.put(8)
    assert grading.call("DELETE", "/results/r-1").status_code == 204
    assert (grading.send(), grading.states(), grading.written) == (None, [("withdrawn", None)], [])
    grading.put(8)
    grading.send()
    assert len(grading.written) == 1


def test_what_a_later_score_has_followed_is_not_sent_again(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    grading.room.platform.services.faults.plan("scores", [Fault(422)])
    grading.send()
    grading.put(9)
    grading.send()
    assert grading.room.world.gate.gradebook.resend(ids=[1]) == 0
    assert [state for state, _ in grading.states()] == ["failed", "sent"]


def test_a_setting_that_must_change_holds_scores_up_and_loses_none(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    grading.room.platform.services.faults.down("token", Fault(400, text='{"error": "invalid_client"}'))
    assert grading.send() == 3600
    assert grading.states() == [("waiting", "token.client_refused")]
    grading.room.platform.services.faults.up("token")
    grading.send_all()
    assert grading.states()[0][0] == "sent"


def test_an_lms_that_stays_down_for_a_week_ends_it(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    grading.room.platform.services.faults.down("scores")
    grading.send()
    grading.room.world.clock.move(seconds=GIVE_UP.total_seconds() + 60)
    grading.send_all()
    assert grading.states() == [("failed", "grades.unavailable")]


def test_a_class_without_a_gradebook_keeps_its_grades(grading: Grading) -> None:
    with grading.room.world.store.statements() as connection:
        connection.exec_driver_sql("UPDATE contexts SET grades_scopes = NULL")
    grading.put_item()
    grading.put(8)
    assert grading.send() is None
    assert grading.states() == [("kept", "grades.no_gradebook")]


def test_an_integration_that_is_off_holds_its_scores(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    grading.room.world.change(integrations, status="disabled")
    grading.send()
    assert grading.states() == [("waiting", "class.integration_off")]


def test_a_sweep_wakes_what_no_job_remembers(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    with grading.room.world.store.statements() as connection:
        connection.execute(jobs.delete())
    grading.room.world.gate.jobs.enqueue(SWEEP)
    grading.room.world.clock.move(seconds=31)
    grading.room.work()
    grading.room.world.clock.move(seconds=31)
    grading.room.work()
    assert grading.states() == [("sent", None)]


def test_points_above_the_maximum_are_sent_and_no_points_clear(grading: Grading) -> None:  # H8
    grading.put_item()
    grading.put(12)
    grading.put(None, scoreStatus="not submitted")
    grading.put(4, scoreStatus="submitted", scoreDate="2026-01-05T07:00:00Z")
    grading.send()
    assert [written.body.get("scoreGiven") for written in grading.written] == [12, None, 4]
    assert grading.written[2].body["submission"]["submittedAt"] == "2026-01-05T07:00:00.000Z"


@pytest.mark.parametrize(
    "changes",
    [
        {"score": -1},
        {"score": True},
        {"score": "8"},
        {"score": 1e12},
        {"scoreStatus": "brilliant"},
        {"scoreDate": "yesterday"},
        {"scoreDate": "2036-01-05"},
        {"comment": 5},
        {"student": {"sourcedId": "nobody"}},
        {"student": "Sam"},
    ],
)
def test_what_makes_no_sense_is_refused(grading: Grading, changes: dict[str, Any]) -> None:  # H8
    grading.put_item()
    result = {"lineItem": {"sourcedId": "quiz-1"}, "student": {"sourcedId": grading.student()}, "score": 8}
    answer = grading.call("PUT", "/results/r-1", {"result": result | changes})
    assert (answer.status_code, answer.get_json()["imsx_codeMajor"]) == (422, "failure")
    assert grading.states() == []


@pytest.mark.parametrize("body", [b"{", b'{"result": 5}', b"[]", b'{"result": {"score": NaN}}'])
def test_a_body_that_is_no_result_is_refused(grading: Grading, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {grading.token}"}
    answer = grading.client.put("/ims/oneroster/gradebook/v1p2/results/r-1", data=body, headers=headers)
    assert answer.status_code == 422  # G14


@pytest.mark.parametrize("changes", [{"title": " "}, {"resultValueMax": 0}, {"metadata": {"lti_resource_link": "x"}}])
def test_a_line_item_that_makes_no_sense_is_refused(grading: Grading, changes: dict[str, Any]) -> None:
    assert grading.put_item(**changes).status_code == 422


def test_a_line_item_stays_with_its_class(grading: Grading) -> None:
    grading.put_item()
    grading.room.launch("tia", course=102)
    assert grading.put_item(title="Test").status_code == 200
    item = {"title": "Test", "class": {"sourcedId": "elsewhere"}}
    assert grading.call("PUT", "/lineItems/quiz-1", {"lineItem": item}).status_code == 422
    assert grading.call("GET", "/lineItems/quiz-1").get_json()["lineItem"]["title"] == "Test"


def test_a_result_stays_with_its_student(grading: Grading) -> None:
    grading.put_item()
    grading.put(8)
    assert grading.put(8, student=grading.student("Vega")).status_code == 422


def test_another_applications_line_item_is_out_of_reach(grading: Grading) -> None:  # H7, CVE-2023-23611
    world = grading.room.world
    add_application(world.store, an_application("other"), world.clock())
    grading.put_item()
    other = Grading(grading.room, "other")
    assert other.put(1).status_code == 403
    assert other.call("GET", "/lineItems/quiz-1").status_code == 404
    grading.put(8)
    assert other.call("GET", "/results/r-1").status_code == 404


def test_another_tenants_class_is_out_of_reach(grading: Grading) -> None:  # H7
    world = grading.room.world
    add_application(world.store, an_application("narrow", all_tenants=False), world.clock())
    assert Grading(grading.room, "narrow").put_item().status_code == 422


def test_a_token_is_for_its_scopes_and_its_time(grading: Grading) -> None:
    reader = grading.ask_token(f"{SCOPES}readonly")["access_token"]
    assert grading.call("PUT", "/results/r", {}, reader).status_code == 403
    grading.room.world.clock.move(hours=1)
    assert grading.call("GET", "/results/r", None, reader).status_code == 401
    assert grading.call("GET", "/results/r", None, "wrong").status_code == 401


def test_who_asks_for_a_token_proves_itself_and_names_a_scope(grading: Grading) -> None:
    assert grading.ask_token(secret="wrong")["error"] == "invalid_client"
    assert grading.ask_token("openid")["error"] == "invalid_scope"
    assert grading.token not in str(grading.room.world.rows(application_tokens))


def test_a_pause_is_not_cut_short_by_new_scores(grading: Grading) -> None:
    grading.put_item()
    grading.put(1)
    (job,) = [row for row in grading.room.world.rows(jobs) if row["name"] == "grades.send"]
    due = grading.room.world.clock() + timedelta(seconds=90)
    with grading.room.world.store.statements() as connection:
        connection.execute(jobs.update().where(jobs.c.id == job["id"]).values(due_at=due))
    grading.put(2)
    assert [row["due_at"] for row in grading.room.world.rows(jobs) if row["name"] == "grades.send"] == [due]
