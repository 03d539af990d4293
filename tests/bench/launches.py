"""`make bench`: launches through the gateway beside launches through a minimal tool, in turns, on one machine."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.bench import peer
from tests.bench.gateway import Gateway, gateway, postgresql
from tests.bench.platform import KeySetServer, Platform
from tests.bench.processes import started
from tests.bench.rounds import Round, Target, pool, run
from tests.bench.servers import granian
from tests.bench.signin import finish

SMALL, LARGE = 1_000, 1_000_000
LEVELS = (1, 8, 32)
OURS, OURS_POSTGRESQL = "schoolgate, SQLite", "schoolgate, PostgreSQL"
PEER, PEER_CACHED, PEER_FAR = "peer", "peer, keys cached", "peer, 50 ms away"


@dataclass
class Bench:
    """What is running, and what has been measured: rounds by (target, requests at once)."""

    platform: Platform
    targets: list[Target] = field(default_factory=list)
    gateways: list[Gateway] = field(default_factory=list)
    rounds: dict[tuple[str, int], list[Round]] = field(default_factory=lambda: defaultdict(list))

    def median(self, name: str, at_once: int, figure: Callable[[Round], float]) -> float:
        return statistics.median(figure(each) for each in self.rounds[name, at_once])


def measure(rounds: int, launches: int, *, full: bool) -> None:
    """Run the whole bench and print its tables; the last line is for machines."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        bench = Bench(Platform())
        stack.callback(bench.platform.close)
        _start_all(bench, stack, Path(folder))
        for at_once in LEVELS:
            _interleave(bench, at_once, rounds, launches)
        _hand_off(bench, rounds, launches)
        _report(bench)
    if full:
        _scale(rounds, launches)
    click.echo(_last_line(bench))


def _start_all(bench: Bench, stack: ExitStack, folder: Path) -> None:
    click.echo("Starting two gateways (SQLite, PostgreSQL) and the peer …", err=True)
    for one in _gateways(bench.platform, stack, folder, SMALL):
        bench.gateways.append(one)
        bench.targets.append(one.target)
    near, far = bench.platform.near, bench.platform.far
    for name, key_sets, cached in ((PEER, near, "0"), (PEER_CACHED, near, "1"), (PEER_FAR, far, "0")):
        bench.targets.append(stack.enter_context(_peer(name, key_sets, cached, folder)))


def _gateways(platform: Platform, stack: ExitStack, folder: Path, people: int) -> Iterator[Gateway]:
    """One gateway on SQLite, one on PostgreSQL; both find the platform's keys 50 ms away."""
    address = f"sqlite:///{folder}/bench.db"
    yield stack.enter_context(gateway(OURS, address, platform.far, people, folder))
    address, pid = stack.enter_context(postgresql())
    yield stack.enter_context(gateway(OURS_POSTGRESQL, address, platform.far, people, folder, pid))


@contextmanager
def _peer(name: str, key_sets: KeySetServer, cached: str, folder: Path) -> Iterator[Target]:
    """The peer on the gateway's server with its settings, but one process: its memory is all the store it has."""
    env = {"BENCH_PEER": peer.configuration(key_sets.url, pool(SMALL)), "BENCH_PEER_CACHE": cached}
    command = granian("--workers=1", "--blocking-threads=4", "--http=1", app="tests.bench.peer:create_app")
    with started(command, env, folder) as (pid, port):
        yield Target(name, pid, port, frozenset({200}), key_sets)


def _interleave(bench: Bench, at_once: int, rounds: int, launches: int) -> None:
    """One round of each target in turn, so that a busy minute of the machine meets all alike; the first warms up."""
    for turn in range(rounds + 1):
        click.echo(f"{at_once} at once, round {turn} of {rounds}", err=True)
        for target in bench.targets:
            count = launches if target.name != PEER_FAR else max(launches // 8, 10 * at_once // 8)
            people = _people(SMALL, count if turn else 2 * len(pool(SMALL)))
            done = run(target, bench.platform, people, at_once)
            if turn:
                bench.rounds[target.name, at_once].append(done)


def _people(people: int, count: int) -> Sequence[int]:
    regulars = pool(people)
    return [regulars[each % len(regulars)] for each in range(count)]


def _hand_off(bench: Bench, rounds: int, launches: int, at_once: int = 8) -> None:
    for turn in range(rounds + 1):
        for one in bench.gateways:
            launched = run(one.target, bench.platform, _people(SMALL, launches), at_once)
            done = finish(one, launched, at_once)
            if turn:
                bench.rounds[one.target.name + ", hand-off", at_once].append(done)


def _report(bench: Bench) -> None:
    click.echo("\n| tool | at once | CPU ms | its database | p50 ms | p95 ms | p99 ms | launches/s | key fetches |")
    click.echo("|---|---|---|---|---|---|---|---|---|")
    for name, at_once in bench.rounds:
        click.echo(_row(bench, name, at_once))
    click.echo("\nCPU: user and system, whole process tree and its database server, for one login and launch;")
    click.echo("the hand-off's rows are what authorize, token and userinfo cost on top of that.")
    cached = bench.median(PEER_CACHED, 8, lambda done: done.cpu_ms)
    for name in (OURS, OURS_POSTGRESQL):
        ratio = bench.median(name, 8, lambda done: done.cpu_ms) / cached
        click.echo(f"{name}: {ratio:.2f} times the CPU of the peer at its best (keys cached in one process).")


def _row(bench: Bench, name: str, at_once: int) -> str:
    figures: tuple[tuple[str, Callable[[Round], float]], ...] = (
        (".2f", lambda done: done.cpu_ms),
        (".2f", lambda done: done.database_cpu / done.launches * 1e3),
        (".1f", lambda done: done.percentile(50)),
        (".1f", lambda done: done.percentile(95)),
        (".1f", lambda done: done.percentile(99)),
        (".0f", lambda done: done.per_second),
    )
    cells = " | ".join(format(bench.median(name, at_once, figure), style) for style, figure in figures)
    fetched = sum(done.outbound for done in bench.rounds[name, at_once])
    return f"| {name} | {at_once} | {cells} | {fetched} |"


def _last_line(bench: Bench) -> str:
    ours = bench.median(OURS, 8, lambda done: done.cpu_ms)
    peers = bench.median(PEER, 8, lambda done: done.cpu_ms)
    slowest = bench.median(OURS, 32, lambda done: done.percentile(99))
    outbound = sum(
        done.outbound
        for (name, _), done_rounds in bench.rounds.items()
        if name.startswith("schoolgate")
        for done in done_rounds
    )
    return (
        f"bench launch cpu_ms={ours:.2f} peer_cpu_ms={peers:.2f} ratio={ours / peers:.2f}"
        f" p99_ms_at_32={slowest:.1f} outbound_calls={outbound}"
    )


def _scale(rounds: int, launches: int) -> None:
    """The same launches with a million users and ten thousand registrations stored."""
    click.echo(f"\nSeeding {LARGE:,} users and {LARGE // 100:,} registrations …", err=True)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        bench = Bench(Platform())
        stack.callback(bench.platform.close)
        for one in _gateways(bench.platform, stack, Path(folder), LARGE):
            for turn in range(rounds + 2):
                done = run(one.target, bench.platform, _people(LARGE, launches), 8)
                if turn > 1:
                    bench.rounds[f"{one.target.name}, {LARGE:,} users", 8].append(done)
        for name, at_once in bench.rounds:
            click.echo(_row(bench, name, at_once))
