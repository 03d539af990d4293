"""Gives each conformance test every room that has the capability it judges."""

from __future__ import annotations

import pytest

import providers
from providers.contract import Provider, read_settings
from providers.kit.simulator import SigningKey
from providers.kit.simulator.loading import lti_simulator
from tests.conformance.launch_room import CONFIG, LaunchRoom


@pytest.fixture(scope="session")
def platform_key() -> SigningKey:
    return SigningKey.generate()


@pytest.fixture(params=sorted(providers.rooms()))
def plate(request: pytest.FixtureRequest) -> Provider:
    return providers.room(request.param)


@pytest.fixture(params=sorted(key for key, room in providers.rooms().items() if room.launch))
def room(request: pytest.FixtureRequest, platform_key: SigningKey) -> LaunchRoom:
    plate = providers.room(request.param)
    assert plate.launch is not None
    platform = lti_simulator(plate.key).PLATFORM(CONFIG, key=platform_key)
    return LaunchRoom(plate, plate.launch, platform, read_settings(plate.settings, platform.settings()))
