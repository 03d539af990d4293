"""What one process knows of one key-set URL, and the rules for how long that may be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from keys.remote_faults import KeySetInvalid, KeySetUnavailable, RemoteKeyFault, UnknownKey
from keys.remote_key import RemoteKey, read_key_set
from keys.stores import RemoteKeyRow

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rules:
    """How long things last. `keep_for` is how long the last good keys serve while a platform can't be reached."""

    cool_down: timedelta = timedelta(seconds=60)
    fault_cool_down: timedelta = timedelta(seconds=15)
    default_life: timedelta = timedelta(hours=1)
    shortest_life: timedelta = timedelta(minutes=5)
    longest_life: timedelta = timedelta(hours=24)
    keep_for: timedelta = timedelta(days=7)
    patience: timedelta = timedelta(seconds=12)  # for a fetch under way elsewhere; above the fetch's own deadline
    look_every: timedelta = timedelta(milliseconds=100)
    max_waiting: int = 32  # threads per URL: a slow platform must not hold every worker

    def life(self, max_age: int | None) -> timedelta:
        """Return how long an answer is fresh: its max-age in seconds, within bounds (RFC 9111 5.2.2.1)."""
        if max_age is None:
            return self.default_life
        most = int(self.longest_life.total_seconds())
        return max(self.shortest_life, timedelta(seconds=min(max_age, most)))

    def cool_down_after(self, row: RemoteKeyRow | None) -> timedelta:
        """Return how long to leave the platform alone: less after a fault, so that a hiccup heals soon."""
        return self.fault_cool_down if row is not None and row.fault else self.cool_down

    def under_way(self, row: RemoteKeyRow, now: datetime) -> bool:
        """Say whether another process is fetching at this moment, and has not been killed over it."""
        unanswered = row.fetched_at is None or row.fetched_at < row.attempted_at
        return row.fault is None and unanswered and now - row.attempted_at < self.patience


@dataclass(frozen=True, slots=True)
class Known:
    """Keys of one URL. Before `settled_until` asking the platform again is pointless or not allowed."""

    keys: Mapping[str, RemoteKey]
    fresh_until: datetime
    usable_until: datetime
    settled_until: datetime
    fault: str | None

    def usable(self, kid: str, now: datetime, than: RemoteKey | None = None) -> RemoteKey | None:
        """Return the key if it is there, may still be believed and is another one than `than`."""
        key = self.keys.get(kid) if now < self.usable_until else None
        return None if key == than else key

    def why_not(self, now: datetime) -> RemoteKeyFault:
        """Return the failure that tells why a key could not be had from here."""
        if now < self.usable_until and self.fault is None:
            return UnknownKey("unknown-kid")
        fault = self.fault or "no-answer"
        return KeySetInvalid(fault) if fault.startswith("invalid") else KeySetUnavailable(fault)


def known_from(row: RemoteKeyRow, rules: Rules, now: datetime) -> Known:
    """Turn a stored row into what a launch needs; a body that no longer reads counts as none."""
    settled_until = row.attempted_at + rules.cool_down_after(row)
    if rules.under_way(row, now):
        settled_until = min(settled_until, now + rules.patience)  # look at the store again soon
    if row.body is None or row.fetched_at is None or row.fresh_until is None:
        return Known({}, _LONG_AGO, _LONG_AGO, settled_until, row.fault)
    try:
        keys = read_key_set(row.body.encode())
    except KeySetInvalid as error:
        return Known({}, _LONG_AGO, _LONG_AGO, settled_until, error.fault)
    return Known(keys, row.fresh_until, row.fetched_at + rules.keep_for, settled_until, row.fault)
