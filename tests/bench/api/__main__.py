"""``python -m tests.bench.api``: single reads, pages, deep pages, whole districts and code exchanges on PostgreSQL."""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.api.exchanges import exchanges
from tests.bench.api.world import World, body_of, items, next_of, world

_SINGLES = ("users", "classes", "enrollments", "courses")
_COLLECTIONS = ("users", "students", "classes", "enrollments")


@dataclass(frozen=True)
class Driven:
    """A list of requests, driven: how fast, how long the slowest twentieth took, and CPU milliseconds of each."""

    per_second: float
    p95_ms: float
    cpu_ms: float
    database_ms: float


def _drive(on: World, requests: Sequence[bytes], clients: int) -> Driven:
    pump = on.pump(clients)
    cpu, database = on.cpu()
    clock = time.perf_counter()
    replies = pump.drive(requests)
    clock = time.perf_counter() - clock
    after, database_after = on.cpu()
    pump.close()
    if {reply.status for reply in replies} != {200}:
        raise RuntimeError(str({reply.status for reply in replies}))
    times = [reply.seconds * 1e3 for reply in replies]
    each = 1e3 / len(requests)
    return Driven(
        len(requests) / clock,
        statistics.quantiles(times, n=20)[18],
        (after - cpu) * each,
        (database_after - database) * each,
    )


def _told(name: str, found: Driven) -> Driven:
    print(  # noqa: T201
        f"{name}: {found.per_second:.0f}/s, p95 {found.p95_ms:.1f} ms, CPU {found.cpu_ms:.2f} ms "
        f"and PostgreSQL {found.database_ms:.2f} ms a request",
        flush=True,
    )
    return found


def _walk(on: World, collection: str, limit: int, most: int) -> list[str]:
    """Return the addresses of a collection's first pages."""
    found = [f"/{collection}?limit={limit}"]
    while len(found) < most:
        link = next_of(on.read(found[-1]))
        if link is None:
            break
        found.append(link)
    return found


def _singles(on: World, clients: int, requests: int) -> Driven:
    draw = random.Random(1)
    addresses = [f"/{kind}/{each['sourcedId']}" for kind in _SINGLES for each in items(on.read(f"/{kind}?limit=500"))]
    return _drive(on, [on.reading(draw.choice(addresses)) for _ in range(requests)], clients)


def _pages(on: World, clients: int, requests: int) -> dict[str, Driven]:
    """Read pages of 100, wherever in the collections, each kind alone: links as a walk finds them."""
    found = {}
    for collection in _COLLECTIONS:
        pages = _walk(on, collection, 100, 40)
        wanted = [on.reading(pages[number % len(pages)]) for number in range(requests)]
        found[collection] = _told(f"pages of 100 {collection}", _drive(on, wanted, clients))
    return found


def _deep(on: World, page: int) -> float:
    """Return how much longer page 500 takes than page 1, each the middle of many, taken in turns."""
    pages = _walk(on, "enrollments", 100, page)
    first, last = on.reading(pages[1]), on.reading(pages[-1])
    pump = on.pump(1)
    times = [reply.seconds for reply in pump.drive([first, last] * 60)]
    pump.close()
    ratio = statistics.median(times[1::2]) / statistics.median(times[::2])
    print(f"page {len(pages)} costs {ratio:.2f} times what page 2 costs", flush=True)  # noqa: T201
    return ratio


def _whole(on: World) -> tuple[float, float, float]:
    """Read all enrollments in pages of 10,000; return records a second, those of one page, and what memory grew by."""
    on.read("/enrollments?limit=10000")  # each worker has seen one
    before, link, count, times = on.memory(), "/enrollments?limit=10000", 0, []
    began, spent = time.perf_counter(), on.cpu()
    while link:
        clock = time.perf_counter()
        reply = on.read(link)
        times.append(time.perf_counter() - clock)
        count += body_of(reply).count(b'"dateLastModified"')
        link = next_of(reply) or ""
    seconds = time.perf_counter() - began
    grown = on.memory() - before
    cpu, database = (1e6 * (after - earlier) / count for after, earlier in zip(on.cpu(), spent, strict=True))
    page = min(count, 10_000) / statistics.median(times)
    print(  # noqa: T201
        f"{count} enrollments in {seconds:.1f} s: {count / seconds:.0f} records/s; "
        f"CPU {cpu:.1f} us and PostgreSQL {database:.1f} us a record; "
        f"a page of 10,000: {page:.0f} rows/s; memory grew by {grown:.0f} MiB",
        flush=True,
    )
    return count / seconds, page, grown


def main() -> None:
    """Measure and print; the last line is for machines."""
    parser = argparse.ArgumentParser(prog="make bench-api")
    parser.add_argument("--students", type=int, default=50_000)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--requests", type=int, default=4000, help="of each kind")
    parser.add_argument("--exchanges", type=int, default=1000, help="codes for tokens; 0 leaves them out")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="schoolgate-bench-api-"))
    try:
        with world(asked.students, folder) as on:
            _singles(on, asked.clients, 200)
            single = _told("single reads", _singles(on, asked.clients, asked.requests))
            pages = _pages(on, asked.clients, asked.requests // len(_COLLECTIONS))
            deep = _deep(on, 500)
            whole, page, grown = _whole(on)
        codes = exchanges(asked.exchanges, asked.clients) if asked.exchanges else 0.0
    finally:
        shutil.rmtree(folder)
    print(  # noqa: T201
        f"bench api singles_per_s={single.per_second:.0f} singles_p95_ms={single.p95_ms:.1f} "
        f"pages_per_s={min(each.per_second for each in pages.values()):.0f} "
        f"pages_p95_ms={max(each.p95_ms for each in pages.values()):.1f} page_500_ratio={deep:.2f} "
        f"page_10000_rows_per_s={page:.0f} page_10000_mb={grown:.0f} whole_records_per_s={whole:.0f} "
        f"exchanges_per_core_s={codes:.0f}"
    )


if __name__ == "__main__":
    main()
