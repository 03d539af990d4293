"""`python -m tests.bench pulls`: what reading a roster costs us, beside plain HTTP and JSON for the same pages."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx

import providers
from providers.contract import Batch, Context, Reply, read_settings
from providers.kit.simulator.loading import roster_simulator
from providers.kit.simulator.roster_data import Record, Roster, made_up_roster, ref
from tests.support.rostering import plain_context

CLASS_SIZE, CLASSES_EACH = 25, 4
Asked = list[tuple[str, str, dict[str, str]]]


def a_district(people: int) -> Roster:
    """Return a roster with classes of usual size: each student in four."""
    roster = made_up_roster(people)
    model, enrolled, teaching = roster["classes"][0], roster["enrollments"][0], roster["enrollments"][-4]
    count = max(people * CLASSES_EACH // CLASS_SIZE, 1)
    roster["classes"] = [{**model, "sourcedId": f"k-{number}", "title": f"Class {number}"} for number in range(count)]
    students = [each["sourcedId"] for each in roster["users"][:people]]
    roster["enrollments"] = [
        _enrollment(enrolled, f"e-{place}-{turn}", who, (place * CLASSES_EACH + turn) % count)
        for place, who in enumerate(students)
        for turn in range(CLASSES_EACH)
    ]
    teacher = teaching["user"]["sourcedId"]
    roster["enrollments"] += [_enrollment(teaching, f"t-{number}", teacher, number) for number in range(count)]
    return roster


def _enrollment(model: Record, source_id: str, who: str, number: int) -> Record:
    return {**model, "sourcedId": source_id, "user": ref("user", who), "class": ref("class", f"k-{number}")}


def serve(key: str, people: int) -> None:
    """Let a room's simulated system have such a district, say its settings, and end with standard input."""
    with roster_simulator(key).simulate_roster(a_district(people), Path(mkdtemp())) as system:
        print(json.dumps(dict(system.settings)), flush=True)  # noqa: T201
        sys.stdin.read()


class _Recording:
    """The room's HTTP, which keeps what was asked for."""

    def __init__(self, http: Any, asked: Asked) -> None:
        self._http, self._asked = http, asked

    def request(self, method: str, url: str, headers: Mapping[str, str] | None = None, **more: Any) -> Reply:
        if method == "GET":
            self._asked.append((method, url, dict(headers or {})))
        reply: Reply = self._http.request(method, url, headers, **more)
        return reply


def read(key: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Read everything with the room, keep none of it, and return what that cost."""
    plate, asked, records = providers.room(key), Asked(), 0
    assert plate.roster
    with plain_context() as made:
        context: Context[Any] = made(read_settings(plate.settings, settings))
        context = replace(context, http=_Recording(context.http, asked))
        began, cpu = time.perf_counter(), time.process_time()
        for part in plate.roster.read(context):
            records += len(part.records) if isinstance(part, Batch) else 0
        spent = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    return {**spent, "records": records, "rss_mb": _peak(), "asked": asked}


def floor(asked: Asked) -> dict[str, Any]:
    """Ask for the same pages once more, and read their JSON alone."""
    began, cpu, size = time.perf_counter(), time.process_time(), 0
    with httpx.Client(timeout=60) as client:
        for method, url, headers in asked:
            body = client.request(method, url, headers=headers).content
            json.loads(body)
            size += len(body)
    return {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu, "size": size, "rss_mb": _peak()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(sizes: tuple[int, ...], rooms: tuple[str, ...]) -> None:
    """Print a row for each room and size; each reading and each floor is a process of its own."""
    _row(
        "room",
        "people",
        "records",
        "wall s",
        "ours: CPU s",
        "share",
        "CPU ms per 1,000",
        "peak MB",
        "floor: CPU s",
        "x",
    )
    for key in rooms:
        for people in sizes:
            with _served(key, people) as settings:
                ours = _child("read", key, json.dumps(settings))
                plain = _child("floor", "-", json.dumps(ours.pop("asked")))
            cpu, records = ours["cpu"], ours["records"]
            cells = (round(ours["wall"], 1), round(cpu, 2), f"{cpu / ours['wall']:.0%}", round(cpu / records * 1e6, 1))
            _row(
                key,
                people,
                records,
                *cells,
                round(ours["rss_mb"]),
                round(plain["cpu"], 2),
                round(cpu / plain["cpu"], 2),
            )


@contextmanager
def _served(key: str, people: int) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.bench.pulls", "serve", key, str(people)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        yield json.loads(process.stdout.readline())
        process.stdin.close()


def _child(what: str, key: str, given: str) -> Any:
    command = [sys.executable, "-m", "tests.bench.pulls", what, key]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _row(*cells: Any) -> None:
    print(" | ".join(str(cell) for cell in cells), flush=True)  # noqa: T201


def main(what: str, key: str, people: str = "0") -> None:
    """Be one of the processes."""
    if what == "serve":
        return serve(key, int(people))
    given = json.loads(sys.stdin.read())
    found = read(key, given) if what == "read" else floor([tuple(each) for each in given])
    print(json.dumps(found))  # noqa: T201
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
