"""Moodle's launches through the whole gate, where a site's own idea of its address and its clock count."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.store.applications import add_application
from tests.support.launching import Launching, launching
from tests.support.oidc_world import an_application


@pytest.fixture
def house(sqlite_url: str) -> Iterator[Launching]:
    with launching(sqlite_url, joined=False) as world:
        add_application(world.store, an_application(), world.clock())
        yield world


def test_site_behind_a_proxy_comes_in_under_its_own_name(house: Launching) -> None:
    house.join(provider="moodle", switches={"plain_wwwroot": True})
    assert house.launch("sam").code == "accepted"


def test_site_whose_wwwroot_was_filled_in_otherwise_is_unknown(house: Launching) -> None:
    platform = house.join(provider="moodle")
    platform.switch(plain_wwwroot=True)
    assert house.refused_login().code == "lti.issuer_unknown"


@pytest.mark.parametrize(("seconds", "code"), [(-110, "accepted"), (-130, "lti.expired")])
def test_minute_of_a_token_and_the_leeway_are_all_there_is(house: Launching, seconds: int, code: str) -> None:
    house.join(provider="moodle", switches={"clock_seconds": seconds})
    assert house.launch("sam").code == code
