"""Other people's key sets: a warm launch asks nobody, a rotation costs one fetch, an outage costs nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

from keys.flights import Flight, Flights
from keys.remote_faults import FetchFailed, KeySetInvalid, KeySetUnavailable, RemoteKeyFault
from keys.remote_key import RemoteKey, read_key_set, text_of
from keys.remote_known import Known, Rules, known_from
from keys.stores import RemoteKeyRow, RemoteKeyStore

Fetch = Callable[[str], tuple[bytes, int | None]]
"""url -> (body, max-age in seconds or None); raises FetchFailed. Bounds time, size and addresses itself."""


def in_thread(work: Callable[[], None]) -> None:
    """Run the work behind the caller's back."""
    Thread(target=work, name="key-set-refresh", daemon=True).start()


def _ignore(_url: str, _fault: str) -> None:
    """Tell nobody."""


class RemoteKeySets:
    """Thread-safe; processes share fetches, cool-downs and last good keys through the store."""

    def __init__(
        self,
        fetch: Fetch,
        store: RemoteKeyStore,
        now: Callable[[], datetime],
        *,
        background: Callable[[Callable[[], None]], None] = in_thread,
        rules: Rules | None = None,
        sleep: Callable[[float], None] = time.sleep,
        on_fault: Callable[[str, str], None] = _ignore,
    ) -> None:
        self._fetch, self._store, self._now = fetch, store, now
        self._background, self._sleep, self._on_fault = background, sleep, on_fault
        self._rules = rules or Rules()
        self._known: dict[str, Known] = {}
        self._flights = Flights(self._rules.max_waiting)

    def find(self, url: str, kid: str) -> RemoteKey:
        """Return the key, or raise UnknownKey, KeySetUnavailable or KeySetInvalid.

        Warm: two dictionary look-ups, no lock. Stale: served at once, refreshed in the background (RFC 5861).
        """
        known = self._known.get(url)
        if known is not None:
            now = self._now()
            key = known.usable(kid, now)
            if key is not None:
                if now >= known.fresh_until and now >= known.settled_until and url not in self._flights:
                    self._refresh_behind(url)
                return key
        return self._find_cold(url, kid)

    def find_other(self, url: str, than: RemoteKey) -> RemoteKey:
        """Return the key that took the place of `than` under its kid; the platform is asked as for an unknown kid.

        For a signature that `than` did not make: a kid that is reused announces no rotation. Raises like `find`.
        """
        return self._find_cold(url, than.kid, than)

    def refresh(self, url: str) -> tuple[str, ...]:
        """Fetch now, cool-down or not (a person pressed a button); return the kids, or raise what went wrong."""
        self._store.claim_fetch(url, self._now(), timedelta(0))
        try:
            return tuple(self._fetch_and_keep(url))
        finally:
            self._adopt(url, self._store.load(url))

    def _find_cold(self, url: str, kid: str, than: RemoteKey | None = None) -> RemoteKey:
        """Nothing known, or no such kid: one thread of one process asks, the others wait for what it learns."""
        while True:
            flying = url in self._flights
            known, now = self._known.get(url), self._now()
            key = known.usable(kid, now, than) if known is not None else None
            if key is not None:
                return key
            if known is not None and not flying and now < known.settled_until:
                raise known.why_not(now)
            flight, leads = self._flights.board(url)
            if leads:
                self._lead(url, flight, lambda seen: seen.usable(kid, self._now(), than) is not None)
                return self._look(url, kid, than)
            if not flight.wait(self._rules.patience):
                raise KeySetUnavailable("busy")

    def _look(self, url: str, kid: str, than: RemoteKey | None) -> RemoteKey:
        known, now = self._known.get(url), self._now()
        key = known.usable(kid, now, than) if known is not None else None
        if key is not None:
            return key
        raise known.why_not(now) if known is not None else KeySetUnavailable("no-answer")

    def _refresh_behind(self, url: str) -> None:
        flight, leads = self._flights.board_if_free(url)
        if not leads:
            return
        try:
            self._background(lambda: self._lead_quietly(url, flight))
        except RuntimeError:  # no thread to be had: stale keys serve, the next launch tries again
            self._flights.land(url, flight)

    def _lead_quietly(self, url: str, flight: Flight) -> None:
        """Nobody waits for this one: a fault of our own (say, the database) costs a cool-down and no launch."""
        try:
            self._lead(url, flight, lambda seen: self._now() < seen.fresh_until)
        except Exception:
            self._on_fault(url, "internal")
            later = self._now() + self._rules.fault_cool_down
            self._known[url] = replace(self._known[url], settled_until=later)

    def _lead(self, url: str, flight: Flight, enough: Callable[[Known], bool]) -> None:
        """Learn what can be learned: from the store, by fetching, or from the process that is fetching."""
        try:
            row = self._store.load(url)
            known = self._adopt(url, row)
            if known is not None and enough(known):
                return
            if self._store.claim_fetch(url, self._now(), self._rules.cool_down_after(row)):
                with suppress(RemoteKeyFault):
                    self._fetch_and_keep(url)
            else:
                self._await_other(url)
            self._adopt(url, self._store.load(url))
        finally:
            self._flights.land(url, flight)

    def _fetch_and_keep(self, url: str) -> Mapping[str, RemoteKey]:
        """Fetch and save; a fault leaves body and dates as they are: the last good keys are never wiped."""
        try:
            body, max_age = self._fetch(url)
            keys = read_key_set(body)
        except FetchFailed as error:
            self._note(url, error.reason)
            raise KeySetUnavailable(error.reason) from error
        except KeySetInvalid as error:
            self._note(url, error.fault)
            raise
        except Exception:
            self._note(url, "internal")
            raise
        fetched_at = self._now()
        self._store.save(url, text_of(body), fetched_at, fetched_at + self._rules.life(max_age))
        return keys

    def _note(self, url: str, fault: str) -> None:
        self._store.note_fault(url, fault)
        self._on_fault(url, fault)

    def _await_other(self, url: str) -> None:
        """Look at the store until the other process is done; bounded, as its fetch is."""
        for _ in range(int(self._rules.patience / self._rules.look_every)):
            row = self._store.load(url)
            if row is None or not self._rules.under_way(row, self._now()):
                return
            self._sleep(self._rules.look_every.total_seconds())

    def _adopt(self, url: str, row: RemoteKeyRow | None) -> Known | None:
        if row is None:
            return None
        known = self._known[url] = known_from(row, self._rules, self._now())
        return known
