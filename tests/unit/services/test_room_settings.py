"""A room's secret settings are sealed at rest and open again for the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from gateway.services import room_settings
from gateway.services.room_settings import RoomSettings
from keys.sealing import Sealer
from providers import room
from providers.contract import Misconfigured, Provider, setting


@dataclass(frozen=True)
class _Own:
    host: str = setting("Host", help="The host.")
    token: str = setting("Token", help="The token.", secret=True)


class _Plate:
    settings = _Own


PLATE = cast(Provider, _Plate())
VALUES = {"host": "h", "token": "very-secret"}


@pytest.fixture
def settings() -> RoomSettings:
    return RoomSettings(room, Sealer((b"a-sealing-secret-that-is-long-enough",)))


def test_a_secret_is_sealed_and_opened(settings: RoomSettings) -> None:
    stored = settings.seal(PLATE, VALUES)
    assert stored["host"] == "h"
    assert "very-secret" not in stored["token"]
    assert settings.open("i", PLATE, stored) == _Own("h", "very-secret")


def test_settings_are_read_once_while_unchanged(settings: RoomSettings) -> None:
    stored = settings.seal(PLATE, VALUES)
    first: Any = settings.open("i", PLATE, stored)
    assert settings.open("i", PLATE, stored) is first
    assert settings.open("i", PLATE, {**stored, "host": "new"}).host == "new"


def test_settings_that_a_newer_room_needs_are_named(settings: RoomSettings) -> None:
    with pytest.raises(Misconfigured, match="token"):
        settings.open("i", PLATE, {"host": "h"})


def test_memory_stays_bounded(settings: RoomSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_settings, "_MOST", 1)
    stored = settings.seal(PLATE, VALUES)
    for name in ("a", "b", "c"):
        settings.open(name, PLATE, stored)
    assert len(settings._ready) == 1
