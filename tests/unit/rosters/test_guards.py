"""What waits for a person: removals, renames and new ids that look like an accident; everything else is applied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from providers.contract import KINDS, Misconfigured
from tests.support.rosters import ACTOR, WHOLE, District, Roster, a_roster, with_changed, without


def _students(number: int, school: int = 0, first: int = 0) -> list[str]:
    return [f"s{school}-p{each}" for each in range(first, first + number)]


def _codes(run_holds: list[dict[str, object]]) -> set[tuple[object, object]]:
    return {(hold["code"], hold["kind"]) for hold in run_holds}


def test_more_than_a_tenth_of_a_type_waits_while_the_rest_is_applied(district: District) -> None:  # F2
    first = a_roster(students=50, schools=2)
    district.sync(first)
    run = district.sync(with_changed(without(first, "users", _students(12)), "users", "s1-p1", given_name="Ada"))
    assert run.status == "held"
    assert ("hold.type_removals", "users") in _codes(run.holds)
    assert (run.types["users"]["gone"], run.types["users"]["changed"]) == (12, 1)
    assert len(district.active("users")) == 102
    assert district.active("users")["s1-p1"]["given_name"] == "Ada"


def test_a_first_sync_is_never_held(district: District) -> None:  # F2
    assert district.sync(a_roster()).status == "applied"


def test_a_few_at_a_small_school_go(district: District) -> None:  # F2: the floor
    first = a_roster(students=10)
    district.sync(first)
    gone = without(first, "users", _students(2))
    gone["enrollments"] = [each for each in gone["enrollments"] if each.user_id not in _students(2)]
    assert district.sync(gone).status == "applied"


def test_a_tenth_of_one_school_waits_though_the_district_loses_less(district: District) -> None:  # F2
    first = a_roster(students=30, schools=5, classes=1)
    district.sync(first)
    run = district.sync(without(first, "users", _students(7)))
    assert ("hold.school_removals", "users") in _codes(run.holds)
    assert ("hold.type_removals", "users") not in _codes(run.holds)


def test_half_of_a_class_of_five_waits(district: District) -> None:  # F2
    first = a_roster(students=6, schools=20, classes=1)
    district.sync(first)
    run = district.sync(without(first, "enrollments", [f"s0-c0/{each}" for each in _students(4)]))
    assert _codes(run.holds) == {("hold.class_emptied", "enrollments")}


def test_a_type_that_would_be_empty_waits(district: District) -> None:  # F1, F2
    first = a_roster(students=3, classes=1)
    district.sync(first)
    run = district.sync({**first, "enrollments": []})
    assert ("hold.type_emptied", "enrollments") in _codes(run.holds)
    assert len(district.active("enrollments")) == 4


def test_people_under_new_ids_wait_with_all_that_hangs_on_them(district: District) -> None:  # F3
    first = a_roster(students=20)
    district.sync(first)
    before = district.picture()
    run = district.sync(_rekeyed(first))
    assert ("hold.ids_rekeyed", "users") in _codes(run.holds)
    assert district.picture() == before


def _rekeyed(roster: Roster) -> Roster:
    users = [each._replace(source_id=f"new-{each.source_id}") for each in roster["users"]]
    roles = [each._replace(user_id=f"new-{each.user_id}") for each in roster["roles"]]
    enrollments = [each._replace(user_id=f"new-{each.user_id}") for each in roster["enrollments"]]
    return {**roster, "users": users, "roles": roles, "enrollments": enrollments}


def test_many_new_names_wait_and_other_changes_do_not(district: District) -> None:  # F3
    first = a_roster(students=20)
    district.sync(first)
    renamed = [each._replace(given_name="X", family_name=each.source_id) for each in first["users"]]
    run = district.sync({**with_changed(first, "orgs", "s0", name="School zero"), "users": renamed})
    assert _codes(run.holds) == {("hold.mass_rename", "users")}
    assert district.active("users")["s0-p1"]["given_name"] == "Given s0-p1"
    assert district.active("orgs")["s0"]["name"] == "School zero"


def test_an_approval_applies_what_waited(district: District) -> None:
    first = a_roster(students=50)
    district.sync(first)
    run = district.sync(without(first, "users", _students(12)))
    approved = district.syncs.approve(run.id, actor=ACTOR)
    assert approved.status == "applied"
    assert len(district.active("users")) == 39
    assert len(district.active("enrollments")) == 78
    assert district.sync().status == "unchanged"


def test_an_approval_lets_renames_and_new_ids_through(district: District) -> None:
    first = a_roster(students=20)
    district.sync(first)
    district.syncs.approve(district.sync(_rekeyed(first)).id, actor=ACTOR)
    assert set(district.active("users")) == {each.source_id for each in _rekeyed(first)["users"]}
    assert len(district.active("enrollments")) == 42
    assert district.sync().status == "unchanged"


def test_a_discarded_hold_changes_nothing_and_comes_again(district: District) -> None:
    first = a_roster(students=50)
    district.sync(first)
    run = district.sync(without(first, "users", _students(12)))
    assert district.syncs.discard(run.id, actor=ACTOR).status == "discarded"
    assert len(district.active("users")) == 51
    with pytest.raises(Misconfigured, match=r"sync\.not_pending"):
        district.syncs.approve(run.id, actor=ACTOR)
    assert district.sync().status == "held"


def test_a_later_clean_sync_takes_the_place_of_a_hold_and_says_so(district: District) -> None:
    first = a_roster(students=50)
    district.sync(first)
    held = district.sync(without(first, "users", _students(12)))
    clean = district.sync(first)
    assert clean.status == "unchanged"
    found = district.syncs.find(held.id)
    assert (found.status, found.sentence) == ("superseded", f"Sync {clean.id} took its place.")


def test_thresholds_are_an_integrations_own(district: District) -> None:
    first = a_roster(students=50)
    district.sync(first)
    district.syncs.set_guards(district.integration_id, {"removal_percent": 30}, actor=ACTOR)
    assert district.sync(without(first, "users", _students(12))).status == "applied"
    with pytest.raises(Misconfigured, match=r"guards\.invalid"):
        district.syncs.set_guards(district.integration_id, {"removal_percentage": 30}, actor=ACTOR)


def test_held_removals_name_the_rows(district: District) -> None:
    first = a_roster(students=50)
    district.sync(first)
    run = district.sync(without(first, "users", _students(12)))
    gone = [row.id for row in district.syncs.rows(run, 100) if row.action == "gone" and row.kind == "users"]
    assert sorted(gone) == sorted(_students(12))
    assert set(run.types) == set(KINDS)


def test_a_class_below_the_least_size_and_one_that_ends_are_no_emptied_classes(district: District) -> None:  # F2
    first = a_roster(students=4, schools=8, classes=1)
    district.sync(first)
    assert district.sync(without(first, "enrollments", [f"s0-c0/{each}" for each in _students(3)])).status == "applied"
    bigger = a_roster(students=7, schools=8, classes=1)
    district.sync(bigger)
    ended = without(bigger, "classes", ["s1-c0"])
    assert "hold.class_emptied" not in {code for code, _ in _codes(district.sync(ended).holds)}


def test_renamed_people_who_return_count_too(district: District) -> None:  # F3
    first = a_roster(students=12)
    district.sync(first)
    few = without(first, "users", _students(7))
    district.syncs.approve(district.sync(few).id, actor=ACTOR)
    other = [each._replace(given_name="X", family_name=f"Y {each.source_id}") for each in first["users"]]
    assert ("hold.mass_rename", "users") in _codes(district.sync({**first, "users": other}).holds)


def test_a_threshold_changed_after_a_sync_judges_the_same_package_anew(sqlite_district: District) -> None:
    first, room = a_roster(students=50), sqlite_district.room
    sqlite_district.sync(first)
    room.ending = replace(WHOLE, digest="x")
    assert sqlite_district.sync().status == "unchanged"
    sqlite_district.syncs.set_guards(sqlite_district.integration_id, {"removal_percent": 30}, actor=ACTOR)
    sqlite_district.sync()
    assert room.recalled_digests[-1] is None


def test_what_was_staged_of_a_hold_may_be_gone(sqlite_district: District) -> None:
    first = a_roster(students=50)
    sqlite_district.sync(first)
    run = sqlite_district.sync(without(first, "users", _students(12)))
    for file in Path(str(sqlite_district.store.single.url.database)).parent.glob("*.sync-1"):
        file.unlink()
    with pytest.raises(Misconfigured, match=r"sync\.staging_lost"):
        sqlite_district.syncs.approve(run.id, actor=ACTOR)
    assert sqlite_district.syncs.find(run.id).status == "held"
