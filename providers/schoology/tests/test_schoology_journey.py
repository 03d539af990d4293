"""Schoology's launches through the whole gate, where districts share what tells others apart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.store.applications import add_application
from gateway.store.tables import classes
from tests.support.launching import Launching, launching
from tests.support.oidc_world import an_application


@pytest.fixture
def house(sqlite_url: str) -> Iterator[Launching]:
    with launching(sqlite_url, joined=False) as world:
        add_application(world.store, an_application(), world.clock())
        yield world


def test_another_issuer_comes_in_when_it_is_filled_in(house: Launching) -> None:
    house.join(provider="schoology", switches={"other_issuer": "https://www.schoology.example"})
    assert house.launch("sam").code == "accepted"


def test_relaunch_without_the_sections_title_keeps_it(house: Launching) -> None:
    platform = house.join(provider="schoology")
    assert house.launch("sam").code == "accepted"
    (before,) = house.rows(classes)
    for switches in ({"titles": False}, {"context": False}):
        platform.switch(**switches)
        assert house.launch("sam").code == "accepted"
    assert [row["title"] for row in house.rows(classes)] == [before["title"]] == ["Algebra I"]
