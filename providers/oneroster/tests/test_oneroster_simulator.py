"""The room against its simulator: what an administrator fills in reaches a whole roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from providers.contract import read_settings
from providers.kit.simulator.roster_switches import RosterSwitches
from providers.kit.simulator.serving import running
from providers.oneroster import PROVIDER, simulator
from providers.oneroster.roster import ROSTER
from tests.support.rostering import RosterWorld, gather


@pytest.fixture(scope="module")
def provider() -> simulator.SimulatedRosterProvider:
    return simulator.PROVIDER()


@pytest.fixture(scope="module")
def base(provider: simulator.SimulatedRosterProvider) -> Iterator[str]:
    with running(lambda _: simulator.create_simulator(provider)) as base:
        yield base


@pytest.fixture
def world(base: str, provider: simulator.SimulatedRosterProvider) -> Iterator[RosterWorld]:
    world = RosterWorld.at(base, provider)
    yield world
    world.outbound.close()


def read(world: RosterWorld) -> Any:
    values = simulator.settings_for(world.provider, world.base)
    context = world.context(read_settings(PROVIDER.settings, values))
    return gather(ROSTER.read(context)).complete, [health for health in ROSTER.check(context) if not health.ok]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("auth", ["oauth2", "oauth1", "bearer"])
def test_a_roster_is_read_whole_and_the_check_is_content(world: RosterWorld, version: Any, auth: Any) -> None:
    world.provider.switches = RosterSwitches(version=version, auth=auth)
    complete, unwell = read(world)
    assert "enrollments" in complete
    assert unwell == []


def test_a_scope_of_the_settings_is_asked_for(world: RosterWorld) -> None:
    world.provider.switches = replace(RosterSwitches(), scope="roster.readonly")
    assert read(world)[1] == []
