"""Changes the settings of a running integration, but never who may launch or sign in through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.services.joining import endpoints_for, prepare
from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from gateway.store.integrations import Integration, change_settings, find_integration
from gateway.store.rosters.sources import forget_reading, source_of
from providers.contract import Misconfigured, Provider, declared, read_settings


@dataclass(frozen=True, slots=True)
class IntegrationChanges:
    """What an operator adds to an integration, for example the credentials of its roster. Thread-safe."""

    store: Store
    rooms: RoomSettings
    now: Callable[[], datetime]

    def change(self, integration_id: str, changes: Mapping[str, str], *, actor: str) -> list[str]:
        """Set these settings, a blank one back to its default; return the names of those that differ now.

        Nothing is written when one of them is wrong. The next sync reads the whole roster anew.

        Raises:
            Misconfigured: ``integration.unknown``, ``settings.invalid``, ``integration.registration_fixed``, or what
                the room says of settings that contradict each other.
        """
        integration = find_integration(self.store, integration_id)
        if integration is None:
            raise Misconfigured("integration.unknown", f"There is no integration {integration_id!r}.")
        plate = self.rooms.room(integration.provider)
        before = self.rooms.values(plate, integration.settings)
        prepared = prepare(self.rooms, integration.provider, {**before, **changes})
        was, is_now = read_settings(plate.settings, before), read_settings(plate.settings, {**before, **changes})
        names = [
            field.name for field in declared(plate.settings) if getattr(was, field.name) != getattr(is_now, field.name)
        ]
        _must_stay(plate, was, prepared.endpoints, names)
        if names:
            self._forget_reading(plate, integration)
            change_settings(self.store, integration, prepared.stored, actor=actor, at=self.now(), names=names)
        return names

    def _forget_reading(self, plate: Provider, integration: Integration) -> None:
        """Let the next reading be a whole one: the same lines may mean something else now."""
        if plate.roster is not None:
            source = source_of(self.store, integration)
            with self.store.transaction() as connection:
                forget_reading(connection, source, lines=True)


def _must_stay(plate: Provider, was: Any, endpoints: Any, names: list[str]) -> None:
    """Issuer, client, keys and deployments are whom we trust: another one is another integration (attack B5)."""
    if endpoints_for(plate, was) != endpoints:
        raise Misconfigured(
            "integration.registration_fixed",
            f"One of {', '.join(names)} says who may come in through this integration: add another integration, "
            "or let its school connect anew by an invite link.",
        )
