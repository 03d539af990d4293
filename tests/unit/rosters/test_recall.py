"""Recognised lines are not read again, and what they told still stands; anything else is read."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import Any

import pytest

from gateway.store.rosters import recall as module
from providers.contract import Batch
from tests.support.rosters import ACTOR, WHOLE, District, a_roster, with_changed, without


@pytest.fixture
def brought(district: District, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The ids that the room brings, sync after sync."""
    district.room.uses_recall = True
    found: list[Any] = []
    read = type(district.room).read

    def noted(self: Any, *given: Any, **more: Any) -> Any:
        for item in read(self, *given, **more):
            if isinstance(item, Batch):
                found.extend(record.source_id for record in item.records)
            yield item

    monkeypatch.setattr(type(district.room), "read", noted)
    return found


def test_only_a_changed_line_is_read(district: District, brought: list[Any]) -> None:
    first = a_roster()
    district.sync(first)
    brought.clear()
    run = district.sync(with_changed(first, "users", "s0-p3", given_name="Ada"))
    assert brought == ["s0-p3"]
    assert (run.types["users"]["changed"], run.types["users"]["untouched"]) == (1, 20)


def test_a_missing_line_is_a_record_gone_without_reading_the_rest(district: District, brought: list[Any]) -> None:
    first = a_roster()
    district.sync(first)
    brought.clear()
    run = district.sync(without(first, "enrollments", ["s0-c0/s0-p3"]))
    assert (brought, run.types["enrollments"]["gone"]) == ([], 1)


def test_a_full_run_takes_nothing_on_trust(district: District, brought: list[Any]) -> None:
    first = a_roster()
    district.sync(first)
    brought.clear()
    assert district.sync(full=True).status == "unchanged"
    assert len(brought) == sum(len(records) for records in first.values())


def test_after_an_undo_every_line_is_read(district: District, brought: list[Any]) -> None:
    first = a_roster()
    district.sync(first)
    second = with_changed(first, "users", "s0-p3", given_name="Ada")
    run = district.sync(second)
    district.syncs.undo(run.id, actor=ACTOR)
    assert district.sync().types["users"]["changed"] == 1


def test_what_stood_on_something_gone_returns_with_it(district: District, brought: list[Any]) -> None:
    first = a_roster()
    district.sync(first)
    district.sync(without(first, "users", ["s0-p3"]))
    assert district.sync(first).types["enrollments"]["returned"] == 2


def test_a_line_of_two_records_is_recognised_after_one_of_them_changed(district: District, brought: list[Any]) -> None:
    district.room.shares_lines = True
    first = a_roster()
    district.sync(first)
    second = with_changed(first, "users", "s0-p3", given_name="Ada")
    district.sync(second)
    brought.clear()
    run = district.sync(with_changed(second, "users", "s0-p4", given_name="Bo"))
    assert brought == ["s0-p4", "r-s0-p4"]
    assert (run.types["roles"]["gone"], run.types["users"]["gone"]) == (0, 0)


def test_the_same_digest_is_not_read_at_all(district: District) -> None:  # E9
    district.room.ending = replace(WHOLE, digest="x")
    district.sync(a_roster())
    district.room.ending = replace(WHOLE, digest="x", is_unchanged=True)
    run = district.sync({})
    assert (run.status, run.rows_written) == ("unchanged", 0)
    assert run.types["enrollments"]["untouched"] == 42
    assert district.room.recalled_digests == [None, "x"]


@pytest.mark.parametrize("in_memory", [500_000, 10])
def test_many_lines_are_compared_a_range_at_a_time(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_IN_MEMORY", in_memory)
    known = [each * 7919 * 10**13 % (1 << 63) - (1 << 62) for each in range(300)]
    with module._Comparison(len(known)) as comparison:
        comparison.remember([array("q", known)])
        comparison.forget([array("q", known[:1])])
        told = comparison.compare([known[:150], [*known[160:], 1, 2], [3, 3]])
    assert told == ({known[0], 1, 2, 3}, set(known[150:160]))
