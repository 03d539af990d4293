"""The wall: where a provider rosters a school, the native ways to add or change its people answer no."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.services.room_settings import RoomSettings
from gateway.store import Connection, Store
from gateway.store.native.wall import Rostering, rostering_of
from providers.contract import Refused


@dataclass(frozen=True, slots=True)
class Wall:
    """Thread-safe. Nothing is remembered: it stands from the moment an integration is active, and goes with it."""

    store: Store
    rooms: RoomSettings

    def rostering(self, tenant_id: str, org_id: str) -> Rostering | None:
        """Return what rosters this org: an active integration at it or at an org above it; None where it is native."""
        with self.store.statements() as connection:
            return rostering_of(connection, tenant_id, org_id)

    def native_allowed(self, tenant_id: str, org_id: str) -> bool:
        """Return whether people of this org are added by hand, by code or by file."""
        return self.rostering(tenant_id, org_id) is None

    def stands(self, connection: Connection, tenant_id: str, org_id: str) -> bool:
        """Return whether this org is integrated, as the caller's transaction sees it."""
        return rostering_of(connection, tenant_id, org_id) is not None

    def must_be_native(self, connection: Connection, tenant_id: str, org_id: str) -> None:
        """Raise Refused (``native.integrated``) with what to do instead, unless this org is native.

        Ask in the transaction that adds somebody: then the wall stands at once.
        """
        found = rostering_of(connection, tenant_id, org_id)
        if found is not None:
            raise Refused("native.integrated", self.instead(found), f"integration {found.integration_id}")

    def of(self, connection: Connection, tenant_id: str, org_id: str) -> Rostering | None:
        """Return what rosters this org, as the caller's transaction sees it."""
        return rostering_of(connection, tenant_id, org_id)

    def way_in(self, rostering: Rostering) -> str:
        """Return how people of an integrated school sign in."""
        label = self.rooms.room(rostering.provider).label
        return f"Your school is connected through {label}: please sign in there, with the password that you have there."

    def instead(self, rostering: Rostering) -> str:
        """Return what people of an integrated school do instead."""
        label = self.rooms.room(rostering.provider).label
        return (
            f"Your school is connected through {label}. Its people and classes come from there by themselves, and they"
            f" sign in from there. Please make the change in {label}, or ask the person who looks after it."
        )
