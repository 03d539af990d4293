"""Rosters through the engine, faults and all: the model equals the simulated system's truth, and nobody is removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import providers
from gateway.outbound import Limits, Outbound, RoomHttp
from gateway.store import Store
from providers.contract import KINDS, Failure
from providers.kit.simulator.loading import roster_simulator
from providers.kit.simulator.roster_data import made_up_roster
from providers.kit.simulator.simulated_roster import ENDURED, SimulatedRoster
from tests.conformance.test_roster import OTHER_FAULTS, ROOMS
from tests.support.key_stores import Clock
from tests.support.rosters import ACTOR, Synced, a_district, synced_by

PEOPLE = 5_000


@contextmanager
def at_school(store: Store, key: str, people: int, folder: Path) -> Iterator[tuple[Synced, SimulatedRoster]]:
    """Yield a tenant whose integration is of this room, and the simulated system that it reads."""
    outbound = Outbound(["127.0.0.1"], "schoolgate/1")
    with roster_simulator(key).simulate_roster(made_up_roster(people), folder) as system:
        http = RoomHttp(outbound, Limits(connect=2, read=20, total=60))
        try:
            yield synced_by(store, providers.room(key), system.settings, http, clock=Clock()), system
        finally:
            outbound.close()


def sync(school: Synced) -> str:
    """Sync a day later and return how it ended."""
    school.clock.move(days=1)
    try:
        return school.syncs.run(school.integration_id, actor=ACTOR, full=True).status
    except Failure as failure:
        return failure.family


def here(school: Synced) -> dict[str, set[str]]:
    return {kind: set(school.active(kind)) for kind in KINDS}


def true_ids(system: SimulatedRoster) -> dict[str, set[str]]:
    return {kind: {each.source_id for each in records} for kind, records in system.truth().items()}


def modelled(store: Store, system: SimulatedRoster) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what an application sees where the truth itself is the roster."""
    district = a_district(store)
    district.sync({kind: list(records) for kind, records in system.truth().items()})
    return district.seen()


@pytest.mark.parametrize(("key", "fault"), OTHER_FAULTS)
def test_no_fault_removes_anybody(key: str, fault: Any, sqlite_store: Store, tmp_path: Path) -> None:  # F1
    with at_school(sqlite_store, key, 30, tmp_path) as (school, system):
        assert sync(school) == "applied"
        system.strike(fault)
        sync(school)
        assert here(school) == true_ids(system)
        system.strike()
        assert sync(school) in {"applied", "unchanged"}
        assert here(school) == true_ids(system)


@pytest.mark.parametrize("key", ROOMS)
def test_five_thousand_people_through_all_faults_are_the_truth(key: str, sqlite_store: Store, tmp_path: Path) -> None:
    faults = roster_simulator(key).ROSTER_FAULTS
    with at_school(sqlite_store, key, PEOPLE, tmp_path) as (school, system):
        if "unauthorized" in faults:
            system.strike("unauthorized")
            assert sync(school) == "refused"
        system.strike(*(fault for fault in faults if fault in ENDURED))
        assert sync(school) == "applied"
        assert school.seen() == modelled(sqlite_store, system)
