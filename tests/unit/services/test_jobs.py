"""Background work asked for, done, tried again and given up; the clock is the test's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from gateway.services.job_runs import LEASE, MOST_ATTEMPTS, JobRuns, pause_after
from gateway.services.jobs import FAILED_KEPT, Job, Jobs, Work
from gateway.store import Store
from gateway.store.jobs import JobRow, claim, list_jobs, next_due
from providers.contract import Refused, Unavailable
from tests.support.key_stores import Clock


@dataclass
class Yard:
    """Jobs whose one kind of work does what the test says."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    pushed: list[str] = field(default_factory=list)
    done: list[Job] = field(default_factory=list)
    does: Callable[[Job], float | None] = lambda _job: None

    def __post_init__(self) -> None:
        self.jobs = Jobs(self.store, self.clock, self.pushed.append)
        self.runs = JobRuns(self.jobs, Work({"dig": self._dig}, {}), lot=lambda: 1.0)

    def _dig(self, job: Job) -> float | None:
        self.done.append(job)
        return self.does(job)

    def rows(self) -> list[JobRow]:
        return list_jobs(self.store, limit=10)


@pytest.fixture
def yard(store: Store) -> Yard:
    return Yard(store)


def _raising(fault: Exception) -> Callable[[Job], float | None]:
    def fail(_job: Job) -> float | None:
        raise fault

    return fail


def test_work_is_done_once_and_then_forgotten(yard: Yard) -> None:
    job_id = yard.jobs.enqueue("dig", {"deep": 3})
    assert yard.pushed == [job_id]
    assert [yard.runs.run(job_id), yard.runs.run(job_id)] == [True, False]
    assert (dict(yard.done[0].args), yard.rows()) == ({"deep": 3}, [])


def test_work_of_one_key_is_asked_for_once(yard: Yard) -> None:
    assert yard.jobs.enqueue("dig", key="a") == yard.jobs.enqueue("dig", key="a")
    yard.jobs.enqueue("dig", key="b")
    assert len(yard.rows()) == 2


def test_work_asked_for_while_it_runs_runs_once_more(yard: Yard) -> None:
    def ask_again(_job: Job) -> None:
        if len(yard.done) == 1:
            yard.jobs.enqueue("dig", key="a")

    yard.does = ask_again
    job_id = yard.jobs.enqueue("dig", key="a")
    yard.runs.run(job_id)
    assert len(yard.rows()) == 1
    yard.runs.run(job_id)
    assert (len(yard.done), yard.rows()) == (2, [])


def test_delayed_work_waits(yard: Yard) -> None:
    yard.jobs.enqueue("dig", delay=30)
    assert (yard.pushed, yard.runs.run_due()) == ([], 0)
    yard.clock.time += timedelta(seconds=30)
    assert yard.runs.run_due() == 1


def test_a_row_whose_message_was_lost_is_found_after_half_a_minute(yard: Yard) -> None:
    yard.jobs.enqueue("dig")
    assert yard.runs.sweep() == []
    yard.clock.time += timedelta(seconds=31)
    assert yard.runs.run_due() == 1


def test_a_queue_that_takes_no_message_stops_nobody(sqlite_store: Store) -> None:
    def broken(_job_id: str) -> None:
        raise OSError

    clock = Clock()
    Jobs(sqlite_store, clock, broken).enqueue("dig")
    assert next_due(sqlite_store) == clock()


def test_work_in_a_transaction_lands_with_it(yard: Yard) -> None:
    with suppress(KeyError), yard.store.transaction() as connection:
        yard.jobs.enqueue("dig", connection=connection)
        raise KeyError
    assert yard.rows() == []


def test_what_a_dead_worker_held_is_free_when_its_lease_ends(yard: Yard) -> None:
    job_id = yard.jobs.enqueue("dig")
    assert claim(yard.store, job_id, lease="dead", now=yard.clock(), until=yard.clock() + LEASE) is not None
    assert not yard.runs.run(job_id)
    yard.clock.time += LEASE
    assert yard.runs.run(job_id)


