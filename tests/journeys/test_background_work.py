"""Background work in real processes, on both queues: nothing asked for is lost, whoever dies."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.jobs import list_jobs
from gateway.wiring import Gate
from tests.support.working import a_gate, told, worker

pytestmark = pytest.mark.long


@pytest.fixture
def gate(database_url: str, tmp_path: Path) -> Iterator[Gate]:
    gate = a_gate(database_url, tmp_path)
    yield gate
    gate.close()


def test_work_asked_for_here_is_done_by_a_worker_there(gate: Gate, database_url: str, tmp_path: Path) -> None:
    with worker(database_url, tmp_path):
        gate.jobs.enqueue("note", {"word": "warm"})
        told(tmp_path, "noted:warm")
        asked = time.monotonic()
        gate.jobs.enqueue("note", {"word": "one"})
        line = told(tmp_path, "noted:one")[1]
    assert time.monotonic() - asked < 5
    assert line.split()[1] != str(os.getpid())
    assert list_jobs(gate.store, limit=10) == []


def test_work_survives_a_queue_that_lost_its_message(gate: Gate, database_url: str, tmp_path: Path) -> None:
    with gate.store.transaction() as connection:
        gate.jobs.enqueue("note", {"word": "silent"}, connection=connection)
    with worker(database_url, tmp_path):
        told(tmp_path, "noted:silent")


def test_work_in_flight_survives_kill_9(gate: Gate, database_url: str, tmp_path: Path) -> None:
    gate.jobs.enqueue("die_once")
    with worker(database_url, tmp_path) as first:
        told(tmp_path, "tried:1")
        assert first.wait(10) == -9
    with worker(database_url, tmp_path):
        told(tmp_path, "tried:1", "tried:2")
    assert list_jobs(gate.store, limit=10) == []


def test_a_worker_told_to_stop_hands_its_work_on(gate: Gate, database_url: str, tmp_path: Path) -> None:
    gate.jobs.enqueue("long")
    with worker(database_url, tmp_path) as first:
        told(tmp_path, "began")
        first.terminate()
        assert first.wait(10) == 0
    (tmp_path / "enough").touch()
    with worker(database_url, tmp_path):
        lines = told(tmp_path, "began", "left", "began", "ended")
    assert len({line.split()[1] for line in lines}) == 2


def test_periodic_work_runs_once_however_many_workers_there_are(gate: Gate, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "ticks").touch()
    with worker(database_url, tmp_path), worker(database_url, tmp_path):
        began = len(told(tmp_path, "ticked"))
        time.sleep(4)
        ticks = len(told(tmp_path, "ticked")) - began
    assert 1 <= ticks <= 4
