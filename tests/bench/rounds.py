"""One round of launches against one target: log in, sign outside the clock, launch, read CPU and latency."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.bench.load import Pump, Reply, get, post
from tests.bench.platform import DEPLOYMENT_ID, FIRST, ISSUER, KeySetServer, Platform, client_id_of
from tests.bench.processes import cpu_seconds

POOL = 200


def pool(people: int) -> list[int]:
    """The students who launch again and again, spread over the whole roster."""
    return [FIRST + 1 + people // POOL * each for each in range(POOL)]


@dataclass(frozen=True)
class Target:
    """A running tool: whose CPU to read (`database_pid` apart), where it listens, what a launch answers."""

    name: str
    pid: int
    port: int
    launched: frozenset[int]
    key_sets: KeySetServer
    database_pid: int | None = None

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    def database_cpu(self) -> float:
        """CPU seconds of the database server so far, when the tool has one of its own."""
        return cpu_seconds(self.database_pid) if self.database_pid else 0.0


@dataclass
class Round:
    """`launches` whole launches: CPU seconds of the tool and of its database, and every pair's latency."""

    launches: int = 0
    cpu: float = 0.0
    database_cpu: float = 0.0
    wall: float = 0.0
    outbound: int = 0
    latencies: list[float] = field(default_factory=list)
    landings: list[str] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        return (self.cpu + self.database_cpu) / self.launches * 1e3

    @property
    def per_second(self) -> float:
        return self.launches / self.wall

    def percentile(self, percent: int) -> float:
        return statistics.quantiles([s * 1e3 for s in self.latencies], n=100)[percent - 1]


def run(target: Target, platform: Platform, people: Sequence[int], at_once: int) -> Round:
    """Launch each of `people` once, `at_once` at a time. Tokens are signed between the two timed halves."""
    result = Round(launches=len(people))
    hits = target.key_sets.hits
    pump = Pump(("127.0.0.1", target.port), at_once)
    logins = _timed(target, pump, [_login(target, person) for person in people], result)
    launches = _timed(target, pump, _launches(target, platform, people, logins), result)
    pump.close()
    result.outbound = target.key_sets.hits - hits
    expect(logins, frozenset({302, 303}))
    expect(launches, target.launched)
    result.latencies = [a.seconds + b.seconds for a, b in zip(logins, launches, strict=True)]
    result.landings = [reply.header("Location") or "" for reply in launches]
    return result


def _timed(target: Target, pump: Pump, requests: list[bytes], result: Round) -> list[Reply]:
    cpu, database = cpu_seconds(target.pid), target.database_cpu()
    clock = time.perf_counter()
    replies = pump.drive(requests)
    result.wall += time.perf_counter() - clock
    result.cpu += cpu_seconds(target.pid) - cpu
    result.database_cpu += target.database_cpu() - database
    return replies


def _login(target: Target, person: int) -> bytes:
    query = {
        "iss": ISSUER,
        "client_id": client_id_of(person),
        "lti_deployment_id": DEPLOYMENT_ID,
        "login_hint": f"hint-{person}",
        "lti_message_hint": f"message-{person}",
        "target_link_uri": f"http://{target.host}/lti/launch",
    }
    return get("/lti/login?" + urlencode(query), host=target.host)


def _launches(target: Target, platform: Platform, people: Sequence[int], logins: Sequence[Reply]) -> list[bytes]:
    expect(logins, frozenset({302, 303}))
    asked = [parse_qs(urlsplit(reply.header("Location") or "").query) for reply in logins]
    tokens = platform.mint([a["nonce"][0] for a in asked], people, f"http://{target.host}/lti/launch")
    return [
        post("/lti/launch", {"id_token": token, "state": a["state"][0]}, host=target.host, Cookie=_cookies(login))
        for token, a, login in zip(tokens, asked, logins, strict=True)
    ]


def _cookies(reply: Reply) -> str:
    return "; ".join(value.partition(";")[0] for value in reply.headers("Set-Cookie"))


def expect(replies: Sequence[Reply], statuses: frozenset[int]) -> None:
    for reply in replies:
        if reply.status not in statuses:
            raise RuntimeError(f"answered {reply.status}, expected {sorted(statuses)}: {reply.body[:600]!r}")
