"""A launch of every provider's simulated platform, all the way through the gate to the person's ID token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import providers
from gateway.store.applications import add_application
from tests.support.launching import LMS, Launching, a_config, launching
from tests.support.oidc_world import an_application

ROOMS = sorted(key for key, room in providers.rooms().items() if room.launch)


@pytest.fixture
def house(sqlite_url: str) -> Iterator[Launching]:
    with launching(sqlite_url, joined=False) as world:
        add_application(world.store, an_application(), world.clock())
        yield world


@pytest.fixture(params=ROOMS)
def key(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _code(house: Launching, key: str, who: str = "sam", **switches: Any) -> str:
    house.join(provider=key, switches=switches)
    return house.launch(who).code


def test_a_student_comes_in(house: Launching, key: str) -> None:
    house.join(provider=key)
    outcome = house.launch("sam")
    assert outcome.code == "accepted"
    assert house.sign_in(outcome)["given_name"] == "Sam"


def test_somebody_whose_name_is_kept_back_comes_in(house: Launching, key: str) -> None:
    assert _code(house, key, "pat") == "accepted"


def test_a_guest_stays_out(house: Launching, key: str) -> None:
    assert _code(house, key, "guest") == "lti.subject_missing"


@pytest.mark.parametrize("seconds", [-50, 50])
def test_a_clock_that_is_not_quite_right_lets_people_in(house: Launching, key: str, seconds: int) -> None:
    assert _code(house, key, clock_seconds=seconds) == "accepted"


@pytest.mark.parametrize(
    "oddity",
    [
        {"key_set_algorithms": False},
        {"key_set_leading_zero": True},
        {"audience_list": True},
        {"login_client_id": False},
        {"login_deployment": ""},
        {"titles": False},
        {"context": False},
        {"names": False, "emails": False},
        {"not_before": True},
    ],
    ids=",".join,
)
def test_what_platforms_do_otherwise_lets_people_in(house: Launching, key: str, oddity: dict[str, Any]) -> None:
    assert _code(house, key, **oddity) == "accepted"


def test_two_schools_of_one_issuer_are_told_apart(house: Launching, key: str) -> None:
    """Hosted platforms have one issuer for all customers: client id and deployment decide."""
    first = house.join(provider=key)
    second = house.join(
        a_config(client_id="client-2", deployment_id="deployment-2"), key=1, provider=key, key_set_url=_SECOND
    )
    outcomes = [house.launch("sam", platform=each) for each in (first, second)]
    assert [each.code for each in outcomes] == ["accepted", "accepted"]
    assert len({house.sign_in(each)["sub"] for each in outcomes}) == 2


_SECOND = f"{LMS}/second/keys"
