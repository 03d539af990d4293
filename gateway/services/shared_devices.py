"""Shared devices: a sign-in in a browser ends what somebody else's had opened there (attack C4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.store import Store
from gateway.store.launches import find_launch
from gateway.store.sessions import end_sessions_of_launch
from keys.sealing import SealBroken, Sealer

_PURPOSE: Final = "signed-in-device"


@dataclass(frozen=True, slots=True)
class SharedDevices:
    """Thread-safe. What the browser keeps names its last sign-in, sealed; it opens nothing."""

    store: Store
    sealer: Sealer

    def remember(self, ref: str) -> str:
        """Return what a browser keeps of its sign-in."""
        return self.sealer.seal(ref.encode(), purpose=_PURPOSE)

    def take_over(self, kept: str | None, ref: str, at: datetime) -> bool:
        """End the sessions of this browser's last sign-in if it was another person's; return whether it was."""
        last = self._last(kept)
        before, after = (find_launch(self.store, each) if each else None for each in (last, ref))
        if before is None or after is None or before.tenant_id is None:
            return False
        if (before.tenant_id, before.user_sourced_id) == (after.tenant_id, after.user_sourced_id):
            return False
        with self.store.transaction() as connection:
            end_sessions_of_launch(connection, before.tenant_id, before.ref, at)
        return True

    def _last(self, kept: str | None) -> str | None:
        try:
            return self.sealer.open(kept, purpose=_PURPOSE).decode() if kept else None
        except SealBroken:
            return None
