"""What was joined, by what proof and by whom; and how a person takes it apart again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from gateway.store import Store
from gateway.store.matching.links import LINKED, UNDONE, Link, find_links, later_merge, list_links
from gateway.store.matching.parting import part
from gateway.store.matching.proposals import mark_undone
from gateway.store.matching.reverting import without_repetition
from gateway.store.rosters.locks import locked
from providers.contract import Misconfigured

WAIT_SECONDS = 600.0  # as a second sync waits for the first


@dataclass(frozen=True, slots=True)
class RosterLock:
    """Nobody joins or parts what a sync is just about to write."""

    store: Store
    sleep: Callable[[float], None] = time.sleep
    wait_seconds: float = WAIT_SECONDS

    @contextmanager
    def held(self, roster_source_id: int) -> Iterator[None]:
        """Hold the lock of a roster's syncs. Raises Unavailable (``sync.busy``)."""
        with locked(self.store, roster_source_id, wait_seconds=self.wait_seconds, sleep=self.sleep):
            yield


@dataclass(frozen=True, slots=True)
class Links:
    """Thread-safe. `actor` is who does it, for the audit log."""

    store: Store
    lock: RosterLock
    now: Callable[[], datetime]

    def newest(self, tenant_id: str | None, status: str | None, limit: int) -> list[Link]:
        """Return the newest links, of one tenant or of all."""
        return list_links(self.store, tenant_id, status, limit)

    def undo(self, ids: Sequence[int], *, actor: str) -> list[Link]:
        """Take links apart: both sides are again as they were, and no launch or sync joins them by itself again.

        The newest go first, each part in a transaction of its own: after a failure the same command may be run again
        without those that are undone.

        Raises:
            Misconfigured: ``link.unknown``, ``link.not_linked``, ``link.undo_too_late``.
            Unavailable: ``sync.busy``.
        """
        with self.store.statements() as connection:
            found = find_links(connection, ids)
        for link_id in set(ids) - {link.id for link in found}:
            raise Misconfigured("link.unknown", f"There is no link {link_id}: see schoolgate links list.")
        for group in without_repetition(found):  # newest first
            with self.lock.held(group[0].roster_source_id), self.store.transaction() as connection:
                for link in find_links(connection, [link.id for link in group]):
                    self._require_last(link, later_merge(connection, link))
                part(connection, group, UNDONE, actor=actor, at=self.now())
                mark_undone(connection, [link.id for link in group], actor, self.now())
        return found

    def _require_last(self, link: Link, later: int | None) -> None:
        if link.status != LINKED:
            raise Misconfigured("link.not_linked", f"Link {link.id} is {link.status}: there is nothing to take back.")
        if later is not None:
            sentence = f"Link {later} joined somebody with the same person or class later: undo that one first."
            raise Misconfigured("link.undo_too_late", sentence)
