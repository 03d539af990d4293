"""Failures of a simulated platform's services on demand: the next ones, every n-th, or all of them."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple


class Fault(NamedTuple):
    """What an endpoint answers instead. `is_after`: it did its work first, and only the answer is lost."""

    status: int
    retry_after: str = ""
    text: str = "Simulated failure"
    is_after: bool = False


class Faults:
    """Thread-safe.

    Places: `token`, `members`, `groups`, `group_sets`, `notice_handlers`, `line_items`, `scores`, `results`.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._next: defaultdict[str, deque[Fault | None]] = defaultdict(deque)
        self._every: dict[str, tuple[int, Fault]] = {}
        self._down: dict[str, Fault] = {}
        self._asked: Counter[str] = Counter()

    def plan(self, place: str, faults: Iterable[Fault | None]) -> None:
        """Answer the next requests with these; None lets one pass."""
        with self._lock:
            self._next[place].extend(faults)

    def every(self, place: str, number: int, fault: Fault) -> None:
        """Fail each `number`-th request from now on."""
        with self._lock:
            self._every[place] = (number, fault)

    def down(self, place: str, fault: Fault | None = None) -> None:
        """Fail all requests from now on."""
        with self._lock:
            self._down[place] = fault or Fault(503)

    def up(self, place: str) -> None:
        """Fail none any more."""
        with self._lock:
            self._down.pop(place, None)
            self._every.pop(place, None)
            self._next.pop(place, None)

    def strike(self, place: str) -> Fault | None:
        """Return the fault that this request meets."""
        with self._lock:
            self._asked[place] += 1
            if place in self._down:
                return self._down[place]
            if self._next[place]:
                return self._next[place].popleft()
            number, fault = self._every.get(place, (0, None))
            return fault if number and self._asked[place] % number == 0 else None
