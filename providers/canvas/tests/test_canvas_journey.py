"""Hosted Canvas through the whole gate: its environments are copies of each other behind issuers of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.store.applications import add_application
from providers.canvas.settings import CanvasSettings, endpoints
from providers.contract import read_settings
from providers.kit.simulator import SimulatedPlatform
from tests.support.launching import Launching, a_config, launching
from tests.support.oidc_world import an_application

SAME_IDS = {"client_id": "10000000000001", "deployment_id": "1:ab"}


@pytest.fixture
def house(sqlite_url: str) -> Iterator[Launching]:
    with launching(sqlite_url, joined=False) as world:
        add_application(world.store, an_application(), world.clock())
        yield world


def _join(house: Launching, environment: str) -> SimulatedPlatform:
    switches = {"hosted": True, "environment": environment}
    return house.join(a_config(**SAME_IDS), provider="canvas", switches=switches)


@pytest.mark.parametrize("environment", ["production", "beta", "test"])
def test_a_hosted_environment_is_reached_by_its_name_alone(house: Launching, environment: str) -> None:
    platform = _join(house, environment)
    shown = platform.settings()
    found = endpoints(read_settings(CanvasSettings, {"client_id": shown["client_id"], "environment": environment}))
    assert (found.issuer, found.auth_login_url) == (shown["issuer"], shown["auth_login_url"])
    assert (found.auth_token_url, found.key_set_url) == (shown["auth_token_url"], shown["key_set_url"])
    response = house.ask_login(platform, "sam", 101, house.browser())
    assert response.location.startswith(f"{found.auth_login_url}?")
    assert house.launch("sam", platform=platform).code == "accepted"


def test_a_beta_copy_with_productions_ids_is_no_way_into_production(house: Launching) -> None:  # A18
    platform = _join(house, "production")
    assert house.launch("sam", platform=platform).code == "accepted"
    platform.switch(environment="beta")
    assert house.refused_login(platform).code == "lti.issuer_unknown"
    beta = _join(house, "beta")
    assert house.launch("sam", platform=beta).code == "accepted"
    login = house.login(platform=beta)
    platform.switch(environment="production")  # signed by the same customer, for the other environment
    assert house.post(login, house.token(login, platform=platform)).code == "lti.issuer_mismatch"
