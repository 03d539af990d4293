"""Class members from an LMS on a real socket: who comes, who goes, and who must stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.services.class_members import ClassReading
from gateway.store.class_services import courses_of
from gateway.store.tables import classes, enrollments, identities, integrations, jobs, roles, users
from providers.contract import BadData, Failure, Misconfigured, Refused, Unavailable
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from tests.support.classes import Classroom, classroom
from tests.support.lti_services import many_people

CAST = [PEOPLE[name] for name in ("tia", "sam", "robin", "ada", "pat")]


@pytest.fixture
def room(database_url: str) -> Iterator[Classroom]:
    """A class of five that one teacher has launched from."""
    with classroom(database_url) as running:
        running.roster.only(ALGEBRA, CAST)
        running.launch()
        yield running


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Classroom]:
    with classroom(sqlite_url) as running:
        running.roster.only(ALGEBRA, CAST)
        running.launch()
        yield running


def _sync(room: Classroom, *, force: bool = False) -> ClassReading:
    room.world.clock.move(seconds=1)
    (reading,) = room.world.gate.class_lists.sync(room.class_id, force=force)
    return reading


def _fails(room: Classroom, family: type[Failure], code: str) -> None:
    room.world.clock.move(seconds=1)
    with pytest.raises(family, match=code):
        room.world.gate.class_lists.sync(room.class_id)


def test_a_launch_asks_for_the_class_and_a_job_reads_it(room: Classroom) -> None:
    assert room.platform.requests["members"] == 0
    assert room.queued() == ["classes.members"]
    room.world.clock.move(seconds=31)
    assert room.work() == 1
    names = {
        ("Lindqvist", "teacher"),
        ("Okafor", "student"),
        ("Vega", "student"),
        ("Moreau", "proctor"),
        ("?", "student"),
    }
    assert room.enrolled() == names
    assert (room.queued(), room.course["members_read_at"]) == ([], room.world.clock())


def test_a_member_who_then_launches_is_the_same_person(room: Classroom) -> None:
    _sync(room)
    before = room.world.count(users)
    room.launch("sam")
    assert (room.world.count(users), room.world.count(identities)) == (before, before)


def test_a_list_that_says_nothing_new_writes_nothing(room: Classroom) -> None:
    _sync(room)
    before = [room.world.rows(table) for table in (users, enrollments, roles, identities)]
    again = _sync(room)
    assert [room.world.rows(table) for table in (users, enrollments, roles, identities)] == before
    assert (again.counts.added, again.counts.ended, again.counts.renamed) == (0, 0, 0)


def test_who_left_is_ended_and_who_returns_is_the_same_again(room: Classroom) -> None:
    _sync(room)
    before = room.world.rows(enrollments)
    room.roster.drop(ALGEBRA, [PEOPLE["sam"]])
    assert (_sync(room).counts.ended, ("Okafor", "student") in room.enrolled()) == (1, False)
    room.roster.enroll(ALGEBRA, [PEOPLE["sam"]])
    assert _sync(room).counts.returned == 1
    assert {row["sourced_id"] for row in room.world.rows(enrollments)} == {row["sourced_id"] for row in before}


def test_a_changed_role_takes_the_place_of_the_old_one(room: Classroom) -> None:
    _sync(room)
    room.roster.enroll(ALGEBRA, [replace(PEOPLE["ada"], kinds={101: ("teacher",)})])
    reading = _sync(room)
    assert (reading.counts.added, reading.counts.ended) == (1, 1)
    assert ("Moreau", "teacher") in room.enrolled()


def test_a_changed_name_is_kept_and_a_withheld_one_empties_nothing(room: Classroom) -> None:
    _sync(room)
    room.roster.enroll(
        ALGEBRA, [replace(PEOPLE["sam"], family_name="Adeyemi"), replace(PEOPLE["tia"], shares_name=False)]
    )
    assert _sync(room).counts.renamed == 1
    assert {("Adeyemi", "student"), ("Lindqvist", "teacher")} <= room.enrolled()


def test_the_students_preview_is_nobody(quick: Classroom) -> None:
    quick.roster.enroll(ALGEBRA, [PEOPLE["preview"]])
    _sync(quick)
    assert quick.world.count(users) == len(CAST)


@pytest.mark.parametrize(
    ("fault", "family", "code"),
    [
        (Fault(500), Unavailable, "members.unavailable"),
        (Fault(401), Refused, "members.refused"),
        (Fault(404), Misconfigured, "members.gone"),
        (Fault(200, text='{"id": "x"}'), BadData, "members.unreadable"),
        (Fault(200, text='{"members": [{"user_id"'), BadData, "http.not_json"),
    ],
)
def test_a_page_that_fails_ends_nobody(quick: Classroom, fault: Fault, family: type[Failure], code: str) -> None:  # F1
    _sync(quick)
    quick.platform.switch(members_page=2)
    quick.roster.drop(ALGEBRA, [PEOPLE["sam"]])
    before = quick.enrolled()
    gate = quick.world.gate
    patient = replace(gate.contexts, sleep=lambda _seconds: None)
    quick.world.gate = replace(gate, class_lists=replace(gate.class_lists, contexts=patient))
    quick.platform.services.faults.plan("members", [None, *[fault] * 9])
    _fails(quick, family, code)
    assert quick.enrolled() == before


def test_an_empty_list_ends_nobody(quick: Classroom) -> None:  # F1
    _sync(quick)
    before = quick.enrolled()
    quick.roster.only(ALGEBRA, [])
    reading = _sync(quick)
    assert (reading.counts.held, reading.fault, quick.enrolled()) == (5, "members.held", before)
    assert quick.course["members_fault"] == "members.held"


def test_half_a_class_leaving_at_once_waits_for_a_person(quick: Classroom) -> None:  # F2
    quick.roster.only(ALGEBRA, [PEOPLE["tia"], *many_people(9)])
    _sync(quick)
    quick.roster.only(ALGEBRA, [PEOPLE["tia"], *many_people(3), *many_people(2, first=7000)])
    reading = _sync(quick)
    assert (reading.counts.added, reading.counts.ended, reading.counts.held) == (2, 0, 6)
    assert _sync(quick, force=True).counts.ended == 6
    assert (len(quick.enrolled()), quick.course["members_fault"]) == (6, None)


def test_a_member_who_cannot_be_read_ends_nobody(quick: Classroom) -> None:  # F1
    _sync(quick)
    text = '{"members": [{"user_id": "user-12", "roles": []}, {"user_id": 5, "roles": []}]}'
    quick.platform.services.faults.plan("members", [Fault(200, text=text)])
    reading = _sync(quick)
    assert (reading.skipped, reading.fault) == (1, "members.records_skipped")
    assert len(quick.enrolled()) == 5 - 1  # the teacher was read, and has no role any more


def test_who_launches_while_the_list_is_read_stays(quick: Classroom) -> None:
    lists = quick.world.gate.class_lists
    (course,) = courses_of(quick.world.store, quick.class_id)
    began = quick.world.clock()
    quick.roster.only(ALGEBRA, [PEOPLE["tia"], PEOPLE["sam"]])
    quick.launch("robin")
    lists.read(course)
    assert ("Vega", "student") in quick.enrolled()
    quick.world.clock.move(minutes=1)
    lists.read(course)
    assert began < quick.world.clock()
    assert ("Vega", "student") not in quick.enrolled()


def test_changes_are_read_between_whole_lists(quick: Classroom) -> None:
    quick.platform.switch(members_differences=True)
    assert _sync(quick).mode == "full"
    quick.roster.drop(ALGEBRA, [PEOPLE["sam"]])
    quick.roster.enroll(ALGEBRA, [*many_people(1), replace(PEOPLE["ada"], kinds={101: ("student",)})])
    reading = _sync(quick)
    assert (reading.mode, reading.read, reading.counts.ended, reading.counts.added) == ("delta", 3, 2, 2)
    assert ("Moreau", "student") in quick.enrolled()
    quick.world.clock.move(days=1)
    assert _sync(quick).mode == "full"


def test_changes_that_cannot_be_read_are_no_obstacle(quick: Classroom) -> None:
    quick.platform.switch(members_differences=True)
    _sync(quick)
    quick.platform.services.faults.plan("members", [Fault(404)])
    assert _sync(quick).mode == "full"


def test_a_class_that_comes_from_a_roster_is_left_to_it(quick: Classroom) -> None:
    quick.world.change(classes, roster_source_id=1)
    _fails(quick, Misconfigured, r"class\.rostered")
    quick.world.clock.move(seconds=31)
    assert (quick.work(), quick.platform.requests["members"]) == (1, 0)


def test_a_rosters_people_keep_its_names(quick: Classroom) -> None:
    _sync(quick)
    quick.world.change(users, roster_source_id=1)
    quick.roster.enroll(ALGEBRA, [replace(PEOPLE["sam"], family_name="Adeyemi")])
    assert _sync(quick).counts.renamed == 0


def test_a_class_of_two_courses_loses_nobody_to_one_of_them(quick: Classroom) -> None:
    quick.launch("tia", course=102)
    one, _ = quick.world.rows(classes)
    with quick.world.store.statements() as connection:
        connection.exec_driver_sql(f"UPDATE contexts SET class_sourced_id = '{one['sourced_id']}'")
    quick.world.clock.move(seconds=1)
    quick.roster.only(ALGEBRA, [PEOPLE["tia"]])
    assert [reading.counts.ended for reading in quick.world.gate.class_lists.sync(one["sourced_id"])] == [0, 0]


def test_an_integration_that_is_off_is_not_asked(quick: Classroom) -> None:
    quick.world.change(integrations, status="disabled")
    _fails(quick, Misconfigured, r"class\.integration_off")
    assert quick.course["members_fault"] == "class.integration_off"


def test_an_unknown_class_and_an_lms_without_lists_say_so(quick: Classroom) -> None:
    with pytest.raises(Misconfigured, match=r"class\.unknown"):
        quick.world.gate.class_lists.sync("nowhere")
    quick.platform.switch(names_roles=False)
    quick.launch("tia", course=102)
    other = next(row for row in quick.world.rows(classes) if row["sourced_id"] != quick.class_id)
    with pytest.raises(Misconfigured, match=r"class\.no_member_list"):
        quick.world.gate.class_lists.sync(other["sourced_id"])


def test_launches_ask_once_in_a_while(quick: Classroom) -> None:
    quick.world.clock.move(minutes=29)
    quick.launch("sam")
    assert len(quick.world.rows(jobs)) == 1
    asked = quick.course["members_asked_at"]
    quick.world.clock.move(minutes=2)
    quick.launch("sam")
    assert quick.course["members_asked_at"] == asked + timedelta(minutes=31)


def test_a_launch_goes_on_when_nobody_can_be_asked(quick: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = quick.world.gate
    monkeypatch.setattr("gateway.services.class_members.ask_members", lambda *_args, **_named: 1 / 0)
    quick.world.clock.move(hours=1)
    quick.launch("sam")
    assert gate is quick.world.gate


def test_a_job_for_a_class_that_is_gone_does_nothing(quick: Classroom) -> None:
    quick.world.gate.jobs.enqueue("classes.members", {"course": "gone"})
    quick.world.clock.move(seconds=31)
    assert quick.work() == 2
    assert quick.queued() == []


def test_a_busy_lms_is_tried_again_by_the_job(quick: Classroom) -> None:
    quick.platform.services.faults.plan("members", [Fault(429, retry_after="120")])
    quick.world.clock.move(seconds=31)
    quick.work()
    (job,) = quick.world.rows(jobs)
    assert (job["due_at"] - quick.world.clock(), job["fault"]) == (timedelta(seconds=120), "members.unavailable")
