"""Where exactly a threshold lies: one record less goes by itself, one more waits for a person."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.services.roster_plan import (
    Guards,
    held_new_ids,
    held_removals,
    held_renames,
    may_be_rekeyed,
    read_guards,
)
from gateway.store.rosters.counting import Counts, Thinned
from providers.contract import Kind, Misconfigured

GUARDS = Guards()


def _codes(counts: dict[Kind, Counts], schools: Any = (), classes: Any = ()) -> list[tuple[str, str | None]]:
    return [(hold.code, hold.place) for hold in held_removals(counts, schools, classes, GUARDS)]


# F2: known, gone -> held; 10 % and five records both must be passed
@pytest.mark.parametrize(
    ("known", "gone", "is_held"),
    [
        (49, 5, False),
        (50, 5, False),
        (50, 6, True),
        (60, 6, False),
        (61, 6, False),
        (59, 6, True),
        (1000, 100, False),
        (1000, 101, True),
    ],
)
def test_removals_wait_beyond_both_thresholds(known: int, gone: int, is_held: bool) -> None:  # F2
    assert _codes({"users": Counts(known, gone=gone)}) == [("hold.type_removals", None)] * is_held
    school = Thinned("users", "s1", "One", gone, known)
    assert _codes({}, [school]) == [("hold.school_removals", "s1")] * is_held


@pytest.mark.parametrize(("known", "gone", "is_held"), [(6, 3, False), (6, 4, True), (100, 50, False), (100, 51, True)])
def test_a_class_waits_when_more_than_half_would_leave(known: int, gone: int, is_held: bool) -> None:  # F2
    assert _codes({}, (), [Thinned("enrollments", "k", "K", gone, known)]) == [("hold.class_emptied", "k")] * is_held


@pytest.mark.parametrize(
    ("count", "code"),
    [
        (Counts(3, gone=3), "hold.type_emptied"),
        (Counts(3, gone=3, added=1), None),
        (Counts(3, gone=3, returned=1), None),
        (Counts(300, added=300, gone=300), "hold.type_removals"),
        (Counts(0), None),
    ],
)
def test_a_type_is_emptied_only_when_nothing_comes_in_its_place(count: Counts, code: str | None) -> None:  # F1, F2
    assert _codes({"courses": count}) == ([(code, None)] if code else [])


@pytest.mark.parametrize(
    ("renamed", "known", "is_held"), [(5, 10, False), (6, 20, False), (6, 19, True), (30, 100, False), (31, 100, True)]
)
def test_renames_wait_beyond_both_thresholds(renamed: int, known: int, is_held: bool) -> None:  # F3
    holds = held_renames("users", renamed, known, GUARDS)
    assert [(hold.code, hold.keeps, hold.number, hold.of) for hold in holds] == [
        ("hold.mass_rename", "renames", renamed, known)
    ] * is_held


@pytest.mark.parametrize(
    ("gone", "added", "may"), [(20, 20, True), (20, 10, False), (10, 20, False), (20, 5, False), (5, 20, False)]
)
def test_new_ids_are_suspected_where_many_go_and_many_come(gone: int, added: int, may: bool) -> None:  # F3
    assert may_be_rekeyed(Counts(100, added=added, gone=gone), GUARDS) is may


@pytest.mark.parametrize(("same", "gone", "is_held"), [(10, 20, False), (11, 20, True), (0, 20, False)])
def test_new_ids_wait_when_more_than_half_come_again(same: int, gone: int, is_held: bool) -> None:  # F3
    assert [hold.keeps for hold in held_new_ids("classes", same, gone, GUARDS)] == ["new_ids"] * is_held


@pytest.mark.parametrize("values", [{"removal_percent": -1}, {"removal_floor": "5"}, {"rename_floor": 1_000_001}])
def test_a_threshold_is_a_number_from_nought_on(values: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured, match=r"guards\.invalid"):
        read_guards(values)
    assert read_guards({"removal_percent": 0}).removal_percent == 0
