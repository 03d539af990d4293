"""Credentials that fade, busy providers, missing collections, changes (consumer cases C02, C15, C16, C19, C20)."""

from __future__ import annotations

import pytest

from providers.contract import BadData, Misconfigured, Refused, Unavailable
from providers.kit.rest.asking import LONGEST_WAIT, MOST_WAITING
from tests.support.rostering import RosterWorld


# C02
def test_a_token_that_dies_half_way_is_renewed_and_nothing_is_lost(world: RosterWorld) -> None:
    world.switch(token_dies_after=5)
    read = world.read()
    assert len(read.ids("enrollments")) == 64
    assert "enrollments" in read.complete
    assert world.provider.doorkeeper.token_requests > 2


# C02, F1
def test_a_refusal_of_a_fresh_token_ends_the_reading(world: RosterWorld) -> None:
    world.switch(refuses_from=8)
    with pytest.raises(Refused, match=r"rest\.unauthorized"):
        world.read()
    assert world.provider.doorkeeper.token_requests == 2
    assert len(world.provider.requests) == 9


# C15
def test_a_busy_provider_is_waited_for_as_long_as_it_says(world: RosterWorld) -> None:
    world.switch(busy=((429, "7"), (429, "")))
    assert "enrollments" in world.read().complete
    assert world.slept == [7, 2]


# C15
def test_a_moment_to_wait_for_is_understood(world: RosterWorld) -> None:
    world.switch(busy=((503, "Mon, 05 Jan 2026 08:00:30 GMT"),))
    world.read()
    assert world.slept == [30]


# C15: no worker sleeps on somebody else's rate limit
def test_a_provider_that_asks_for_much_time_is_left_for_later(world: RosterWorld) -> None:
    world.switch(busy=((429, "3600"),))
    with pytest.raises(Unavailable, match=r"rest\.busy") as caught:
        world.read()
    assert (caught.value.retry_after, world.slept) == (3600, [])


# C15
def test_waiting_ends(world: RosterWorld) -> None:
    world.switch(busy=((429, ""),) * 50)
    with pytest.raises(Unavailable, match=r"rest\.busy") as caught:
        world.read()
    assert sum(world.slept) <= MOST_WAITING
    assert max(world.slept) <= LONGEST_WAIT <= (caught.value.retry_after or 0)


# C15
def test_pages_shrink_until_the_provider_can_serve_them(world: RosterWorld) -> None:
    world.switch(bad_gateway_above=12)
    read = world.read(page_size=80)
    assert len(read.ids("enrollments")) == len(set(read.ids("enrollments"))) == 64
    assert "enrollments" in read.complete
    assert "limit=10" in world.provider.requests[-8]


def test_a_page_too_large_for_us_is_asked_for_in_halves(world: RosterWorld) -> None:
    read = world.read(page_size=64, largest_body=12_000)
    assert "enrollments" in read.complete
    assert any("limit=16" in request for request in world.provider.requests)


def test_a_single_record_too_large_is_an_error(world: RosterWorld) -> None:
    with pytest.raises(BadData, match=r"http\.too_large"):
        world.read(page_size=10, largest_body=500)


# C16
@pytest.mark.parametrize("status", [404, 501])
def test_parts_stand_in_for_a_missing_collection_and_prove_nothing(world: RosterWorld, status: int) -> None:
    world.switch(missing={"users": status, "orgs": status, "academicSessions": status})
    read = world.read()
    assert set(read.ids("users")) == {f"p-{number}" for number in range(30)} | {"t-1", "t-2"}
    assert set(read.ids("orgs")) == {"s-1", "s-2"}
    assert set(read.ids("academicSessions")) == {"t-1", "g-1"}
    assert not {"users", "roles", "orgs", "academicSessions"} & read.complete


# C16
def test_parts_that_an_administrator_chose_are_proven(world: RosterWorld) -> None:
    read = world.read(users_from_students_and_teachers=True)
    assert len(read.ids("users")) == 32
    assert {"users", "roles"} <= read.complete


# C16
def test_collections_that_can_be_done_without_may_be_missing_or_withheld(world: RosterWorld) -> None:
    world.switch(missing={"courses": 404}, forbidden=frozenset({"academicSessions"}))
    read = world.read()
    assert {"courses", "academicSessions"} & read.complete == set()
    assert "enrollments" in read.complete


