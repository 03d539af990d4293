"""Enrollments class by class, where a provider has no collection of all of them (consumer case C16, F1)."""

from __future__ import annotations

from typing import Any

import pytest

from providers.contract import Failure, Misconfigured, Refused
from providers.kit.oneroster.rest.nested import membership_id
from tests.support.rostering import RosterWorld

NESTED, STUDENTS = "schools/*/classes/*/enrollments", "classes/*/students"
ONE_CLASS = "schools/s-1/classes/k-1-math/enrollments"
NO_FLAT: list[dict[str, Any]] = [
    *({"missing": {"enrollments": status}} for status in (404, 405, 501)),
    {"forbidden": frozenset({"enrollments"})},
]


def people(world: RosterWorld) -> set[tuple[str, str, str]]:
    """Return who is in which class, as the provider has it."""
    told = world.provider.roster["enrollments"]
    return {(each["user"]["sourcedId"], each["class"]["sourcedId"], each["role"]) for each in told}


def read_people(read: Any) -> set[tuple[str, str, str]]:
    return {(each.user_id, each.class_id, each.role) for each in read.records["enrollments"]}


# C16
@pytest.mark.parametrize("switches", NO_FLAT)
def test_without_their_collection_enrollments_come_by_their_classes(world: RosterWorld, switches: Any) -> None:
    whole = world.read()
    world.switch(**switches)
    read = world.read(since="2026-10-01T00:00:00.000Z")
    assert sorted(read.records["enrollments"]) == sorted(whole.records["enrollments"])
    assert read.complete == whole.complete
    assert read.finished is not None
    assert (read.finished.mode, read.finished.since, read.finished.counts["users"]) == ("full", None, 34)


# C16
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_class_s_students_and_teachers_are_its_enrollments(world: RosterWorld, version: str) -> None:
    world.switch(version=version, missing={"enrollments": 404, NESTED: 404}, page_cap=7)
    read = world.read(enrollments_from_classes=True)
    assert read_people(read) == people(world)
    assert "enrollments" in read.complete
    assert membership_id("k-1-math", "p-0", "student") in read.ids("enrollments")
    assert len(set(read.ids("enrollments"))) == 64
    assert {each.school_id for each in read.records["enrollments"]} == {"s-1", "s-2"}
    assert not any("/enrollments?" in request for request in world.provider.requests)


def test_made_ids_keep_odd_ids_apart() -> None:
    pairs = [("a|1", "b"), ("a", "1|b"), ("a|1:b", ""), ("a", "b")]
    assert len({membership_id(class_id, user_id, "student") for class_id, user_id in pairs}) == len(pairs)


def test_a_class_is_asked_for_by_its_id_letter_for_letter(world: RosterWorld) -> None:
    odd = "Maths/7 @ä?#%2F"
    roster = world.provider.roster
    roster["classes"][0]["sourcedId"] = odd
    for each in roster["enrollments"]:
        if each["class"]["sourcedId"] == "k-1-math":
            each["class"]["sourcedId"] = odd
    world.switch(missing={"enrollments": 404})
    assert read_people(world.read()) == people(world)


def test_without_any_of_it_the_setting_is_named(world: RosterWorld) -> None:
    world.switch(missing={"enrollments": 404, NESTED: 501})
    with pytest.raises(Misconfigured, match="enrollment_endpoints") as caught:
        world.read()
    assert caught.value.code == "oneroster.collection_missing"
    assert "enrollment_endpoints to classes" in world.check()["enrollments"]
    assert world.check(enrollments_from_classes=True) == {}
    world.switch(missing={STUDENTS: 404})
    assert "enrollment_endpoints" in world.check(enrollments_from_classes=True)["enrollments"]


def test_what_is_withheld_everywhere_stays_refused(world: RosterWorld) -> None:
    world.switch(forbidden=frozenset({"enrollments", NESTED}))
    with pytest.raises(Refused, match=r"rest\.forbidden"):
        world.read()


@pytest.mark.parametrize("switches", NO_FLAT)
def test_the_check_is_content_with_classes(world: RosterWorld, switches: Any) -> None:
    world.switch(**switches)
    assert world.check() == {}


def test_a_class_nobody_is_in_costs_no_proof(world: RosterWorld) -> None:
    roster = world.provider.roster
    roster["enrollments"] = [each for each in roster["enrollments"] if each["class"]["sourcedId"] != "k-1-math"]
    world.switch(missing={"enrollments": 404})
    assert "enrollments" in world.read().complete
    world.switch(count="none", links="none")
    assert "enrollments" in world.read().complete


def test_a_class_on_its_way_out_is_not_asked_for(world: RosterWorld) -> None:
    world.provider.roster["classes"][0]["status"] = "tobedeleted"
    world.switch(missing={"enrollments": 404, ONE_CLASS: 404})
    assert "enrollments" in world.read().complete


# F1: nobody is gone by a fault in one class
@pytest.mark.parametrize("fault_in", [ONE_CLASS, NESTED, "classes"])
@pytest.mark.parametrize(
    "switches",
    [
        {"page": "short"},
        {"page": "empty"},
        {"page": "null_envelope"},
        {"page": "empty_object"},
        {"page": "torn"},
        {"page": "html"},
        {"page": "error"},
        {"count": "high"},
        {"shifts": "always"},
    ],
)
def test_a_fault_below_a_class_proves_nobody_gone(world: RosterWorld, fault_in: str, switches: Any) -> None:
    world.switch(missing={"enrollments": 404}, page_cap=3, fault_in=fault_in, **switches)
    try:
        read = world.read()
    except Failure:
        return
    assert "enrollments" not in read.complete or read_people(read) >= people(world)
    assert read.doubts("enrollments")


# F1
@pytest.mark.parametrize(
    "strike", [{"missing": {"enrollments": 404, ONE_CLASS: 404}}, {"forbidden": frozenset({ONE_CLASS})}]
)
def test_a_class_that_is_not_told_of_proves_nobody_gone(world: RosterWorld, strike: Any) -> None:
    world.switch(**{"missing": {"enrollments": 404}} | strike)
    read = world.read()
    assert "enrollments" not in read.complete
    assert len(read.ids("enrollments")) == 64 - 16
    assert read.doubts("enrollments") == ["the provider does not give the people of some of its classes"]


def test_a_class_without_an_id_proves_nobody_gone(world: RosterWorld) -> None:
    del world.provider.roster["classes"][2]["school"]
    world.switch(missing={"enrollments": 404})
    assert "can't be asked for" in world.read().doubts("enrollments")[0]


def test_no_enrollment_at_all_proves_nobody_gone(world: RosterWorld) -> None:
    world.provider.roster["enrollments"].clear()
    world.switch(missing={"enrollments": 404})
    assert world.read().doubts("enrollments") == ["nothing came at all"]


def test_a_nested_reading_goes_on_at_each_cursor(world: RosterWorld) -> None:
    classes = world.provider.roster["classes"]
    classes += [classes[0] | {"sourcedId": f"k-{number}"} for number in range(60)]
    world.switch(missing={"enrollments": 404})
    whole = world.read()
    within = [cursor for cursor in whole.cursors if '"nested":{' in cursor]
    assert len(within) > 3
    for cursor in within:
        rest = world.read(resume=cursor)
        assert rest.complete == whole.complete
        assert set(rest.ids("enrollments")) <= set(whole.ids("enrollments"))
    assert len(world.read(resume=within[0]).ids("enrollments")) == 64 - 16
