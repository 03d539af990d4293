"""Stores for the strong-room kept in memory, shared by several keyrings or caches as a database would be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Lock

from keys.stores import RemoteKeyRow, SigningKeyRow


class Clock:
    """A clock that stands still until told to move."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


class MemoryKeyStore:
    """Signing keys in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, SigningKeyRow] = {}
        self.loads = 0
        self._lock = Lock()

    def load(self) -> list[SigningKeyRow]:
        self.loads += 1
        return [row for row in list(self.rows.values()) if row.state != "retired"]

    def begin(self, active: SigningKeyRow, following: SigningKeyRow) -> bool:
        with self._lock:
            if any(row.use == active.use and row.state == "active" for row in self.rows.values()):
                return False
            self.rows |= {active.kid: active, following.kid: following}
            return True

    def rotate(self, active_kid: str, next_kid: str, fresh: SigningKeyRow, at: datetime) -> bool:
        with self._lock:
            active, following = self.rows[active_kid], self.rows[next_kid]
            if (active.state, following.state) != ("active", "next"):
                return False
            self.rows[active_kid] = replace(active, state="retiring", changed_at=at)
            self.rows[next_kid] = replace(following, state="active", changed_at=at)
            self.rows[fresh.kid] = fresh
            return True

    def retire(self, kids: Collection[str], at: datetime) -> None:
        for kid in kids:
            self.rows[kid] = replace(self.rows[kid], state="retired", sealed_private_jwk="", changed_at=at)


class MemoryRemoteKeyStore:
    """Other people's key sets in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, RemoteKeyRow] = {}
        self.calls = 0
        self._lock = Lock()

    def load(self, url: str) -> RemoteKeyRow | None:
        self.calls += 1
        return self.rows.get(url)

    def claim_fetch(self, url: str, now: datetime, cool_down: timedelta) -> bool:
        self.calls += 1
        with self._lock:
            row = self.rows.get(url)
            if row is not None and row.attempted_at > now - cool_down:
                return False
            fresh = row or RemoteKeyRow(url, None, None, None, now, None)
            self.rows[url] = replace(fresh, attempted_at=now, fault=None)
            return True

    def save(self, url: str, body: str, fetched_at: datetime, fresh_until: datetime) -> None:
        self.calls += 1
        row = self.rows[url]
        self.rows[url] = replace(row, body=body, fetched_at=fetched_at, fresh_until=fresh_until, fault=None)

    def note_fault(self, url: str, fault: str) -> None:
        self.calls += 1
        self.rows[url] = replace(self.rows[url], fault=fault)
