"""Makes the `Context` through which a room does a piece of work for one integration."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from gateway.services.room_settings import RoomSettings
from gateway.store.integrations import Integration
from providers.contract import Context, Http, Misconfigured, Roster, Tokens, declared

Fact = str | int | float | bool | None

_log = structlog.get_logger("schoolgate.room")
# E-mail addresses, JWTs and what stands behind "Bearer": a room should not log them; a slip must not matter.
_NEVER_LOGGED = re.compile(r"\S+@\S+|\beyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=Bearer )\S+", re.IGNORECASE)
_HIDDEN = "(hidden)"


@dataclass(frozen=True, slots=True)
class RoomLog:
    """A `providers.contract.Log`: says which integration, and hides the integration's secrets."""

    integration_id: str
    secrets: tuple[str, ...]

    def __call__(self, event: str, **facts: Fact) -> None:
        """Write the line."""
        safe = {name: self._without_secrets(fact) for name, fact in facts.items()}
        _log.info(event, **safe, integration=self.integration_id)

    def _without_secrets(self, fact: Fact) -> Fact:
        if not isinstance(fact, str):
            return fact
        for secret in self.secrets:
            fact = fact.replace(secret, _HIDDEN)
        return _NEVER_LOGGED.sub(_HIDDEN, fact)


def no_roster(provider: str) -> Misconfigured:
    """Return the failure for an integration that brings no roster."""
    sentence = f"{provider} brings no roster here: it has none, or its settings for one are empty."
    return Misconfigured("sync.no_roster", sentence)


@dataclass(frozen=True, slots=True)
class RoomContexts:
    """Thread-safe. `sign` signs with the tool's own key."""

    rooms: RoomSettings
    http: Http
    tokens: Tokens
    now: Callable[[], datetime]
    sign: Callable[[Mapping[str, Any]], str]
    sleep: Callable[[float], None] = time.sleep

    def roster_of(self, integration: Integration) -> Roster | None:
        """Return the room's roster where the integration's settings are meant to bring one."""
        plate = self.rooms.room(integration.provider)
        if plate.roster is None:
            return None
        settings = self.rooms.open(integration.id, plate, integration.settings)
        return plate.roster if plate.roster.is_set_up(settings) else None

    def open(self, integration: Integration) -> Context[Any]:
        """Return what the integration's room may touch, its settings opened.

        Raises:
            Misconfigured: a newer room needs more settings than are stored.
        """
        plate = self.rooms.room(integration.provider)
        settings = self.rooms.open(integration.id, plate, integration.settings)
        values = [getattr(settings, field.name) for field in declared(plate.settings) if field.secret]
        secrets = tuple(str(value) for value in values if value)
        return Context(
            integration_id=integration.id,
            settings=settings,
            http=self.http,
            tokens=self.tokens,
            now=self.now,
            sleep=self.sleep,
            log=RoomLog(integration.id, secrets),
            sign=self.sign,
        )
