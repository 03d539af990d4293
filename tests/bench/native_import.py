"""What it costs to look at a long list of students, and to write it: seconds, and memory of a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from tests.support.classrooms import Rooms, classrooms
from tests.support.databases import migrate
from tests.support.student_lists import a_list, bad_rows, good_rows


def measure(rows: int, url: str, *, again: bool) -> None:
    """Run the measurement in a process of its own, so that its memory is nobody else's."""
    code = f"from tests.bench.native_import import run; run({rows}, {url!r}, {again})"
    subprocess.run([sys.executable, "-c", code], check=True)


def run(rows: int, url: str, again: bool) -> None:
    """Look at a list of so many students, a hundredth of them bad; with `again`, write it first and look once more."""
    with tempfile.TemporaryDirectory() as folder:
        address = url or str(Path(folder) / "bench.db")
        migrate(address)
        with classrooms(address) as rooms:
            _look(rooms, rows, again=again)


def _look(rooms: Rooms, rows: int, *, again: bool) -> None:
    bad = rows // 100
    data = a_list([*good_rows(rows - bad - 1), *bad_rows(bad)])
    before, visitor = _peak(), rooms.visitor()
    click.echo(f"{rows:,} rows, {len(data) / 1e6:.1f} MB; the process has {before:.0f} MB")
    for turn in ("preview", "preview again") if again else ("preview",):
        started, spent = time.perf_counter(), time.process_time()
        one = rooms.parts.imports.upload(visitor, rooms.school.sourced_id, "bench.csv", data)
        rooms.work()
        found: Any = rooms.parts.imports.find(visitor, one.id)
        seconds, cpu = time.perf_counter() - started, time.process_time() - spent
        click.echo(f"{turn}: {seconds:.1f} s ({cpu:.1f} s CPU), peak {_peak():.0f} MB; {found.counts}")
        if again and turn == "preview":
            started, spent = time.perf_counter(), time.process_time()
            rooms.parts.imports.write(visitor, one.id)
            rooms.work()
            seconds, cpu = time.perf_counter() - started, time.process_time() - spent
            click.echo(f"written: {seconds:.1f} s ({cpu:.1f} s CPU, mostly argon2id), peak {_peak():.0f} MB")


def _peak() -> float:
    """Return the most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
