"""How many objects a collection has: to count a large one costs more than to read a page of it, so it is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gateway.store import Connection
from gateway.store.oneroster.pages import Selection, Sight, count

LARGE: Final = 10_000
KEPT_SECONDS: Final = 5.0
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """Thread-safe. Of this process alone; `clock` is in seconds and only goes forward."""

    clock: Callable[[], float]
    known: dict[tuple[Sight, Selection], tuple[float, int]] = field(default_factory=dict)

    def of(self, connection: Connection, sight: Sight, selection: Selection) -> int:
        """Return the number; one above 10,000 may be five seconds old. Raises as `count`."""
        now, key = self.clock(), (sight, selection)
        at, total = self.known.get(key, (0.0, 0))
        if total and now - at < KEPT_SECONDS:
            return total
        total = count(connection, sight, selection)
        if total >= LARGE:
            if len(self.known) >= MOST:
                self.known.clear()
            self.known[key] = now, total
        return total
