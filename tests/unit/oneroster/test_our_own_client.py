"""The gateway reads the gateway: our strict OneRoster client takes home over a real socket what the roster brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gateway import create_app
from gateway.services.oneroster.operations import BASE
from providers.kit.oneroster.rest import OAuth2
from providers.kit.rest.token import TokenRequest
from providers.kit.simulator.roster_provider import SimulatedRosterProvider
from providers.kit.simulator.serving import running
from tests.support.oidc_world import SECRET
from tests.support.providing import Providing, providing
from tests.support.rostering import RosterWorld


@pytest.fixture
def world(sqlite_url: str) -> Iterator[Providing]:
    with providing(sqlite_url) as world:
        yield world


def test_a_client_by_the_book_reads_everything(world: Providing) -> None:  # P10, P22
    settings = world.gate.settings
    with running(lambda base: create_app(replace(world.gate, settings=replace(settings, public_url=base)))) as base:
        client = RosterWorld.at(base, SimulatedRosterProvider())
        client.auth = lambda: OAuth2(TokenRequest(f"{base}/oauth2/token", "app", SECRET))
        address = {"base_url": f"{base}{BASE}"}
        try:
            read, advice = client.read(**address), client.check(**address)
        finally:
            client.outbound.close()
    assert (advice, read.faults) == ({}, [])
    assert {"orgs", "academicSessions", "courses", "classes", "users", "enrollments"} <= read.complete
    for kind in ("orgs", "academicSessions", "courses", "classes", "users", "enrollments"):
        assert sorted(read.ids(kind)) == world.ids(f"/{kind}"), kind
    active = [each for each in world.items("/users") if each["status"] == "active"]
    assert len(read.records["roles"]) >= len(active)
