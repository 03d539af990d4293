"""Single flight: of many threads that want the same thing at once, one fetches it and the others wait."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Lock

from keys.remote_faults import KeySetUnavailable


class Flight:
    """One fetch under way."""

    __slots__ = ("_landed", "waiting")

    def __init__(self) -> None:
        self._landed = Event()
        self.waiting = 0

    def wait(self, patience: timedelta) -> bool:
        """Wait for the landing; False when patience ran out."""
        return self._landed.wait(patience.total_seconds())

    def land(self) -> None:
        """Wake everybody who waits."""
        self._landed.set()


class Flights:
    """The flights under way, one per URL. Membership is asked without a lock: it stands on the hot path."""

    def __init__(self, max_waiting: int) -> None:
        self._max_waiting = max_waiting
        self._by_url: dict[str, Flight] = {}
        self._lock = Lock()

    def __contains__(self, url: str) -> bool:
        return url in self._by_url

    def board(self, url: str) -> tuple[Flight, bool]:
        """Return the flight and whether the caller leads it; a full flight raises KeySetUnavailable."""
        with self._lock:
            flight = self._by_url.get(url)
            if flight is None:
                return self._start(url), True
            if flight.waiting >= self._max_waiting:
                raise KeySetUnavailable("busy")
            flight.waiting += 1
            return flight, False

    def board_if_free(self, url: str) -> tuple[Flight, bool]:
        """Like `board`, for a caller that would not wait anyway."""
        with self._lock:
            flight = self._by_url.get(url)
            return (self._start(url), True) if flight is None else (flight, False)

    def land(self, url: str, flight: Flight) -> None:
        """End the flight."""
        with self._lock:
            del self._by_url[url]
        flight.land()

    def _start(self, url: str) -> Flight:
        flight = self._by_url[url] = Flight()
        return flight
