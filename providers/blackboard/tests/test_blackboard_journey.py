"""Blackboard's launches through the whole gate, where its signatures differ from the book."""

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


@pytest.mark.parametrize(("algorithm", "code"), [("RS512", "accepted"), ("RS256", "lti.alg_not_allowed")])
def test_signature_is_the_one_that_was_agreed(house: Launching, algorithm: str, code: str) -> None:
    house.join(provider="blackboard", switches={"signing": "RS512"}, algorithms=algorithm)
    assert house.launch("sam").code == code


def test_previewing_teacher_comes_in_without_a_role(house: Launching) -> None:
    house.join(provider="blackboard")
    assert house.launch("preview").code == "accepted"


def test_new_key_under_the_old_kid_lets_people_in_as_soon_as_the_platform_may_be_asked_again(house: Launching) -> None:
    """A kid that is reused can't announce a rotation: a signature that does not fit has the key set read anew."""
    platform = house.join(provider="blackboard")
    assert house.launch("sam").code == "accepted"
    platform.rotate()
    assert house.launch("sam").code == "lti.signature_invalid"  # within the cool-down
    house.clock.move(seconds=60)
    assert house.launch("sam").code == "accepted"
    assert sum(house.fetches.values()) == 2
