"""Caching other people's key sets: fresh, stale, rotated, down, restarted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keys.remote import in_thread
from keys.remote_faults import FetchFailed, KeySetInvalid, KeySetUnavailable, UnknownKey
from keys.remote_known import Rules
from tests.support.key_sets import MESSAGE, key_set, public_jwk, signature
from tests.support.remote_platform import URL, World, outcome


@pytest.fixture
def world() -> World:
    return World()


def test_a_first_launch_fetches_the_key(world: World) -> None:
    assert world.worker().find(URL, "k0").verify(MESSAGE, signature(), "RS256")
    assert world.platform.fetches == 1


def test_a_warm_launch_asks_neither_platform_nor_store(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    calls = world.store.calls
    assert {worker.find(URL, "k0").kid for _ in range(100)} == {"k0"}
    assert (world.platform.fetches, world.store.calls) == (1, calls)


@pytest.mark.parametrize(
    ("max_age", "seconds"), [(None, 3600), (0, 300), (60, 300), (7200, 7200), (10**30, 86400), (86400, 86400)]
)
def test_keys_are_fresh_for_their_max_age_within_bounds(world: World, max_age: int | None, seconds: int) -> None:
    world.platform.max_age = max_age
    worker = world.worker()
    worker.find(URL, "k0")
    world.clock.move(seconds=seconds - 1)
    worker.find(URL, "k0")
    assert world.behind == []
    world.clock.move(seconds=1)
    worker.find(URL, "k0")
    assert len(world.behind) == 1


def test_a_stale_key_is_served_at_once_and_refreshed_behind(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.clock.move(hours=2)
    assert [outcome(worker) for _ in range(5)] == ["k0"] * 5
    assert (world.platform.fetches, len(world.behind)) == (1, 1)
    world.catch_up()
    assert (outcome(worker), world.platform.fetches, world.behind) == ("k0", 2, [])


def test_a_key_the_platform_withdrew_is_gone_after_the_refresh(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.rotate(1)
    world.clock.move(hours=2)
    worker.find(URL, "k0")
    world.catch_up()
    assert outcome(worker) == "UnknownKey unknown-kid"
    assert outcome(worker, "k1") == "k1"


def test_a_refresh_takes_what_another_process_fetched(world: World) -> None:
    worker, other = world.worker(), world.worker()
    worker.find(URL, "k0")
    world.clock.move(hours=2)
    other.find(URL, "k0")
    world.catch_up()
    worker.find(URL, "k0")
    world.catch_up()
    assert world.platform.fetches == 2


def test_an_unknown_kid_is_refetched_once_and_found(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.rotate(0, 1)
    world.clock.move(minutes=2)
    assert (outcome(worker, "k1"), world.platform.fetches) == ("k1", 2)


def test_an_unknown_kid_is_known_from_another_process_without_a_fetch(world: World) -> None:
    worker, other = world.worker(), world.worker()
    worker.find(URL, "k0")
    world.platform.rotate(0, 1)
    world.clock.move(minutes=2)
    other.find(URL, "k1")
    assert (outcome(worker, "k1"), world.platform.fetches) == ("k1", 2)


def test_an_unknown_kid_within_the_cool_down_of_another_process_is_refused(world: World) -> None:
    worker = world.worker()
    world.worker().find(URL, "k0")
    assert outcome(worker, "forged") == "UnknownKey unknown-kid"
    assert world.platform.fetches == 1


@pytest.mark.parametrize("reason", ["timeout", "status-500"])
def test_last_good_keys_serve_for_days_while_the_platform_is_down(world: World, reason: str) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.fail(reason)
    for _ in range(6):
        world.clock.move(hours=24)
        assert outcome(worker) == "k0"
        world.catch_up()
    assert world.store.rows[URL].fault == reason
    assert world.faults == [reason] * 6


def test_last_good_keys_serve_after_a_restart_while_the_platform_is_down(world: World) -> None:
    world.worker().find(URL, "k0")
    world.platform.fail()
    world.clock.move(days=6)
    assert (outcome(world.worker()), world.platform.fetches) == ("k0", 1)


@pytest.mark.parametrize("body", [b"<html>down for maintenance</html>", key_set(), b"[" * 9000])
def test_garbage_does_not_wipe_good_keys(world: World, body: bytes) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.body = body
    world.clock.move(hours=2)
    worker.find(URL, "k0")
    world.catch_up()
    assert outcome(worker) == "k0"


def test_keys_are_not_believed_for_ever(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.fail("status-500")
    world.clock.move(days=7)
    assert outcome(worker) == "KeySetUnavailable status-500"


def test_a_platform_that_is_down_is_left_alone_between_tries(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.fail()
    world.clock.move(hours=2)
    for _ in range(14):
        worker.find(URL, "k0")
        world.catch_up()
        world.clock.move(seconds=1)
    assert world.platform.fetches == 2


def test_a_platform_that_comes_back_is_noticed(world: World) -> None:
    worker = world.worker()
    world.platform.fail()
    assert outcome(worker) == "KeySetUnavailable timeout"
    world.platform.failure = None
    assert outcome(worker) == "KeySetUnavailable timeout"
    world.clock.move(seconds=15)
    assert outcome(worker) == "k0"


def test_a_new_kid_while_the_platform_is_down_is_unavailable_not_forged(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.fail("status-503")
    world.clock.move(minutes=2)
    assert outcome(worker, "k1") == "KeySetUnavailable status-503"


def test_a_first_answer_that_is_garbage_is_invalid(world: World) -> None:
    world.platform.body = b"<html>"
    with pytest.raises(KeySetInvalid):
        world.worker().find(URL, "k0")


def test_a_stored_body_that_no_longer_reads_is_fetched_anew(world: World) -> None:
    world.worker().find(URL, "k0")
    world.store.save(URL, "{}", world.clock(), world.clock())
    assert outcome(world.worker()) == "KeySetInvalid invalid-json"
    world.clock.move(minutes=2)
    assert outcome(world.worker()) == "k0"


def test_a_fault_of_our_own_in_a_fetch_shows_and_keeps_the_keys(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.failure = KeyError("bug")
    world.clock.move(minutes=2)
    with pytest.raises(KeyError):
        worker.find(URL, "k1")
    assert (outcome(worker), world.store.rows[URL].fault) == ("k0", "internal")


def test_a_fault_of_our_own_behind_a_launch_costs_a_cool_down_only(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.failure = KeyError("bug")
    world.clock.move(hours=2)
    worker.find(URL, "k0")
    world.catch_up()
    assert (outcome(worker), world.behind, world.faults) == ("k0", [], ["internal", "internal"])


def test_a_machine_out_of_threads_still_serves_stale_keys(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.clock.move(hours=2)

    def refuse(work: Callable[[], None]) -> None:
        raise RuntimeError("can't start new thread")

    worker._background = refuse
    assert outcome(worker) == "k0"
    worker._background = world.behind.append
    assert (outcome(worker), len(world.behind)) == ("k0", 1)


def test_a_refresh_already_under_way_is_not_started_twice(world: World) -> None:
    worker = world.worker()
    worker._flights.board(URL)
    worker._refresh_behind(URL)
    assert world.behind == []


def test_a_row_that_vanishes_is_no_answer(world: World) -> None:
    world.store.claim_fetch = lambda url, now, cool_down: False  # type: ignore[method-assign]
    assert outcome(world.worker()) == "KeySetUnavailable no-answer"


def test_background_work_runs_in_a_thread_of_its_own(world: World) -> None:
    in_thread(lambda: world.platform("https://lms.example/jwks") and None)
    assert world.platform.asked.wait(5)


def test_a_person_can_refresh_within_the_cool_down(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.platform.rotate(0, 1)
    assert worker.refresh(URL) == ("k0", "k1")
    assert outcome(worker, "k1") == "k1"


def test_a_refresh_by_hand_says_what_is_wrong(world: World) -> None:
    worker = world.worker()
    world.platform.fail("refused")
    with pytest.raises(KeySetUnavailable, match="refused"):
        worker.refresh(URL)
    world.platform.failure = None
    world.platform.body = key_set()
    with pytest.raises(KeySetInvalid, match="no-usable-key"):
        worker.refresh(URL)


def test_urls_do_not_share_keys(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    with pytest.raises(AssertionError):  # the platform knows one URL: this one was asked for by itself
        worker.find("https://other.example/jwks", "k0")


def test_failures_tell_a_code_and_nothing_from_the_token() -> None:
    assert str(UnknownKey("unknown-kid")) == str(FetchFailed("unknown-kid")) == "unknown-kid"


def test_the_named_defaults_are_the_documented_ones() -> None:
    rules = Rules()
    assert (rules.cool_down.seconds, rules.default_life.seconds, rules.keep_for.days) == (60, 3600, 7)
    assert public_jwk()["alg"] == "RS256"


def test_a_key_that_changed_under_its_kid_is_found_by_asking_anew(world: World) -> None:
    worker = world.worker()
    old = worker.find(URL, "k0")
    world.platform.body = key_set(public_jwk(1, kid="k0"))
    world.clock.move(seconds=60)
    other = worker.find_other(URL, old)
    assert other.verify(MESSAGE, signature(1), "RS256")
    assert (worker.find(URL, "k0"), worker.find_other(URL, old)) == (other, other)
    assert world.platform.fetches == 2


def test_another_process_that_read_it_anew_is_believed(world: World) -> None:
    worker, other = world.worker(), world.worker()
    old = worker.find(URL, "k0")
    world.platform.body = key_set(public_jwk(1, kid="k0"))
    world.clock.move(seconds=60)
    other.find_other(URL, old)
    assert worker.find_other(URL, old).verify(MESSAGE, signature(1), "RS256")
    assert world.platform.fetches == 2


def test_a_key_that_did_not_change_has_no_other(world: World) -> None:
    worker = world.worker()
    old = worker.find(URL, "k0")
    world.clock.move(seconds=60)
    with pytest.raises(UnknownKey):
        worker.find_other(URL, old)
    assert worker.find(URL, "k0") == old


def test_looking_for_another_key_costs_no_key_when_the_platform_is_down(world: World) -> None:
    worker = world.worker()
    old = worker.find(URL, "k0")
    world.platform.fail()
    world.clock.move(seconds=60)
    with pytest.raises(KeySetUnavailable):
        worker.find_other(URL, old)
    assert worker.find(URL, "k0") == old
