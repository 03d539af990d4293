"""The clients that operators have set up: what a school that connects alone need not know, and must not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from gateway.store.integrations import list_integrations
from providers.contract import Provider, declared


@dataclass(frozen=True, slots=True)
class Clients:
    """Thread-safe."""

    store: Store
    rooms: RoomSettings

    def is_there(self, plate: Provider) -> bool:
        """Return whether a school can connect this room: it needs no client of ours, or there is one."""
        return plate.registration is None or not plate.registration.borrows or bool(self.borrowed(plate))

    def borrowed(self, plate: Provider) -> Mapping[str, Any]:
        """Return the settings that a new integration of this room takes over; empty while there is no client."""
        names = plate.registration.borrows if plate.registration else ()
        mine = (each for each in list_integrations(self.store) if each.provider == plate.key)
        holder = next((each for each in mine if each.status == "active"), None)
        if not names or holder is None:
            return {}
        settings = self.rooms.open(holder.id, plate, holder.settings)
        defaults = {field.name: field.default for field in declared(plate.settings)}
        values = {name: getattr(settings, name) for name in names}
        return {name: value for name, value in values.items() if value != defaults[name]}
