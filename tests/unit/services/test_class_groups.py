"""Groups of a class from an LMS on a real socket: what comes, what ends, what a fault of the LMS leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gateway.services.class_members import ClassReading
from gateway.store.tables import class_groups, contexts, group_members, users
from providers.kit.simulator.course_groups import GroupOf
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from tests.support.classes import Classroom, classroom

CAST = [PEOPLE[name] for name in ("tia", "sam", "robin", "ada")]


def _open(address: str) -> Iterator[Classroom]:
    with classroom(address) as running:
        running.platform.switch(groups=True)
        running.roster.only(ALGEBRA, CAST)
        running.launch()
        yield running


@pytest.fixture
def room(database_url: str) -> Iterator[Classroom]:
    """A class of four in two groups, one of them in a set."""
    yield from _open(database_url)


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Classroom]:
    yield from _open(sqlite_url)


def _sync(room: Classroom) -> ClassReading:
    room.world.clock.move(seconds=1)
    (reading,) = room.world.gate.class_lists.sync(room.class_id)
    return reading


def _groups(room: Classroom) -> dict[str, set[str]]:
    """Return the active groups and the family names of who is in them."""
    named = {row["sourced_id"]: row["family_name"] for row in room.world.rows(users)}
    members = [row for row in room.world.rows(group_members) if row["status"] == "active"]
    return {
        row["title"]: {named[one["user_sourced_id"]] for one in members if one["group_sourced_id"] == row["sourced_id"]}
        for row in room.world.rows(class_groups)
        if row["status"] == "active"
    }


def _now(room: Classroom, *groups: GroupOf) -> None:
    room.platform.groups.by_course[ALGEBRA.id] = [*groups]


def test_groups_come_with_the_member_list(room: Classroom) -> None:
    room.world.clock.move(seconds=31)
    assert room.work() == 1
    assert _groups(room) == {"Red": {"Okafor", "Vega"}, "Blue": {"Moreau"}}
    sets = {row["title"]: (row["set_id"], row["set_title"]) for row in room.world.rows(class_groups)}
    assert sets == {"Red": ("set-1", "Project"), "Blue": (None, None)}
    assert (room.course["groups_fault"], room.course["groups_read_at"]) == (None, room.world.clock())


def test_what_is_gone_is_ended_and_what_returns_is_the_same_again(room: Classroom) -> None:
    _sync(room)
    before = {row["sourced_id"] for row in room.world.rows(class_groups)}
    _now(room, GroupOf("group-1", "Red", ("sam", "ada")))
    _sync(room)
    assert _groups(room) == {"Red": {"Okafor", "Moreau"}}
    _now(room, GroupOf("group-1", "Crimson", ("robin",)), GroupOf("group-2", "Blue", ("ada",)))
    _sync(room)
    assert _groups(room) == {"Crimson": {"Vega"}, "Blue": {"Moreau"}}
    assert {row["sourced_id"] for row in room.world.rows(class_groups)} == before
    assert room.world.count(group_members) == 4  # ended ones too


def test_nothing_new_writes_nothing(room: Classroom) -> None:
    _sync(room)
    before: list[Any] = [room.world.rows(table) for table in (class_groups, group_members)]
    _sync(room)
    assert [room.world.rows(table) for table in (class_groups, group_members)] == before


def test_every_page_of_groups_is_read(quick: Classroom) -> None:
    quick.platform.switch(groups_page=2)
    _now(quick, *[GroupOf(f"g-{number}", f"Group {number}", ("sam",)) for number in range(5)])
    _sync(quick)
    assert len(_groups(quick)) == 5


@pytest.mark.parametrize("place", ["groups", "group_sets"])
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(401), "groups.refused"),
        (Fault(403), "groups.refused"),
        (Fault(404), "groups.gone"),
        (Fault(500), "groups.unavailable"),
        (Fault(200, text='{"id": "x"}'), "groups.unreadable"),
        (Fault(200, text='{"groups": [{"name": "x"}], "sets": [{"name": "x"}]}'), "groups.unreadable"),
        (Fault(200, text="<html>"), "http.not_json"),
    ],
)
def test_a_fault_changes_no_group_and_costs_no_member(  # F1
    quick: Classroom, place: str, fault: Fault, code: str
) -> None:
    _sync(quick)
    before = _groups(quick)
    _now(quick)
    quick.roster.drop(ALGEBRA, [PEOPLE["tia"]])
    quick.platform.services.faults.plan(place, [fault] * 2)
    assert _sync(quick).counts.ended == 1
    assert (_groups(quick), quick.course["groups_fault"]) == (before, code)


def test_a_later_page_that_fails_changes_no_group(quick: Classroom) -> None:  # F1
    _sync(quick)
    before = _groups(quick)
    quick.platform.switch(groups_page=1)
    _now(quick, GroupOf("g-8", "New", ()), GroupOf("g-9", "Newer", ()))
    quick.platform.services.faults.plan("groups", [None, Fault(404)])
    _sync(quick)
    assert (_groups(quick), quick.course["groups_fault"]) == (before, "groups.gone")
    quick.platform.switch(groups_page=50)
    _sync(quick)
    assert (set(_groups(quick)), quick.course["groups_fault"]) == ({"New", "Newer"}, None)


def test_an_lms_whose_members_say_nothing_of_groups_changes_nobodys(quick: Classroom) -> None:
    _sync(quick)
    before = _groups(quick)
    quick.platform.switch(groups_of_members=False)
    _sync(quick)
    assert _groups(quick) == before


def test_an_lms_without_sets_has_groups_all_the_same(quick: Classroom) -> None:
    quick.platform.switch(group_sets=False)
    quick.launch("tia", course=102)
    other = next(row for row in quick.world.rows(contexts) if row["id"] != quick.course["id"])
    quick.world.gate.class_lists.sync(other["class_sourced_id"])
    assert {row["set_title"] for row in quick.world.rows(class_groups)} == {None}
    assert quick.platform.requests["group_sets"] == 0


def test_who_left_the_class_is_in_no_group(quick: Classroom) -> None:
    _sync(quick)
    quick.roster.drop(ALGEBRA, [PEOPLE["sam"]])
    _sync(quick)
    assert _groups(quick)["Red"] == {"Vega"}


def test_a_class_with_groups_is_always_read_whole(quick: Classroom) -> None:
    quick.platform.switch(members_differences=True)
    assert [_sync(quick).mode for _ in range(2)] == ["full", "full"]


def test_a_list_without_end_is_no_list(quick: Classroom) -> None:  # F1
    _sync(quick)
    before = _groups(quick)
    url = quick.platform.config.home + quick.platform.paths.groups.format(course=ALGEBRA.id)
    quick.world.change(contexts, groups_url=f"{url}?page=0")
    quick.platform.switch(groups_page=0)
    _sync(quick)
    assert (_groups(quick), quick.course["groups_fault"]) == (before, "groups.unreadable")
