"""A platform whose key set can rotate, break and be slow, and the caches of several workers that ask it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Lock
from time import sleep

from keys.remote import RemoteKeySets
from keys.remote_faults import FetchFailed, RemoteKeyFault
from keys.remote_known import Rules
from tests.support.key_sets import key_set, public_jwk
from tests.support.key_stores import Clock, MemoryRemoteKeyStore

URL = "https://lms.example/jwks"
QUICK = Rules(patience=timedelta(seconds=5), look_every=timedelta(milliseconds=5))


class Platform:
    """Serves `body`; `gate` holds the answer back until it is set."""

    def __init__(self) -> None:
        self.body = key_set(public_jwk(0))
        self.max_age: int | None = None
        self.failure: Exception | None = None
        self.gate, self.asked = Event(), Event()
        self.gate.set()
        self.fetches = 0
        self._lock = Lock()

    def __call__(self, url: str) -> tuple[bytes, int | None]:
        assert url == URL
        with self._lock:
            self.fetches += 1
        self.asked.set()
        assert self.gate.wait(10)
        if self.failure is not None:
            raise self.failure
        return self.body, self.max_age

    def rotate(self, *numbers: int) -> None:
        self.body = key_set(*[public_jwk(number) for number in numbers])

    def fail(self, reason: str = "timeout") -> None:
        self.failure = FetchFailed(reason)


class World:
    """One platform, one store, one clock. Background work waits in `behind` until `catch_up`."""

    def __init__(self) -> None:
        self.platform, self.store, self.clock = Platform(), MemoryRemoteKeyStore(), Clock()
        self.behind: list[Callable[[], None]] = []
        self.faults: list[str] = []

    def worker(self, rules: Rules = QUICK) -> RemoteKeySets:
        """Return the cache of one more process, or of one that was started again."""
        return RemoteKeySets(
            self.platform,
            self.store,
            self.clock,
            background=self.behind.append,
            rules=rules,
            on_fault=lambda url, fault: self.faults.append(fault),
        )

    def catch_up(self) -> None:
        """Run the background work."""
        while self.behind:
            self.behind.pop(0)()


def outcome(worker: RemoteKeySets, kid: str = "k0", url: str = URL) -> str:
    """Return the kid found, or the fault that came instead."""
    try:
        return worker.find(url, kid).kid
    except RemoteKeyFault as fault:
        return f"{type(fault).__name__} {fault.fault}"


def at_once(workers: list[RemoteKeySets], kids: list[str], threads: int = 30) -> list[str]:
    """Ask for each kid in a thread of its own, shared out over the workers."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(outcome, workers * (len(kids) // len(workers)), kids))


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for other threads to get so far; fail rather than hang when they never do."""
    for _ in range(5000):
        if condition():
            return
        sleep(0.002)
    raise AssertionError("never happened")
