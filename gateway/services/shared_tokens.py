"""Remembers access tokens for all processes: sealed in the database, fetched by one of them while the others wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Final, NamedTuple

from gateway.store.access_tokens import AccessTokenRows
from keys.sealing import SealBroken, Sealer, fingerprint
from providers.contract import Token, Unavailable

# Enough for a request that is on its way while its token expires, and for clocks that differ a little.
EARLY: Final = timedelta(seconds=60)
FETCH_SECONDS: Final = 150.0  # longer than the longest call to the outside: whoever fetches for longer is dead
NAP_SECONDS: Final = 0.2
_PURPOSE: Final = "access-token"
_MOST: Final = 20_000


class _Known(NamedTuple):
    value: str
    ends: datetime


def key_hash(key: tuple[str, ...]) -> bytes:
    """Return the hash of a key; lengths keep parts with any sign in them apart."""
    return sha256("".join(f"{len(part)}:{part}" for part in key).encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class SharedTokens:
    """A `providers.contract.Tokens`; thread-safe, one fetch at a time for a key among all processes."""

    rows: AccessTokenRows
    sealer: Sealer
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    _known: dict[bytes, _Known] = field(default_factory=dict)
    _locks: dict[bytes, Lock] = field(default_factory=dict)

    def get(self, key: tuple[str, ...], fetch: Callable[[], Token]) -> str:
        """Return the token of `key`, or what `fetch` brings; whoever comes meanwhile waits for that one.

        Raises:
            Unavailable: ``token.busy``: another process has been fetching it for too long.
        """
        hashed = key_hash(key)
        if (known := self._known.get(hashed)) is not None and self.now() < known.ends:
            return known.value
        if len(self._locks) >= _MOST:
            self._locks.clear()
            self._known.clear()
        with self._locks.setdefault(hashed, Lock()):
            return self._shared(hashed, fetch)

    def _shared(self, key: bytes, fetch: Callable[[], Token]) -> str:
        for _ in range(int(FETCH_SECONDS / NAP_SECONDS)):
            if (known := self._load(key)) is not None:
                self._known[key] = known
                return known.value
            now = self.now()
            if self.rows.claim_fetch(key, now, now + timedelta(seconds=FETCH_SECONDS)):
                return self._fetch(key, fetch)
            self.sleep(NAP_SECONDS)
        raise Unavailable("token.busy", "The LMS's token is being fetched elsewhere and does not come.")

    def _load(self, key: bytes) -> _Known | None:
        row = self.rows.load(key)
        if row is None or row.sealed is None or row.expires_at <= self.now():
            return None
        try:
            return _Known(self.sealer.open(row.sealed, purpose=_PURPOSE, bound_to=key).decode(), row.expires_at)
        except SealBroken:  # sealed with a secret that is gone: fetched anew
            self.rows.expire(key, self.now())
            return None

    def _fetch(self, key: bytes, fetch: Callable[[], Token]) -> str:
        try:
            token = fetch()
        except BaseException:
            self.rows.give_way(key)
            raise
        life = timedelta(seconds=token.seconds)
        ends = self.now() + life - min(EARLY, life / 4)
        sealed = self.sealer.seal(token.value.encode(), purpose=_PURPOSE, bound_to=key)
        self.rows.save(key, sealed, fingerprint(token.value), ends)
        self._known[key] = _Known(token.value, ends)
        return token.value

    def refused(self, key: tuple[str, ...], value: str) -> None:
        """Forget a token that was answered with 401, unless a newer one has taken its place."""
        hashed = key_hash(key)
        known = self._known.get(hashed)
        if known is not None and known.value == value:
            self._known.pop(hashed, None)
        self.rows.forget(hashed, fingerprint(value), self.now())
