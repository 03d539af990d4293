"""`python -m tests.bench grades`: many scores through an LMS that fails one call in five and is down for ten minutes.

The clock is simulated: it stands still while the worker works and jumps over its pauses. Sockets, database, tokens and
the LMS's rules are real; the LMS runs in this process, so its own work is in the figures.
"""

from __future__ import annotations

import logging
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import httpx

from gateway.services.gradebook.operations import BASE
from gateway.store.tables import enrollments, scores
from providers.kit.simulator.faults import Fault
from providers.kit.simulator.people import ALGEBRA, PEOPLE
from tests.bench.processes import BIN, started
from tests.support.classes import Classroom, classroom
from tests.support.databases import migrate
from tests.support.grading import Grading
from tests.support.launching import GATE, SECRET_KEY
from tests.support.lti_services import many_people

OUTAGE = timedelta(minutes=10)
ITEMS, VERSIONS = 10, 3


@contextmanager
def a_class(folder: Path, students: int) -> Iterator[Grading]:
    """Yield a class of so many students on a fresh SQLite database, and its application."""
    address = f"sqlite:///{folder / 'gate.db'}"
    migrate(address)
    with classroom(address) as room:
        room.roster.only(ALGEBRA, [PEOPLE["tia"], *many_people(students)])
        room.platform.switch(members_page=500)
        room.launch("tia")
        room.world.clock.move(seconds=1)
        room.world.gate.class_lists.sync(room.class_id)
        yield Grading(room)


def hand_in(grading: Grading, students: list[str]) -> None:
    """Put each student's score in each line item, several times over."""
    for item in range(ITEMS):
        grading.put_item(f"item-{item}")
    for version in range(VERSIONS):
        for item in range(ITEMS):
            for number, student in enumerate(students):
                answer = grading.put(version, id=f"r-{item}-{number}", item=f"item-{item}", student=student)
                assert answer.status_code == (200 if version else 201)


def students_of(room: Classroom) -> list[str]:
    """Return the sourcedIds of the class's students."""
    rows = room.world.rows(enrollments)
    return [str(row["user_sourced_id"]) for row in rows if row["role"] == "student"]


def send(grading: Grading, total: int) -> tuple[float, timedelta]:
    """Send all; after a third is there the LMS goes down for ten minutes of the clock. Return seconds of work."""
    platform, clock = grading.room.platform, grading.room.world.clock
    faults = platform.services.faults
    faults.every("scores", 5, Fault(503))
    strike, began, down_at = faults.strike, clock(), None

    def counting(place: str) -> Fault | None:
        nonlocal down_at
        if down_at is None and len(grading.written) >= total // 3:
            down_at = clock()
        if down_at is not None and clock() - down_at < OUTAGE:
            return Fault(503)
        return strike(place)

    faults.strike = counting  # type: ignore[method-assign]
    worked = time.perf_counter()
    while (pause := grading.send()) is not None:
        clock.move(seconds=pause)
    return time.perf_counter() - worked, clock() - began


def check(grading: Grading, total: int) -> None:
    """Each landed once, in order, and none is lost."""
    written = grading.written
    landed = defaultdict(list)
    for each in written:
        landed[each.item, each.user].append(each.body["scoreGiven"])
    assert len(written) == total, f"{len(written)} of {total}"
    assert all(values == list(range(VERSIONS)) for values in landed.values())
    states = {str(row["state"]) for row in grading.room.world.rows(scores)}
    assert states == {"sent"}, states


def measure(count: int) -> None:
    """Send so many scores, then look at the web while a worker sends."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    students = count // (ITEMS * VERSIONS)
    with tempfile.TemporaryDirectory() as folder, a_class(Path(folder), students) as grading:
        took = time.perf_counter()
        hand_in(grading, students_of(grading.room))
        handed_in = time.perf_counter() - took
        worked, on_the_clock = send(grading, count)
        check(grading, count)
        requests = grading.room.platform.requests
        click.echo(f"handed in: {handed_in:.0f} s, {1000 * handed_in / count:.2f} ms a score")
        click.echo(f"sent: {worked:.0f} s of work, {1000 * worked / count:.2f} ms a score, LMS's own work included")
        click.echo(f"on the clock: {on_the_clock}; calls {requests['scores']}, tokens {requests['token']}")
        click.echo(f"bench grades scores={count} landed={len(grading.written)} lost=0 doubled=0")


def watch_the_web(count: int) -> None:
    """Put results over HTTP into `schoolgate serve`, idle and while its worker empties the outbox."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    students = count // (ITEMS * VERSIONS)
    with tempfile.TemporaryDirectory() as name, a_class(Path(name), students) as grading:
        folder = Path(name)
        grading.put_item("probe")
        people = students_of(grading.room)
        own = {"DATABASE_URL": f"sqlite:///{folder / 'gate.db'}", "VAR": str(folder), "PUBLIC_URL": GATE}
        own |= {"SECRET_KEY": SECRET_KEY, "ALLOW_HOSTS": "127.0.0.1"}
        environment = {f"SCHOOLGATE_{key}": value for key, value in own.items()}
        os.environ.update(environment)

        def command(port: int) -> list[str]:
            return [str(BIN / "schoolgate"), "serve", "--port", str(port), "--workers", "2"]

        for when in ("idle", "sending"):
            if when == "sending":
                hand_in(grading, people)
            with started(command, environment, folder) as (_, port), _client(port, grading.token) as client:
                before = len(grading.written)
                _probe(client, people, when, rounds=150)
                waiting = len([row for row in grading.room.world.rows(scores) if row["state"] == "waiting"])
                click.echo(f"sent meanwhile: {len(grading.written) - before}; still waiting: {waiting}")


def _client(port: int, token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"http://127.0.0.1:{port}{BASE}", headers=headers, timeout=30)


def _probe(client: httpx.Client, people: list[str], when: str, *, rounds: int) -> None:
    waits: list[float] = []
    for number in range(rounds):
        body: dict[str, Any] = {
            "lineItem": {"sourcedId": "probe"},
            "student": {"sourcedId": people[number % len(people)]},
        }
        began = time.perf_counter()
        answer = client.put(f"/results/{when}-{number}", json={"result": body | {"score": number}})
        waits.append(1000 * (time.perf_counter() - began))
        assert answer.status_code in (200, 201), answer.text
        time.sleep(0.03)
    cuts = statistics.quantiles(waits, n=100)
    click.echo(f"{when}: PUT p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms, of {rounds}")
