"""Operators' keys for the API: made and shown once, limited in what they may and for how long, taken back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from gateway.services.api.scopes import known_scopes
from gateway.store import Store
from gateway.store.ids import new_id
from gateway.store.operator_keys import (
    OperatorKey,
    add_operator_key,
    find_operator_key,
    revoke_operator_key,
)
from keys.sealing import fingerprint
from providers.contract import Misconfigured

PREFIX: Final = "sgk_"  # tells a key from an access token, and lets scanners of source code find one that leaked
LONGEST: Final = timedelta(days=366)
_LONGEST_NAME: Final = 100


class MadeKey(NamedTuple):
    """A new key with its secret, which is known now and never again."""

    key: OperatorKey
    secret: str


def is_alive(key: OperatorKey, now: datetime) -> bool:
    """Return whether a key counts now."""
    return key.revoked_at is None and now < key.expires_at


@dataclass(frozen=True, slots=True)
class OperatorKeys:
    """Thread-safe. `actor` is who did it, for the audit log."""

    store: Store
    now: Callable[[], datetime]

    def add(self, name: str, *, scopes: Collection[str], expires_in: timedelta, actor: str) -> MadeKey:
        """Make a key of 256 random bits.

        Raises:
            Misconfigured: ``operator_key.name``, ``operator_key.expiry``, ``operator_key.scope_missing``,
                ``api.scope_unknown``.
        """
        if not 0 < len(name.strip()) <= _LONGEST_NAME:
            raise Misconfigured("operator_key.name", "Give the key a name that says who uses it.")
        if not timedelta(0) < expires_in <= LONGEST:
            raise Misconfigured("operator_key.expiry", f"A key is good for at most {LONGEST.days} days.")
        granted = known_scopes(scopes)
        if not granted:
            raise Misconfigured("operator_key.scope_missing", "Name at least one scope that the key may use.")
        secret, at = PREFIX + secrets.token_urlsafe(32), self.now()
        key = OperatorKey(new_id(), name.strip(), granted, actor, at, at + expires_in, None, None)
        add_operator_key(self.store, key, fingerprint(secret))
        return MadeKey(key, secret)

    def revoke(self, key_id: str, *, actor: str) -> None:
        """Make a key worthless from now on. Raises Misconfigured (``operator_key.unknown``)."""
        key = find_operator_key(self.store, key_id)
        if key is None:
            raise Misconfigured(
                "operator_key.unknown", f"There is no key {key_id!r}: see schoolgate operators keys list."
            )
        revoke_operator_key(self.store, key, actor=actor, at=self.now())
