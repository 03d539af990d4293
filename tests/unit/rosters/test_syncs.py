"""What syncing a roster does to the tables: everything once, then only what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.store.tables import class_academic_sessions, orgs, roster_changes, roster_records, users
from providers.contract import KINDS, Fault, Finished
from tests.support.rosters import ACTOR, WHOLE, District, a_roster, with_changed, without


def test_a_first_sync_brings_everything(district: District) -> None:
    run = district.sync(a_roster(students=20, classes=2))
    assert (run.status, run.fault_count) == ("applied", 0)
    assert {kind: run.types[kind]["added"] for kind in KINDS} == {
        "orgs": 2, "academicSessions": 1, "courses": 1, "classes": 2, "users": 21, "roles": 21, "enrollments": 42,
    }  # fmt: skip
    assert {kind: len(district.active(kind)) for kind in KINDS} == {kind: run.types[kind]["added"] for kind in KINDS}
    assert len(district.rows(class_academic_sessions)) == 2
    enrollment = district.active("enrollments")["s0-c0/s0-p3"]
    assert enrollment["user_sourced_id"] == district.active("users")["s0-p3"]["sourced_id"]
    assert enrollment["school_sourced_id"] == district.active("orgs")["s0"]["sourced_id"]
    assert enrollment["source"] == "roster"


def test_the_same_roster_again_writes_nothing(district: District) -> None:
    district.sync(a_roster())
    before = district.picture(), district.rows(roster_records), district.rows(roster_changes)
    run = district.sync()
    assert (run.status, run.rows_written) == ("unchanged", 0)
    assert run.types["enrollments"]["untouched"] == 42
    assert (district.picture(), district.rows(roster_records), district.rows(roster_changes)) == before


def test_a_changed_name_changes_one_row(district: District) -> None:
    first = a_roster()
    district.sync(first)
    run = district.sync(with_changed(first, "users", "s0-p3", given_name="Ada"))
    assert run.types["users"] == {"added": 0, "changed": 1, "gone": 0, "returned": 0, "untouched": 20, "skipped": 0}
    assert district.active("users")["s0-p3"]["given_name"] == "Ada"


def test_who_is_gone_keeps_the_row_and_who_returns_has_the_same_id(district: District) -> None:
    first = a_roster()
    district.sync(first)
    before = district.active("users")["s0-p3"]["sourced_id"]
    away = without(first, "users", ["s0-p3"])
    run = district.sync(away)
    assert (run.types["users"]["gone"], run.types["enrollments"]["gone"], run.types["roles"]["gone"]) == (1, 2, 1)
    gone = next(row for row in district.rows(users) if row["sourced_id"] == before)
    assert gone["status"] == "tobedeleted"
    back = district.sync(first)
    assert (back.types["users"]["returned"], back.types["enrollments"]["returned"]) == (1, 2)
    assert district.active("users")["s0-p3"]["sourced_id"] == before


def test_the_rosters_only_top_org_of_the_same_type_is_the_integrations_own(district: District) -> None:
    district.sync(a_roster())
    (row,) = [row for row in district.rows(orgs) if row["sourced_id"] == district.org.sourced_id]
    assert row["name"] == "Northfield"
    assert district.active("orgs")["s0"]["parent_sourced_id"] == district.org.sourced_id
    assert len(district.rows(orgs)) == 2


def test_what_came_before_a_roster_moved_counts_no_more(district: District) -> None:  # F1, F4
    first = a_roster()
    district.sync(first)
    after = without(with_changed(first, "users", "s0-p3", given_name="Ada"), "users", ["s0-p4"])
    district.room.before = with_changed(first, "users", "s0-p4", given_name="Old")
    district.room.faults = (Fault("users", 1, None, "some.fault", "is odd"),)
    run = district.sync(after)
    assert (run.status, run.fault_count, run.types["users"]["gone"]) == ("applied", 1, 1)
    assert (run.types["users"]["changed"], run.types["users"]["untouched"]) == (1, 19)
    assert "s0-p4" not in district.active("users")
    assert district.active("users")["s0-p3"]["given_name"] == "Ada"


def test_events_come_once_in_order_after_the_commit(district: District) -> None:  # F9
    first = a_roster(students=6, classes=1)
    district.sync(first)
    made = district.changes()
    order = [list[str](KINDS).index(kind) for kind, _ in made]
    assert order == sorted(order)
    district.sync(without(with_changed(first, "users", "s0-p1", email="p1@s.example"), "users", ["s0-p0"]))
    assert district.changes()[len(made) :] == [
        ("users", "changed"),
        ("enrollments", "gone"),
        ("roles", "gone"),
        ("users", "gone"),
    ]


def test_a_preview_writes_only_its_own_line(district: District) -> None:
    first = a_roster()
    district.sync(first)
    before = district.picture()
    run = district.sync(with_changed(first, "users", "s0-p3", given_name="Ada"), preview=True)
    assert (run.status, run.types["users"]["changed"]) == ("preview", 1)
    assert district.picture() == before
    (row,) = district.syncs.rows(run, 10)
    assert (row.kind, row.action, row.id, row.fields) == (
        "users", "changed", "s0-p3", {"given_name": ["Given s0-p3", "Ada"]},
    )  # fmt: skip
    assert district.syncs.approve(run.id, actor="test").status == "applied"
    assert district.active("users")["s0-p3"]["given_name"] == "Ada"


def test_a_delta_changes_what_it_names_and_nothing_else(district: District) -> None:
    first = a_roster()
    district.sync(first)
    district.room.ending = Finished("delta", frozenset())
    changed = with_changed(first, "users", "s0-p3", given_name="Ada")["users"][3]
    left = first["users"][4]._replace(status="tobedeleted")
    run = district.sync({"users": [changed, left]})
    assert (run.types["users"]["changed"], run.types["users"]["gone"], run.types["users"]["untouched"]) == (1, 1, 19)
    assert "s0-p4" not in district.active("users")


@pytest.mark.parametrize("ending", [None, Finished("full", frozenset())])
def test_without_proof_nothing_is_gone(district: District, ending: Finished | None) -> None:  # F1
    first = a_roster()
    district.sync(first)
    district.room.ending = ending
    run = district.sync(without(first, "users", ["s0-p3"]))
    assert run.types["users"]["gone"] == 0
    assert "s0-p3" in district.active("users")


def test_changes_are_asked_for_by_day_and_everything_every_night(district: District) -> None:
    district.room.ending = replace(WHOLE, since="then")
    district.sync(a_roster())
    district.room.ending = Finished("delta", frozenset(), since="then")
    for _ in range(4):
        district.clock.move(hours=6)
        district.syncs.run(district.integration_id, actor=ACTOR)
    asked = [since for since, _ in district.room.asked]
    assert asked == [None, "then", "then", "then", None]


def test_a_line_says_whether_changes_came_or_everything(district: District) -> None:
    assert district.sync(a_roster()).mode == "full"
    district.room.ending = Finished("delta", frozenset())
    assert district.sync({}).mode == "delta"


def test_a_count_that_what_came_contradicts_removes_nobody(district: District) -> None:  # F1
    first = a_roster()
    district.sync(first)
    district.room.ending = replace(WHOLE, counts={"users": 21})
    run = district.sync(without(first, "users", ["s0-p3"]))
    assert (run.types["users"]["gone"], run.faults[0]["code"]) == (0, "sync.count_mismatch")


def test_a_record_that_names_nothing_is_counted_as_skipped(district: District) -> None:  # F7
    first = a_roster()
    stray = first["enrollments"][0]._replace(source_id="stray", user_id="nobody")
    run = district.sync({**first, "enrollments": [*first["enrollments"], stray]})
    assert (run.types["enrollments"]["added"], run.types["enrollments"]["skipped"]) == (42, 1)
