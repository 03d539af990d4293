"""Codes for tokens: real launches first, then only the exchange itself under the clock."""

from __future__ import annotations

import secrets
import tempfile
import time
from pathlib import Path

from tests.bench.gateway import gateway, postgresql
from tests.bench.load import Pump
from tests.bench.platform import Platform
from tests.bench.processes import cpu_seconds
from tests.bench.rounds import expect, pool, run
from tests.bench.signin import asking, exchanging

_PEOPLE = 2000


def exchanges(number: int, at_once: int) -> float:
    """Return how many codes a core exchanges in a second, PostgreSQL's work included."""
    platform = Platform()
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            postgresql() as (address, pid),
            gateway("ours", address, platform.near, _PEOPLE, Path(folder), pid) as on,
        ):
            people = (pool(_PEOPLE) * (number // 200 + 1))[:number]
            launched = run(on.target, platform, people, at_once)
            pump = Pump(("127.0.0.1", on.target.port), at_once)
            verifiers = [secrets.token_urlsafe(32) for _ in launched.landings]
            pairs = list(zip(launched.landings, verifiers, strict=True))
            codes = pump.drive([asking(on, url, verifier) for url, verifier in pairs])
            expect(codes, frozenset({302, 303}))
            asked = [exchanging(on, code, verifier) for code, verifier in zip(codes, verifiers, strict=True)]
            cpu, clock = on.target.database_cpu() + cpu_seconds(on.target.pid), time.perf_counter()
            replies = pump.drive(asked)
            clock = time.perf_counter() - clock
            cpu = on.target.database_cpu() + cpu_seconds(on.target.pid) - cpu
            pump.close()
            expect(replies, frozenset({200}))
    finally:
        platform.close()
    print(f"{number} codes exchanged: {number / clock:.0f}/s, CPU {cpu / number * 1e3:.2f} ms each", flush=True)  # noqa: T201
    return number / cpu
