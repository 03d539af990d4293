"""Every change of the roster is told once, in the transaction that makes it, whoever makes it."""

from __future__ import annotations

from gateway.store.events.lines import START
from gateway.store.tables import roster_changes
from tests.support.launching import Launching
from tests.support.rosters import District, a_roster, with_changed, without
from tests.support.telling import counted, end_of, lines_after


def test_a_sync_tells_each_row_once_and_of_roles_with_their_users(district: District) -> None:  # F9
    place = end_of(district.store)
    district.sync(a_roster(students=3, classes=1))
    assert counted(district.store, place) == {
        "orgs.created": 1,
        "academicSessions.created": 1,
        "courses.created": 1,
        "classes.created": 1,
        "users.created": 4,
        "enrollments.created": 4,
    }


def test_a_role_that_changes_alone_is_told_of_its_user(district: District) -> None:
    district.sync(a_roster(students=3, classes=1))
    place, user = end_of(district.store), district.active("users")["s0-p1"]["sourced_id"]
    district.sync(with_changed(a_roster(students=3, classes=1), "roles", "r-s0-p1", end_date="2027-01-01"))
    told = lines_after(district.store, place)
    assert [(line.kind, line.action, line.sourced_id) for line in told] == [("users", "updated", user)]


def test_who_leaves_is_told_once_and_who_returns_is_created_again(district: District) -> None:
    whole = a_roster(students=3, classes=1)
    less = without(without(without(whole, "users", ["s0-p1"]), "roles", ["r-s0-p1"]), "enrollments", ["s0-c0/s0-p1"])
    district.sync(whole)
    place = end_of(district.store)
    district.sync(less)
    assert counted(district.store, place) == {"enrollments.deleted": 1, "users.deleted": 1}
    place = end_of(district.store)
    district.sync(whole)
    assert counted(district.store, place)["users.created"] == 1


def test_an_undone_sync_is_told_backwards(district: District) -> None:
    district.sync(a_roster(students=3, classes=1))
    place = end_of(district.store)
    more = district.sync(a_roster(students=4, classes=1))
    district.syncs.undo(more.id, actor="test")
    told = counted(district.store, place)
    assert (told["users.created"], told["users.deleted"], told["enrollments.deleted"]) == (1, 1, 1)


def test_a_sync_that_changes_nothing_tells_nothing(quick_district: District) -> None:
    quick_district.sync(a_roster())
    place = end_of(quick_district.store)
    quick_district.sync(a_roster())
    assert lines_after(quick_district.store, place) == []


def test_a_launch_tells_of_what_it_makes_and_a_warm_one_of_nothing(world: Launching) -> None:
    place = end_of(world.store)
    world.launch()
    assert counted(world.store, place) == {"users.created": 1, "classes.created": 1, "enrollments.created": 1}
    written = world.count(roster_changes)
    world.launch()
    assert world.count(roster_changes) == written


def test_an_org_made_by_an_operator_is_told(quick_district: District) -> None:
    told = lines_after(quick_district.store, START)
    assert [(line.kind, line.sourced_id) for line in told] == [("orgs", quick_district.org.sourced_id)]
