"""Copied courses told by notice: linked as by id history, before and after anybody launched from the copy."""

from __future__ import annotations

import pytest

from gateway.housekeeper import keep_house
from gateway.services.jobs import Job
from gateway.store.tables import contexts, course_copies, jobs, notices
from providers.kit.lti import claims as names
from providers.kit.simulator.people import ALGEBRA, Course
from tests.support.launching import Launching, Outcome
from tests.support.noticing import class_id, copied, history, send, work

THIRD = Course(104, "GEO", "Geometry", "NF-GEO", "Angles")


def _launch_from_third(world: Launching) -> Outcome:
    put = {names.CONTEXT: {"id": "course-104"}, names.RESOURCE_LINK: {"id": "link-104"}}
    return world.launch("tia", 101, put=put)


def _states(world: Launching) -> list[str]:
    return [row["state"] for row in world.rows(notices)]


def test_the_first_launch_from_a_copy_tells_where_it_came_from(world: Launching) -> None:
    origin = class_id(world, world.launch("tia", 101))
    assert send(world, copied(world)) == (200, ["accepted"])
    work(world)
    assert _states(world) == ["kept"]
    assert history(world, world.launch("tia", 102)) == origin
    assert history(world, world.launch("sam", 102)) == origin


def test_a_class_that_is_in_use_learns_it_too(world: Launching) -> None:
    origin, before = class_id(world, world.launch("tia", 101)), world.launch("tia", 102)
    assert history(world, before) is None
    send(world, copied(world))
    work(world)
    assert _states(world) == ["linked"]
    assert history(world, world.launch("tia", 102)) == origin


def test_a_second_import_stands_before_the_first(world: Launching) -> None:
    world.launch("tia", 102)
    first, second = class_id(world, world.launch("tia", 101)), class_id(world, _launch_from_third(world))
    send(world, copied(world))
    work(world)
    send(world, copied(world, THIRD))
    work(world)
    send(world, copied(world, THIRD))  # the same course once more
    work(world)
    assert history(world, world.launch("tia", 102)) == f"{second},{first}"
    assert _states(world) == ["linked", "linked", "kept"]


def test_two_imports_before_the_first_launch_come_newest_first(world: Launching) -> None:
    first, second = class_id(world, world.launch("tia", 101)), class_id(world, _launch_from_third(world))
    for origin in (ALGEBRA, THIRD):
        send(world, copied(world, origin))
        work(world)
    assert history(world, world.launch("tia", 102)) == f"{second},{first}"


def test_a_notice_and_a_history_say_the_same_thing_once(world: Launching) -> None:
    origin = class_id(world, world.launch("tia", 101))
    send(world, copied(world))
    work(world)
    world.platform.switch(context_history="course-101")
    assert history(world, world.launch("tia", 102)) == origin


def test_an_origin_that_is_known_later_is_heard_at_the_next_new_person(world: Launching) -> None:
    send(world, copied(world))
    work(world)
    assert history(world, world.launch("tia", 102)) is None
    origin = class_id(world, world.launch("tia", 101))
    assert history(world, world.launch("sam", 102)) == origin


@pytest.mark.parametrize("origins", ["none", "list"])
def test_a_copy_of_nothing_known_changes_nothing(quick_world: Launching, origins: str) -> None:
    quick_world.launch("tia", 102)
    quick_world.platform.switch(notice_origins=origins)
    assert send(quick_world, copied(quick_world)) == (200, ["accepted"])
    work(quick_world)
    assert (_states(quick_world), quick_world.rows(contexts)[0]["copied_from"]) == (["kept"], None)
    assert quick_world.count(course_copies) == (origins == "list")


def test_a_course_is_no_origin_of_itself(quick_world: Launching) -> None:
    quick_world.launch("tia", 101)
    send(quick_world, copied(quick_world, ALGEBRA, ALGEBRA))
    work(quick_world)
    assert (_states(quick_world), quick_world.count(course_copies)) == (["kept"], 0)


def test_the_answer_does_not_wait_for_the_work(quick_world: Launching) -> None:
    send(quick_world, *[copied(quick_world) for _ in range(60)])
    assert [row["name"] for row in quick_world.rows(jobs)] == ["notices.apply"]
    assert set(_states(quick_world)) == {"waiting"}
    work(quick_world)
    assert set(_states(quick_world)) == {"kept"}


def test_a_worker_that_ends_leaves_the_rest_to_the_next(quick_world: Launching) -> None:
    send(quick_world, copied(quick_world))
    (row,) = quick_world.rows(notices)
    job = Job("job", "notices.apply", {"registration": row["registration_id"]}, 1, lambda: True)
    assert quick_world.gate.notices.work(job) == 0
    assert _states(quick_world) == ["waiting"]


def test_a_notice_is_remembered_as_long_as_its_token_lives(quick_world: Launching) -> None:
    gate = quick_world.gate
    lasting = int(quick_world.clock().timestamp()) + 365 * 86400
    send(quick_world, copied(quick_world), copied(quick_world, put={"exp": lasting}))
    work(quick_world)
    quick_world.clock.move(days=91)
    keep_house(gate)
    assert [row["expires_at"].year for row in quick_world.rows(notices)] == [2027]
    assert quick_world.count(course_copies) == 1
