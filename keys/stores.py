"""What the strong-room asks of a store: rows as frozen dataclasses, verbs as Protocols; it knows no SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

Use = Literal["lti", "oidc"]
KeyState = Literal["next", "active", "retiring", "retired"]


@dataclass(frozen=True, slots=True)
class SigningKeyRow:
    """One of our signing keys as it rests; the private part is sealed with the kid bound in."""

    kid: str
    use: Use
    state: KeyState
    public_jwk: Mapping[str, str]
    sealed_private_jwk: str
    created_at: datetime
    changed_at: datetime


class KeyStore(Protocol):
    """Keeps signing keys. Each verb is one transaction; at most one `active` and one `next` exist per use."""

    def load(self) -> Sequence[SigningKeyRow]:
        """Return every row that is not `retired`, oldest first."""

    def begin(self, active: SigningKeyRow, following: SigningKeyRow) -> bool:
        """Insert the first two keys of a use; False, and nothing written, if the use has an active key already."""

    def rotate(self, active_kid: str, next_kid: str, fresh: SigningKeyRow, at: datetime) -> bool:
        """Make active -> retiring, next -> active, and insert `fresh` as next.

        False, and nothing written, unless `active_kid` is still active and `next_kid` still next: another process
        rotated first. Update in the order named, or the unique index on (use, state) objects.
        """

    def retire(self, kids: Collection[str], at: datetime) -> None:
        """Make retiring -> retired, and blank the sealed private part: nobody needs it any more."""


@dataclass(frozen=True, slots=True)
class RemoteKeyRow:
    """Somebody else's key set as last seen. `body` is the last *good* answer; a fault never wipes it."""

    url: str
    body: str | None
    fetched_at: datetime | None
    fresh_until: datetime | None
    attempted_at: datetime
    fault: str | None


class RemoteKeyStore(Protocol):
    """Keeps other people's key sets across restarts and processes. Each verb is one statement."""

    def load(self, url: str) -> RemoteKeyRow | None:
        """Return the row of this URL, compared exactly."""

    def claim_fetch(self, url: str, now: datetime, cool_down: timedelta) -> bool:
        """Set attempted_at = now and fault = NULL if there is no row or attempted_at <= now - cool_down.

        Atomic across processes: of many callers at once exactly one is told True and fetches.
        """

    def save(self, url: str, body: str, fetched_at: datetime, fresh_until: datetime) -> None:
        """Keep a good answer and clear the fault."""

    def note_fault(self, url: str, fault: str) -> None:
        """Note why the claimed fetch failed; body, fetched_at and fresh_until stay."""
