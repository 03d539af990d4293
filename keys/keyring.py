"""Our signing keys: made once for all processes, rotated with overlap, published as a JWKS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc.jwk import RSAKey

from keys.own_tokens import TokenRefused, read
from keys.sealing import Sealer
from keys.signing import SigningKey, generate_key, make_row, take_up
from keys.stores import KeyStore, SigningKeyRow, Use

USES: tuple[Use, ...] = ("lti", "oidc")
OVERLAP = timedelta(days=7)
_UNKNOWN_KID_REREAD = timedelta(seconds=1)


class NoActiveKey(Exception):
    """No key signs for this use yet: `ensure()` has not run on this store."""


@dataclass(frozen=True, slots=True)
class _Ring:
    keys: tuple[SigningKey, ...]
    active: Mapping[Use, SigningKey]
    read_at: datetime


class Keyring:
    """Thread-safe. Reads the store at most every `reread_after`, so a rotation elsewhere is seen within that time."""

    def __init__(
        self,
        store: KeyStore,
        sealer: Sealer,
        now: Callable[[], datetime],
        *,
        reread_after: timedelta = timedelta(seconds=30),
        generate: Callable[[], RSAKey] = generate_key,
    ) -> None:
        self._store, self._sealer, self._now, self._generate = store, sealer, now, generate
        self._reread_after = reread_after
        self._private: dict[str, RSAPrivateKey] = {}
        self._reading = Lock()
        self._ring: _Ring | None = None

    def ensure(self) -> None:
        """Make an active and a next key for each use that has none; of two processes at once, one one's are kept."""
        ring = self._read()
        for use in USES:
            if use not in ring.active:
                self._store.begin(self._make(use, active=True), self._make(use))
        self._read()

    def active(self, use: Use) -> SigningKey:
        """Return the key that signs for this use now."""
        key = self._current().active.get(use)
        if key is None:
            raise NoActiveKey(use)
        return key

    def sign(self, use: Use, claims: Mapping[str, Any], typ: str = "JWT") -> str:
        """Return a compact RS256 JWS of the claims."""
        return self.active(use).sign(claims, typ)

    def verify(self, use: Use, token: str, typ: str = "JWT") -> dict[str, Any]:
        """Return the claims of a token we signed for this use, with any published key, or raise TokenRefused.

        Signature, kid and typ only: exp, aud and the rest are the caller's to judge (a logout hint may be expired).
        """
        parts = read(token, typ)
        key = self._find(use, parts.kid)
        if key is None or not key.verifies(parts.signing_input, parts.signature):
            raise TokenRefused("not signed by a key of ours")
        return parts.claims

    def rotate(self, use: Use | None = None) -> tuple[str, ...]:
        """Next becomes active, active retires with overlap, a fresh next is published. Returns the new active kids.

        When another process rotates at the same moment there is one rotation, not two.
        """
        rows = self._store.load()
        uses = USES if use is None else (use,)
        for each in uses:
            kids = {row.state: row.kid for row in rows if row.use == each}
            if "active" not in kids or "next" not in kids:
                raise NoActiveKey(each)
            self._store.rotate(kids["active"], kids["next"], self._make(each), self._now())
        ring = self._read()
        return tuple(ring.active[each].kid for each in uses)

    def retire_due(self, max_token_life: timedelta, overlap: timedelta = OVERLAP) -> tuple[str, ...]:
        """Take keys out of the JWKS that stopped signing longer ago than the overlap and any token lives."""
        now = self._now()
        due = tuple(
            row.kid
            for row in self._store.load()
            if row.state == "retiring" and now - row.changed_at > max(overlap, max_token_life)
        )
        if due:
            self._store.retire(due, now)
            self._read()
        return due

    def published(self) -> tuple[SigningKey, ...]:
        """Return every published key, oldest first."""
        return self._current().keys

    def public_jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the JWKS (RFC 7517 5): next keys before they sign, retiring ones while their tokens live."""
        return {"keys": [dict(key.public_jwk) for key in self.published()]}

    def _make(self, use: Use, *, active: bool = False) -> SigningKeyRow:
        return make_row(use, "active" if active else "next", self._now(), self._sealer, self._generate)

    def _find(self, use: Use, kid: str) -> SigningKey | None:
        found = _pick(self._current(), use, kid)
        if found is None:  # perhaps another process rotated twice since we looked
            found = _pick(self._current(_UNKNOWN_KID_REREAD), use, kid)
        return found

    def _current(self, at_most: timedelta | None = None) -> _Ring:
        """Return the ring in memory, read anew when older than `at_most`; only one thread reads, the rest go on."""
        ring = self._ring
        limit = self._reread_after if at_most is None else at_most
        if ring is None:
            return self._read()
        if self._now() - ring.read_at < limit or not self._reading.acquire(blocking=False):
            return ring
        try:
            return self._load()
        finally:
            self._reading.release()

    def _read(self) -> _Ring:
        with self._reading:
            return self._load()

    def _load(self) -> _Ring:
        read_at = self._now()
        rows = self._store.load()
        self._private = {row.kid: self._private.get(row.kid) or take_up(row, self._sealer) for row in rows}
        keys = tuple(self._ready(row) for row in rows)
        ring = _Ring(keys, {key.use: key for key in keys if key.state == "active"}, read_at)
        self._ring = ring
        return ring

    def _ready(self, row: SigningKeyRow) -> SigningKey:
        return SigningKey(row.kid, row.use, row.state, row.public_jwk, row.changed_at, self._private[row.kid])


def _pick(ring: _Ring, use: Use, kid: str) -> SigningKey | None:
    matches: Sequence[SigningKey] = [key for key in ring.keys if key.kid == kid and key.use == use]
    return matches[0] if matches else None
