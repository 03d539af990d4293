"""Attacks on other people's key sets: a storm of unknown kids, and herds that are no attack at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Thread

import pytest

from keys.remote import RemoteKeySets
from keys.remote_faults import UnknownKey
from keys.remote_known import Rules
from tests.support.remote_platform import QUICK, URL, World, at_once, outcome, wait_until

SHORT = Rules(patience=timedelta(seconds=0.05), look_every=timedelta(milliseconds=5))


@pytest.fixture
def world() -> World:
    return World()


# A5
def test_a_storm_of_unknown_kids_costs_at_most_one_fetch_per_cool_down(world: World) -> None:
    workers = [world.worker(), world.worker()]
    workers[0].find(URL, "k0")
    for minute in range(1, 4):
        world.clock.move(seconds=60)
        answers = at_once(workers, [f"forged-{minute}-{n}" for n in range(1000)])
        assert set(answers) <= {"UnknownKey unknown-kid", "KeySetUnavailable busy"}
        assert world.platform.fetches == 1 + minute


# A5
def test_a_storm_within_the_cool_down_asks_neither_platform_nor_store(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    calls = world.store.calls
    assert {outcome(worker, f"forged-{n}") for n in range(1000)} == {"UnknownKey unknown-kid"}
    assert (world.platform.fetches, world.store.calls) == (1, calls)


# A5
def test_a_storm_of_forged_signatures_under_a_known_kid_costs_at_most_one_fetch_per_cool_down(world: World) -> None:
    worker = world.worker()
    key = worker.find(URL, "k0")
    for minute in range(1, 4):
        world.clock.move(seconds=60)
        for _ in range(1000):
            with pytest.raises(UnknownKey):
                worker.find_other(URL, key)
        assert world.platform.fetches == 1 + minute
    assert worker.find(URL, "k0") == key


# A5
def test_valid_launches_pass_at_once_while_a_storm_waits_for_a_slow_platform(world: World) -> None:
    worker = world.worker()
    worker.find(URL, "k0")
    world.clock.move(seconds=60)
    world.platform.gate.clear()
    world.platform.asked.clear()
    storm = Thread(target=at_once, args=([worker], [f"forged-{n}" for n in range(50)]))
    storm.start()
    assert world.platform.asked.wait(5)
    assert {outcome(worker) for _ in range(1000)} == {"k0"}
    assert storm.is_alive()
    world.platform.gate.set()
    storm.join()
    assert world.platform.fetches == 2


# A5
def test_a_storm_holds_a_bounded_number_of_threads(world: World) -> None:
    worker = world.worker(Rules(max_waiting=3))
    world.platform.gate.clear()
    storm = Thread(target=at_once, args=([worker], ["forged"] * 4))
    storm.start()
    assert world.platform.asked.wait(5)
    wait_until(lambda: waiting(worker) == 3)
    assert outcome(worker, "forged") == "KeySetUnavailable busy"
    world.platform.gate.set()
    storm.join()


# A5
def test_a_storm_leaves_nothing_in_memory(world: World) -> None:
    worker = world.worker()
    for n in range(1000):
        outcome(worker, f"forged-{n}")
    assert list(worker._known) == [URL]
    assert list(worker._known[URL].keys) == ["k0"]
    assert len(world.store.rows) == 1


def herd(world: World, workers: list[RemoteKeySets], kid: str) -> list[str]:
    """Let 30 students ask while the platform thinks, until all of them wait; then it answers."""
    world.platform.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        answers = pool.submit(at_once, workers, [kid] * 30)
        wait_until(lambda: sum(waiting(worker) for worker in workers) == 30 - len(workers))
        world.platform.gate.set()
        return answers.result()


def waiting(worker: RemoteKeySets) -> int:
    flight = worker._flights._by_url.get(URL)
    return flight.waiting if flight else 0


@pytest.mark.parametrize("count", [1, 2])
def test_a_class_that_starts_right_after_a_rotation_all_get_in(world: World, count: int) -> None:
    workers = [world.worker() for _ in range(count)]
    for worker in workers:
        worker.find(URL, "k0")
    world.platform.rotate(0, 1)
    world.clock.move(minutes=2)
    assert herd(world, workers, "k1") == ["k1"] * 30
    assert world.platform.fetches == 2


def test_a_class_that_starts_on_a_cold_gateway_all_get_in(world: World) -> None:
    assert herd(world, [world.worker(), world.worker()], "k0") == ["k0"] * 30
    assert world.platform.fetches == 1


def test_a_worker_waits_for_the_fetch_of_another(world: World) -> None:
    world.platform.gate.clear()
    first = Thread(target=world.worker().find, args=(URL, "k0"))
    first.start()
    assert world.platform.asked.wait(5)
    world.store.calls = 0
    answers: list[str] = []
    second = Thread(target=lambda: answers.append(outcome(world.worker())))
    second.start()
    wait_until(lambda: world.store.calls >= 5)  # it looks at the store, and at nothing else
    world.platform.gate.set()
    first.join()
    second.join()
    assert (answers, world.platform.fetches) == (["k0"], 1)


def test_a_fetch_that_another_worker_never_ends_is_not_awaited_for_ever(world: World) -> None:
    world.store.claim_fetch(URL, world.clock(), QUICK.cool_down)  # and then it was killed
    worker = world.worker(SHORT)
    assert outcome(worker) == "KeySetUnavailable no-answer"
    world.clock.move(seconds=60)
    assert outcome(worker) == "k0"


def test_a_thread_does_not_wait_for_ever_for_another(world: World) -> None:
    worker = world.worker(SHORT)
    world.platform.gate.clear()
    first = Thread(target=worker.find, args=(URL, "k0"))
    first.start()
    assert world.platform.asked.wait(5)
    assert outcome(worker) == "KeySetUnavailable busy"
    world.platform.gate.set()
    first.join()


# A6
def test_a_failing_platform_does_not_touch_warm_launches(world: World) -> None:
    workers = [world.worker(), world.worker()]
    for worker in workers:
        worker.find(URL, "k0")
    world.platform.fail("status-500")
    world.clock.move(hours=5)
    assert set(at_once(workers, ["k0"] * 100)) == {"k0"}
    world.catch_up()
    assert set(at_once(workers, ["k0"] * 100)) == {"k0"}
    assert world.platform.fetches == 2
