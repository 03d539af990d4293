"""Ends of a launch that no attack reaches: no application, a room that went away, endless collisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gateway.services import entry as launching_service
from gateway.services.advice import administrator_sentence
from gateway.store import Connection
from gateway.store.applications import Application, add_application
from gateway.store.arrivals import Known, look_up
from gateway.store.launches import list_launches
from gateway.store.people import Collision
from gateway.store.tables import applications, integrations, users
from providers import room
from tests.support.launching import Launching, a_config, launching
from tests.support.oidc_world import an_application


@pytest.fixture
def world(sqlite_url: str) -> Iterator[Launching]:
    with launching(sqlite_url) as opened:
        yield opened


def test_without_an_application_there_is_nowhere_to_go(sqlite_url: str) -> None:
    with launching(sqlite_url, joined=False) as world:
        world.join()
        outcome = world.launch()
        assert (outcome.status, outcome.code) == (400, "handoff.no_application")
        add_application(world.store, an_application(), world.clock())
        assert world.launch().code == "accepted"


def test_a_disabled_application_is_none(world: Launching) -> None:
    world.change(applications, status="disabled")
    assert world.launch().code == "handoff.no_application"


def test_an_application_of_another_tenant_is_none(sqlite_url: str) -> None:
    with launching(sqlite_url, joined=False) as world:
        elsewhere = frozenset({world.add_org()})
        add_application(world.store, an_application(all_tenants=False, tenants=elsewhere), world.clock())
        world.join()
        assert world.launch().code == "handoff.no_application"


def test_an_integration_may_name_its_application(world: Launching) -> None:
    second: Application = an_application("second", login_uri="https://second.example/login", redirect_uris=())
    add_application(world.store, second, world.clock())
    world.change(integrations, application_id="second")
    world.clock.move(seconds=6)
    assert world.launch().response.location.startswith("https://second.example/login?")


def test_a_new_application_is_seen_within_seconds(world: Launching) -> None:
    assert world.launch().code == "accepted"
    world.change(applications, status="disabled")
    assert world.launch().code == "accepted"
    world.clock.move(seconds=6)
    assert world.launch().code == "handoff.no_application"


def test_a_provider_without_launches_any_more_refuses(world: Launching, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = world.gate.rooms
    monkeypatch.setattr(rooms, "room", lambda key: replace(room(key), launch=None))
    assert world.launch().code == "lti.registration_disabled"


def test_endless_collisions_end_as_busy(world: Launching, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def collide(*_arguments: object) -> None:
        tries.append(1)
        raise Collision

    monkeypatch.setattr(launching_service, "arrive", collide)
    outcome = world.launch()
    assert (outcome.status, outcome.code, len(tries)) == (503, "lti.busy", launching_service.TRIES)
    assert world.count(users) == 0


def test_a_registration_that_vanished_between_two_looks_refuses(
    world: Launching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching_service, "look_up", lambda *_a, **_k: None)
    assert world.launch().code == "lti.registration_disabled"


def test_a_deployment_that_vanished_between_two_looks_waits_and_holds_nobody_up(
    world: Launching, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def look_again(connection: Connection, **keys: Any) -> Known | None:
        looks.append(1)
        known = look_up(connection, **keys)
        return known._replace(deployment_status=None) if known and len(looks) > 1 else known

    monkeypatch.setattr(launching_service, "look_up", look_again)
    assert world.launch().code == "lti.deployment_pending"
    assert (len(looks), world.count(users)) == (2, 0)


def test_refusals_and_launches_are_listed_newest_first(world: Launching) -> None:
    refs = []
    for wrong in ({}, {}, {"header": {"kid": "x"}}, {}):  # one refusal: two could draw the same slot
        world.clock.move(seconds=1)
        refs.append(world.launch(**wrong).ref)  # type: ignore[arg-type]
    listed = list_launches(world.store, limit=3)
    assert [each.ref for each in listed] == refs[:0:-1]


def test_the_page_tells_the_rooms_own_advice(world: Launching) -> None:
    canvas = world.join(a_config(client_id="other"))
    page = world.launch(platform=canvas, header={"kid": "x"}).response.text
    advice = administrator_sentence("lti.kid_unknown", "lti", world.gate.rooms)
    assert advice in page
    assert administrator_sentence("lti.kid_unknown", None, world.gate.rooms) != advice
    assert administrator_sentence("made.up", None, world.gate.rooms) == ""
