"""Which registration a login means, and for how long an answer is remembered (Core 4.1)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.services import registrations as service
from gateway.services.advice import provider_of
from gateway.store.tables import registrations
from tests.support.launching import GATE, Launching, Outcome, a_config, launching


@pytest.fixture
def world(sqlite_url: str) -> Iterator[Launching]:
    with launching(sqlite_url) as opened:
        yield opened


def _ends(outcome: Outcome) -> tuple[int, str]:
    return outcome.status, outcome.code


def test_a_login_without_client_id_means_the_only_registration(world: Launching) -> None:
    assert world.login(client_id=None).state


def test_a_login_without_client_id_is_told_apart_by_its_deployment(world: Launching) -> None:
    world.join(a_config(client_id="client-2", deployment_id="deployment-2"))
    assert world.login(client_id=None, lti_deployment_id="deployment-2").state
    assert _ends(world.refused_login(client_id=None, lti_deployment_id="unknown")) == (
        400,
        "lti.registration_ambiguous",
    )


def test_a_login_address_of_its_own_names_the_registration(world: Launching) -> None:
    world.join(a_config(client_id="client-2"))
    for row in world.rows(registrations):
        query = {**world.platform.login_parameters("sam")}
        del query["client_id"], query["lti_deployment_id"]
        answer = world.browser().get(f"/lti/login/{row['id']}", query_string=query, base_url=GATE)
        assert f"client_id={row['client_id']}" in answer.location


def test_a_login_address_of_another_issuer_is_refused(world: Launching) -> None:
    other = world.join(a_config(issuer="https://other.example"))
    (ours, _) = world.rows(registrations)
    query = other.login_parameters("sam")
    answer = world.browser().get(f"/lti/login/{ours['id']}", query_string=query, base_url=GATE)
    assert _ends(world.outcome(answer)) == (400, "lti.issuer_unknown")


def test_a_login_by_post_is_answered_too(world: Launching) -> None:
    answer = world.browser().post("/lti/login", data=world.platform.login_parameters("sam"), base_url=GATE)
    assert answer.status_code == 302


def test_a_change_is_seen_within_seconds(world: Launching) -> None:
    world.login()
    world.change(registrations, status="disabled")
    assert world.login().state
    world.clock.move(seconds=6)
    assert _ends(world.refused_login()) == (403, "lti.registration_disabled")


def test_memory_is_bounded(world: Launching, monkeypatch: pytest.MonkeyPatch) -> None:  # A13
    monkeypatch.setattr(service, "_MOST", 3)
    for number in range(5):
        world.join(a_config(client_id=f"many-{number}"))
        world.login(platform=world.platforms[-1][1])
    assert len(world.gate.registrations._remembered) <= 3


def test_unknown_issuers_are_not_remembered(world: Launching) -> None:  # A13
    for number in range(5):
        world.refused_login(iss=f"https://{number}.example", client_id=f"stranger-{number}")
    assert world.gate.registrations._remembered == {}


def test_a_registration_that_is_gone_has_no_provider(world: Launching) -> None:
    assert provider_of("no-such-id", world.gate.registrations) is None
    assert provider_of(None, world.gate.registrations) is None
    assert provider_of(world.rows(registrations)[0]["id"], world.gate.registrations) == "lti"