def test_collections_that_are_needed_end_the_reading(world: RosterWorld) -> None:
    world.switch(missing={"enrollments": 404, "schools/*/classes/*/enrollments": 404})
    with pytest.raises(Misconfigured, match=r"oneroster\.collection_missing"):
        world.read()
    world.switch(missing={}, forbidden=frozenset({"users"}))
    with pytest.raises(Refused, match=r"rest\.forbidden"):
        world.read()


# C19
@pytest.mark.parametrize("filter_", ["ignored", "refused"])
def test_a_provider_that_knows_no_filter_is_read_whole_each_time(world: RosterWorld, filter_: str) -> None:
    world.switch(filter=filter_)
    read = world.read(since="2026-01-01T00:00:00.000Z")
    assert read.finished is not None
    assert (read.finished.mode, read.finished.since) == ("full", None)
    assert "enrollments" in read.complete


def test_changes_alone_are_read_where_the_filter_works(world: RosterWorld) -> None:
    world.provider.roster["users"][3]["dateLastModified"] = "2026-10-02T06:00:00.000Z"
    world.provider.roster["users"][4] |= {"dateLastModified": "2026-10-03T06:00:00.000Z", "status": "tobedeleted"}
    read = world.read(since="2026-10-01T00:00:00.000Z")
    assert [(user.source_id, user.status) for user in read.records["users"]] == [
        ("p-3", "active"),
        ("p-4", "tobedeleted"),
    ]
    assert read.finished is not None
    assert (read.finished.mode, read.complete, read.finished.roles_with_users) == ("delta", frozenset(), True)


def test_changes_in_1_1_know_the_kinds_of_orgs_that_did_not_change(world: RosterWorld) -> None:
    world.switch(version="1.1")
    next(user for user in world.provider.roster["users"] if user["sourcedId"] == "a-1")["dateLastModified"] = (
        "2026-10-02"
    )
    read = world.read(since="2026-10-01T00:00:00.000Z")
    assert [role.role for role in read.records["roles"]] == ["districtAdministrator"]


def test_the_next_changes_are_asked_for_with_a_day_to_spare(world: RosterWorld) -> None:
    read = world.read()
    assert read.finished is not None
    assert read.finished.since is not None
    assert read.finished.since.endswith("Z")


def test_a_reading_goes_on_where_it_was_cut_off(world: RosterWorld) -> None:
    whole = world.read()
    cursor = whole.cursors[-3]
    world.provider.requests.clear()
    rest = world.read(resume=cursor)
    assert set(rest.ids("enrollments")) < set(whole.ids("enrollments"))
    assert rest.complete == whole.complete
    assert not any("/users?limit=20" in request for request in world.provider.requests)


def test_a_reading_that_was_cut_off_proves_nothing_without_a_count_that_stays(world: RosterWorld) -> None:
    cursor = world.read().cursors[-3]
    del world.provider.roster["enrollments"][0]
    assert "enrollments" not in world.read(resume=cursor).complete
    world.switch(count="none")
    cursor = world.read().cursors[-3]
    assert "enrollments" not in world.read(resume=cursor).complete


def test_between_two_kinds_a_cut_costs_no_proof(world: RosterWorld) -> None:
    whole = world.read()
    cursor = next(each for each in whole.cursors if '"kind":5' in each and '"at":null' in each)
    rest = world.read(resume=cursor)
    assert rest.complete == whole.complete
    assert rest.ids("enrollments") == whole.ids("enrollments")


def test_a_cursor_of_another_version_means_from_the_start(world: RosterWorld) -> None:
    assert world.read(resume='{"page": 3}').complete == world.read().complete


def test_no_cursor_holds_credentials(world: RosterWorld) -> None:
    assert not [cursor for cursor in world.read().cursors if "token-" in cursor or "secret" in cursor]


# C20
def test_a_very_large_page_comes_in_batches(world: RosterWorld) -> None:
    student = world.provider.roster["users"][0]
    world.provider.roster["users"] += [student | {"sourcedId": f"x-{number}"} for number in range(5000)]
    batches = [part for part in world.batches(page_size=50_000) if getattr(part, "kind", "") == "users"]
    assert max(len(batch.records) for batch in batches) == 2000
    assert sum(len(batch.records) for batch in batches) == 5034