def test_work_in_hand_is_kept_and_can_be_laid_down(yard: Yard) -> None:
    other = JobRuns(yard.jobs, yard.runs.work)
    taken: list[bool] = []

    def dig(job: Job) -> float | None:
        yard.clock.time += LEASE / 2
        yard.runs.keep()
        yard.clock.time += LEASE / 2
        taken.append(other.run(job.id))
        yard.runs.lay_down()
        taken.append(yard.runs.run(job.id))
        yard.does = lambda _job: None
        taken.append(other.run(job.id))
        return None

    yard.does = dig
    yard.runs.run(yard.jobs.enqueue("dig"))
    assert taken == [False, False, True]


def test_unavailable_is_tried_again_not_before_it_was_told(yard: Yard) -> None:
    yard.does = _raising(Unavailable("http.timeout", "Later.", retry_after=90))
    yard.runs.run(yard.jobs.enqueue("dig"))
    (row,) = yard.rows()
    assert (row.due_at - yard.clock(), row.fault, row.attempts) == (timedelta(seconds=90), "http.timeout", 1)


def test_a_failure_that_waiting_does_not_mend_is_kept_for_the_operator(yard: Yard) -> None:
    yard.does = _raising(Refused("grades.refused", "No."))
    yard.runs.run(yard.jobs.enqueue("dig", key="a"))
    assert [(row.state, row.fault) for row in yard.rows()] == [("failed", "grades.refused")]
    yard.jobs.enqueue("dig", key="a")
    assert len(yard.rows()) == 2
    yard.clock.time += FAILED_KEPT + timedelta(seconds=1)
    assert yard.jobs.forget_failed() is False
    assert [row.state for row in yard.rows()] == ["waiting"]


def test_a_fault_nobody_foresaw_is_tried_again_and_given_up_in_the_end(yard: Yard) -> None:
    yard.does = _raising(ZeroDivisionError())
    job_id = yard.jobs.enqueue("dig")
    while yard.rows()[0].state == "waiting":
        yard.clock.time = yard.rows()[0].due_at
        assert yard.runs.run(job_id)
    assert (len(yard.done), yard.rows()[0].fault) == (MOST_ATTEMPTS, "job.broken")


def test_work_that_kills_its_workers_is_given_up(yard: Yard) -> None:
    job_id = yard.jobs.enqueue("dig")
    for number in range(MOST_ATTEMPTS):
        claim(yard.store, job_id, lease=str(number), now=yard.clock(), until=yard.clock() + LEASE)
        yard.clock.time += LEASE
    yard.runs.run(job_id)
    assert (yard.done, yard.rows()[0].fault) == ([], "job.attempts_used_up")


def test_work_of_a_later_version_is_given_up(yard: Yard) -> None:
    yard.runs.run(yard.jobs.enqueue("fly"))
    assert yard.rows()[0].fault == "job.unknown"


def test_work_may_say_when_it_wants_to_run_again(yard: Yard) -> None:
    yard.does = lambda _job: 7
    yard.runs.run(yard.jobs.enqueue("dig"))
    assert (yard.rows()[0].due_at - yard.clock(), yard.rows()[0].attempts) == (timedelta(seconds=7), 0)


def test_periodic_work_is_armed_once_and_again_after_each_end(yard: Yard) -> None:
    runs = JobRuns(yard.jobs, Work({"dig": yard.runs.work.handlers["dig"]}, {"dig": 60}))
    runs.arm()
    runs.arm()
    yard.does = _raising(Refused("grades.refused", "No."))
    assert runs.run_due() == 1
    assert (len(yard.rows()), yard.rows()[0].due_at - yard.clock()) == (1, timedelta(seconds=60))


def test_a_changed_period_takes_hold(yard: Yard) -> None:
    for seconds in (60, 30):
        JobRuns(yard.jobs, Work({}, {"dig": seconds})).arm()
    assert [row.every_seconds for row in yard.rows()] == [30]


@pytest.mark.parametrize(("attempt", "lot", "seconds"), [(1, 0, 2.5), (1, 1, 5), (4, 1, 40), (99, 1, 3600)])
def test_pauses_grow_and_are_spread(attempt: int, lot: float, seconds: float) -> None:
    assert pause_after(attempt, lot) == seconds
