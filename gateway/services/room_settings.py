"""Turns an integration's stored settings into its room's own dataclass, secrets opened; remembered while unchanged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keys.sealing import Sealer
from providers.contract import Provider, declared, read_settings

_PURPOSE = "integration-setting"
_MOST = 20_000


class RoomSettings:
    """Thread-safe: entries are replaced whole."""

    def __init__(self, room: Callable[[str], Provider], sealer: Sealer) -> None:
        self.room, self._sealer = room, sealer
        self._ready: dict[str, tuple[Mapping[str, Any], Any]] = {}

    def seal(self, plate: Provider, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return settings as they are stored: what the room declared secret is sealed."""
        secret = {field.name for field in declared(plate.settings) if field.secret}
        return {
            name: self._sealer.seal(str(value).encode(), purpose=_PURPOSE, bound_to=name.encode())
            if name in secret
            else value
            for name, value in values.items()
        }

    def open(self, integration_id: str, plate: Provider, stored: Mapping[str, Any]) -> Any:
        """Return the room's settings. Raises Misconfigured when a newer room needs more than is stored."""
        ready = self._ready.get(integration_id)
        if ready is not None and ready[0] == stored:
            return ready[1]
        settings = read_settings(plate.settings, self.values(plate, stored))
        if len(self._ready) >= _MOST:
            self._ready.clear()
        self._ready[integration_id] = (stored, settings)
        return settings

    def values(self, plate: Provider, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is stored, its secrets opened: for whoever changes some of it, and nobody else."""
        secret = {field.name for field in declared(plate.settings) if field.secret}
        return {name: self._open_one(name, value) if name in secret else value for name, value in stored.items()}

    def _open_one(self, name: str, value: str) -> str:
        return self._sealer.open(value, purpose=_PURPOSE, bound_to=name.encode()).decode()
