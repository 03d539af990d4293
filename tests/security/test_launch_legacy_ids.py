"""Ids of LTI 1.1: believed with a signature of the old secret, and told and kept then (A24)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gateway.store.applications import add_application
from gateway.store.tables import integrations, legacy_ids, users
from providers.kit.lti import claims as names
from providers.kit.simulator.legacy import OLD_KEY
from tests.support.launching import Launching, launching
from tests.support.oidc_world import an_application

SECRETS: dict[str, Any] = {"legacy_consumer_key": OLD_KEY.consumer_key, "legacy_shared_secret": OLD_KEY.secret}


@pytest.fixture
def moved(database_url: str) -> Iterator[Launching]:
    """A gate whose one platform was known under LTI 1.1, on both databases."""
    with launching(database_url, joined=False) as world:
        add_application(world.store, an_application(), world.clock())
        world.join(**SECRETS)
        world.platform.switch(legacy="signed")
        yield world


def _kept(world: Launching) -> set[tuple[str, str]]:
    return {(row["kind"], row["legacy_id"]) for row in world.rows(legacy_ids)}


def _note(world: Launching, outcome: Any) -> str:
    return world.record(outcome).trace


def test_signed_old_ids_are_told_to_the_application(moved: Launching) -> None:
    claims = moved.sign_in(moved.launch())
    assert claims[names.LTI1P1] == {
        "user_id": "old-user-11",
        "context_id": "course-101",  # left out of the claim: it did not change
        "resource_link_id": "old-link-101",
    }
    assert claims["sub"] != "old-user-11"


def test_both_ids_are_kept_once(moved: Launching) -> None:
    moved.launch()
    moved.launch()
    assert moved.count(legacy_ids) == 3
    assert _kept(moved) == {("user", "old-user-11"), ("class", "course-101"), ("resource_link", "old-link-101")}
    (person,) = moved.rows(users)
    assert {row["sourced_id"] for row in moved.rows(legacy_ids) if row["kind"] == "user"} == {person["sourced_id"]}


@pytest.mark.parametrize("how", ["wrong_secret", "other_nonce", "unsigned", "keyless"])
def test_an_old_id_without_a_right_signature_is_ignored(moved: Launching, how: str) -> None:  # A24
    moved.platform.switch(legacy=how)
    outcome = moved.launch()
    assert outcome.code == "accepted"
    assert names.LTI1P1 not in moved.told(outcome)
    assert moved.count(legacy_ids) == 0
    assert "ignored: " in _note(moved, outcome)


@pytest.mark.parametrize("claim", [None, "old", [], {}, {"oauth_consumer_key": 7, "oauth_consumer_key_sign": []}])
def test_a_claim_of_another_shape_is_ignored(moved: Launching, claim: object) -> None:  # A24
    outcome = moved.launch(put={names.LTI1P1: claim})
    assert (outcome.code, moved.count(legacy_ids)) == ("accepted", 0)


def test_a_signature_that_is_no_base64_is_ignored(moved: Launching) -> None:  # A24
    claim = {"oauth_consumer_key": OLD_KEY.consumer_key, "oauth_consumer_key_sign": "é&", "user_id": "x"}
    assert names.LTI1P1 not in moved.told(moved.launch(put={names.LTI1P1: claim}))


def test_another_consumer_key_is_ignored(moved: Launching) -> None:  # A24
    claim = {"oauth_consumer_key": "other", "oauth_consumer_key_sign": "AAAA", "user_id": "x"}
    outcome = moved.launch(put={names.LTI1P1: claim})
    assert "signed with another key" in _note(moved, outcome)


def test_without_the_old_secret_nothing_is_believed(gate: Launching) -> None:  # A24
    gate.platform.switch(legacy="signed")
    outcome = gate.launch()
    assert names.LTI1P1 not in gate.told(outcome)
    assert "no LTI 1.1 key and secret" in _note(gate, outcome)


def test_an_old_id_links_nobody(moved: Launching) -> None:
    moved.launch("sam")
    moved.launch("tia")
    assert moved.count(users) == 2
    assert len({row["sourced_id"] for row in moved.rows(users)}) == 2


def test_the_old_secret_rests_sealed(moved: Launching) -> None:
    (stored,) = moved.rows(integrations)
    assert stored["settings"]["legacy_consumer_key"] == OLD_KEY.consumer_key
    assert OLD_KEY.secret not in str(stored["settings"])
