"""`python -m tests.bench launches-during-sync`: how long a launch takes while a district's first roster comes in.

A round in which a launch was refused is counted and left out of the percentiles.
"""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.bench.gateway import Gateway, environment_of, gateway, postgresql, schoolgate
from tests.bench.platform import Platform
from tests.bench.processes import BIN, ROOT
from tests.bench.rounds import POOL, pool, run

PEOPLE = 1_000
_AT_A_TIME = 20  # launches between two looks at the sync


def measure(students: int, idle: int) -> None:
    """Launch one after the other, first alone and then beside a sync, on both databases."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        district = folder / "district"
        making = ["demo-data", "--students", str(students), "--seed", "1", "--out", str(district)]
        subprocess.run([str(BIN / "schoolgate"), *making], check=True, capture_output=True, cwd=ROOT)
        platform = Platform()
        stack.callback(platform.close)
        told = []
        for kind in ("sqlite", "postgresql"):
            with _served(kind, platform, folder / kind) as (gate, address):
                told.append(_watch(kind, gate, platform, _Sync(address, folder / kind, district), idle))
    click.echo(f"bench launches-during-sync students={students} {' '.join(told)}")


@contextmanager
def _served(kind: str, platform: Platform, folder: Path) -> Iterator[tuple[Gateway, str]]:
    folder.mkdir()
    with ExitStack() as stack:
        address, pid = f"sqlite:///{folder / 'gate.db'}", None
        if kind == "postgresql":
            address, pid = stack.enter_context(postgresql())
        yield stack.enter_context(gateway(kind, address, platform.near, PEOPLE, folder, pid)), address


class _Sync:
    """The first sync of a district, by the command line, in a process of its own."""

    def __init__(self, address: str, folder: Path, district: Path) -> None:
        self._env = environment_of(address, folder)
        org = schoolgate(self._env, "orgs", "add", "Northfield", "--type", "district")["id"]
        added = schoolgate(self._env, "integrations", "add", "oneroster_csv", "--org", org, "--set", f"path={district}")
        self._integration = added["id"]

    def start(self) -> subprocess.Popen[bytes]:
        command = [str(BIN / "schoolgate"), "syncs", "run", self._integration, "--json"]
        return subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=subprocess.DEVNULL)


def _watch(kind: str, gate: Gateway, platform: Platform, sync: _Sync, idle: int) -> str:
    people = pool(PEOPLE)
    run(gate.target, platform, people, 1)  # their first launches: the rest are warm
    alone = run(gate.target, platform, [people[each % POOL] for each in range(idle)], 1).latencies
    beside, number, refused = list[float](), 0, 0
    process = sync.start()
    while process.poll() is None:
        some = [people[(number + each) % POOL] for each in range(_AT_A_TIME)]
        try:
            beside += run(gate.target, platform, some, 1).latencies
        except RuntimeError:  # on SQLite a launch that waits too long for the write lock is refused
            refused += 1
        number += _AT_A_TIME
    if process.returncode:
        raise SystemExit(f"{kind}: the sync failed")
    click.echo(f"{kind}: {refused} of {number // _AT_A_TIME} rounds of {_AT_A_TIME} launches held one that was refused")
    told = {"idle": alone, "during": beside}
    for when, waits in told.items():
        p50, p99 = _percentile(waits, 50), _percentile(waits, 99)
        click.echo(
            f"{kind} {when}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {1e3 * max(waits):.0f} ms, of {len(waits)}"
        )
    return " ".join(f"{kind}_p99_{when}_ms={_percentile(waits, 99):.0f}" for when, waits in told.items())


def _percentile(seconds: Sequence[float], percent: int) -> float:
    return statistics.quantiles([each * 1e3 for each in seconds], n=100)[percent - 1]
