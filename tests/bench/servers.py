"""Compares WSGI servers on one small Flask application: CPU per request, latency, memory and manners."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.bench.load import Pump, Reply, post
from tests.bench.manners import manners
from tests.bench.platform import Platform
from tests.bench.processes import BIN, Command, cpu_seconds, memory_mb, started

APP = "tests.bench.verifying_app:create_app"
AT_ONCE = 8


def gunicorn(*options: str) -> Command:
    return lambda port: [
        str(BIN / "gunicorn"),
        "--no-control-socket",
        f"--bind=127.0.0.1:{port}",
        "--log-level=error",
        *options,
        APP + "()",
    ]


def granian(*options: str, app: str = APP) -> Command:
    return lambda port: [
        str(BIN / "granian"),
        "--interface=wsgi",
        "--host=127.0.0.1",
        f"--port={port}",
        "--log-level=error",
        "--factory",
        *options,
        app,
    ]


def waitress(*options: str) -> Command:
    return lambda port: [str(BIN / "waitress-serve"), f"--listen=127.0.0.1:{port}", *options, "--call", APP]


GRANIAN = ("--http=1", "--respawn-failed-workers", "--respawn-interval=0.1")
CANDIDATES: dict[str, Command] = {
    "gunicorn sync, 2 workers": gunicorn("--workers=2"),
    "gunicorn gthread, 2 x 4 threads": gunicorn("--workers=2", "--threads=4"),
    "waitress, 1 x 8 threads": waitress("--threads=8"),
    "granian, 2 workers, its defaults": granian("--workers=2"),
    "granian, 2 x 64 threads": granian("--workers=2", "--blocking-threads=64", *GRANIAN),
    "granian, 2 x 4 threads": granian("--workers=2", "--blocking-threads=4", *GRANIAN),
    "granian, 2 x 1 thread": granian("--workers=2", "--blocking-threads=1", *GRANIAN),
}


@dataclass
class Measured:
    """What one server did in all its rounds."""

    cpu_ms: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    memory_mb: float = 0.0


def compare(rounds: int = 3, requests: int = 1500, only: str = "") -> None:
    """Start every candidate, then measure them in turn, round after round, so that drift meets all alike."""
    platform = Platform()
    candidates = {name: command for name, command in CANDIDATES.items() if only in name}
    tokens = platform.mint(["n"] * 64, range(64), "https://tool.example/launch")
    env = {"BENCH_JWK": json.dumps(platform.key_set["keys"][0])}
    results = {name: Measured() for name in candidates}
    with TemporaryDirectory() as folder, ExitStack() as stack:
        servers = {
            name: stack.enter_context(started(command, env, Path(folder))) for name, command in candidates.items()
        }
        for turn in range(rounds + 1):
            for name, (pid, port) in servers.items():
                _measure(results[name], pid, port, tokens, requests if turn else 200, warm_up=not turn)
    platform.close()
    _print_table(results)
    with TemporaryDirectory() as folder:
        for name, command in candidates.items():
            click.echo(f"{name}: {manners(command, env, Path(folder))}")


def _measure(result: Measured, pid: int, port: int, tokens: list[str], requests: int, *, warm_up: bool) -> None:
    pump = Pump(("127.0.0.1", port), AT_ONCE)
    work = [
        post("/verify", {"id_token": tokens[i % len(tokens)], "state": "s"}, host=f"127.0.0.1:{port}")
        for i in range(requests)
    ]
    cpu, clock = cpu_seconds(pid), time.perf_counter()
    replies = pump.drive(work)
    cpu, clock = cpu_seconds(pid) - cpu, time.perf_counter() - clock
    pump.close()
    assert {reply.status for reply in replies} == {200}
    if warm_up:
        return
    result.cpu_ms.append(cpu / requests * 1e3)
    result.per_second.append(requests / clock)
    result.p50_ms.append(_percentile(replies, 50))
    result.p99_ms.append(_percentile(replies, 99))
    result.memory_mb = memory_mb(pid)


def _percentile(replies: list[Reply], percent: int) -> float:
    return statistics.quantiles([reply.seconds * 1e3 for reply in replies], n=100)[percent - 1]


def _print_table(results: Mapping[str, Measured]) -> None:
    click.echo(f"| server | CPU ms/request at {AT_ONCE} | p50 ms | p99 ms | requests/s | memory MiB |")
    click.echo("|---|---|---|---|---|---|")
    for name, result in results.items():
        columns = (result.cpu_ms, result.p50_ms, result.p99_ms)
        figures = " | ".join(f"{statistics.median(column):.2f}" for column in columns)
        click.echo(f"| {name} | {figures} | {statistics.median(result.per_second):.0f} | {result.memory_mb:.0f} |")
