"""Says that two integrations of one school share ids: without an operator's word, equal ids mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.services.links import RosterLock
from gateway.services.meeting import Joined, Met, look_for_proven, meet
from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from gateway.store.integrations import Integration, find_integration
from gateway.store.matching.pairs import Pair, add_pair, list_pairs, remove_pair
from gateway.store.rosters.sources import source_of
from providers.contract import Misconfigured, Refused

MATCHES: Final = ("sis_id", "identifier")


@dataclass(frozen=True, slots=True)
class Pairing:
    """What an operator says about ids. `actor` is who says it, for the audit log."""

    store: Store
    rooms: RoomSettings
    lock: RosterLock
    now: Callable[[], datetime]

    def pair(self, launches: str, roster: str, match: str, *, actor: str) -> tuple[Pair, Met]:
        """Say that the SIS ids signed in one integration's launches are the ids of another's roster.

        Who is there twice already is joined at once, by the same proof; what is doubtful is listed.

        Raises:
            Misconfigured: ``integration.unknown``, ``pair.no_launches``, ``pair.no_roster``, ``pair.known``.
            Refused: ``pair.other_tenant``: ids never reach from one tenant into another (attack D4).
            Unavailable: ``sync.busy``: they are paired, and the next sync joins.
        """
        one, other = self._both(launches, roster)
        pair = add_pair(self.store, one, other, match, actor=actor, at=self.now())
        if pair is None:
            raise Misconfigured("pair.known", "These two are paired already.")
        source = source_of(self.store, other)
        with self.lock.held(source.id):
            return pair, meet(self.store, source, actor=actor, at=self.now())

    def preview(self, launches: str, roster: str, match: str) -> Joined:
        """Say who would be joined at once; write nothing. Raises as `pair`."""
        one, other = self._both(launches, roster)
        return look_for_proven(self.store, source_of(self.store, other), one.id, match)

    def _both(self, launches: str, roster: str) -> tuple[Integration, Integration]:
        one, other = self._find(launches), self._find(roster)
        if self.rooms.room(one.provider).launch is None:
            raise Misconfigured("pair.no_launches", f"{one.provider} brings no launches: name that integration first.")
        if self.rooms.room(other.provider).roster is None:
            raise Misconfigured("pair.no_roster", f"{other.provider} brings no roster: name that integration last.")
        if one.tenant_id != other.tenant_id:
            raise Refused("pair.other_tenant", "These integrations belong to two tenants, which never share people.")
        return one, other

    def unpair(self, launches: str, roster: str, *, actor: str) -> None:
        """Take the word back; what was joined by it stays. Raises Misconfigured (``pair.unknown``)."""
        for pair in self.list():
            if (pair.launch_integration_id, pair.roster_integration_id) == (launches, roster):
                remove_pair(self.store, pair, actor=actor, at=self.now())
                return
        raise Misconfigured("pair.unknown", "These two are not paired: see schoolgate integrations pairs.")

    def list(self) -> list[Pair]:
        """Return every pair."""
        return list_pairs(self.store)

    def _find(self, integration_id: str) -> Integration:
        found = find_integration(self.store, integration_id)
        if found is None:
            raise Misconfigured("integration.unknown", f"There is no integration {integration_id!r}.")
        return found
