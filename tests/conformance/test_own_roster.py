"""Rooms whose integration brings launches and a roster: whichever comes first, each person and class is one row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import providers
from gateway.store.applications import add_application
from gateway.store.tables import classes, identities, roster_records, users
from providers.kit.simulator.loading import own_roster, roster_simulator
from tests.support.launching import Launching, a_config, launching
from tests.support.oidc_world import an_application

ROOMS = sorted(key for key, room in providers.rooms().items() if room.launch and room.roster)
ACTOR = "test"


class Schools:
    """One gate; each school that joins has the same people under the same ids and e-mail addresses."""

    def __init__(self, world: Launching, key: str, folder: Path, stack: ExitStack) -> None:
        self.world, self._key, self._folder, self._stack = world, key, folder, stack

    def join(self, number: int = 1) -> str:
        """Add a school and return its integration."""
        system = self._stack.enter_context(
            roster_simulator(self._key).simulate_roster(own_roster(self._key), self._folder)
        )
        own = {name: value for name, value in system.settings.items() if name != "client_id"}
        config = a_config(client_id=f"client-{number}", deployment_id=f"deployment-{number}")
        self.world.join(config, provider=self._key, **own)
        return self.world.integration_id

    def sync(self, integration_id: str) -> None:
        assert self.world.gate.syncs.run(integration_id, actor=ACTOR).status == "applied"

    def launch(self, person: str, school: int = 0) -> tuple[str, str]:
        """Return who and where an accepted launch was."""
        outcome = self.world.launch(person, platform=self.world.platforms[school][1])
        assert outcome.code == "accepted", outcome
        record = self.world.record(outcome)
        return str(record.user_sourced_id), str(record.class_sourced_id)

    def rostered(self) -> set[str]:
        return {row["sourced_id"] for row in self.world.rows(roster_records) if not row["is_gone"]}


@pytest.fixture(params=ROOMS)
def schools(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Schools]:
    """The test runs on both databases for each room."""
    with launching(database_url, joined=False, SCHOOLGATE_ALLOW_HOSTS="127.0.0.1") as world, ExitStack() as stack:
        add_application(world.store, an_application(), world.clock())
        yield Schools(world, request.param, tmp_path, stack)


@pytest.mark.parametrize("person", ["sam", "tia"])
def test_a_launch_then_the_roster_then_a_launch_is_one_person(schools: Schools, person: str) -> None:
    integration = schools.join()
    who, where = schools.launch(person)
    schools.sync(integration)
    assert schools.launch(person) == (who, where)
    assert {who, where} <= schools.rostered()


@pytest.mark.parametrize("person", ["sam", "tia"])
def test_the_roster_then_a_launch_is_one_person(schools: Schools, person: str) -> None:
    schools.sync(schools.join())
    before = len(schools.world.rows(users)), len(schools.world.rows(classes))
    who, where = schools.launch(person)
    assert {who, where} <= schools.rostered()
    assert (len(schools.world.rows(users)), len(schools.world.rows(classes))) == before


def test_two_schools_with_the_same_ids_and_addresses_never_touch(schools: Schools) -> None:  # C5, D4
    one, other = schools.join(1), schools.join(2)
    mine, theirs = schools.launch("sam", 0), schools.launch("sam", 1)
    schools.sync(one)
    schools.sync(other)
    assert (schools.launch("sam", 0), schools.launch("sam", 1)) == (mine, theirs)
    assert not set(mine) & set(theirs)
    tenants: dict[str, set[str]] = {}
    for row in schools.world.rows(users):
        tenants.setdefault(row["tenant_id"], set()).add(row["sourced_id"])
    assert len({len(people) for people in tenants.values()}) == 1
    of_identities: list[Any] = schools.world.rows(identities)
    assert all(row["user_sourced_id"] in tenants[row["tenant_id"]] for row in of_identities)
