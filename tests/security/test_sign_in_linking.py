"""Attacks on who becomes whom at a portal's sign-in: e-mail addresses, roles, classes, and taking a link back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import providers
from gateway.store.tables import audit, identities, record_links, roles, users
from tests.support.at_portal import AtPortal, at_portal

ROOMS = sorted(key for key, room in providers.rooms().items() if room.sign_in and room.roster)
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


@pytest.fixture(params=ROOMS)
def portal(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[AtPortal]:
    with at_portal(request.param, sqlite_url) as world:
        yield world


def _held(portal: AtPortal, integration: str) -> set[str]:
    """Return whom an integration's identities lead to."""
    rows = portal.launching.rows(identities)
    return {str(row["user_sourced_id"]) for row in rows if row["integration_id"] == integration}


def test_an_account_that_waits_for_somebodys_address_is_never_theirs(portal: AtPortal) -> None:  # D2
    home = portal.launching.gate.integrations.find(portal.integration_id).org_sourced_id
    platform = portal.launching.join(org_id=home)
    victim = portal.portal.people["student"].person.email or ""
    waiting = portal.launching.record(portal.launching.launch(platform=platform, put={"email": victim})).user_sourced_id
    assert victim in {row["email"] for row in portal.launching.rows(users)}
    came = {portal.user_of(portal.click("student"))}
    assert portal.sync() == "applied"
    came.add(portal.user_of(portal.click("student")))
    assert len(came) == 1
    assert waiting not in came
    assert _held(portal, portal.launching.integration_id) == {waiting}


def test_a_student_never_signs_in_as_the_teacher_that_a_roster_has_under_the_id(portal: AtPortal) -> None:  # D3
    assert portal.sync() == "applied"
    portal.launching.change(roles, role="teacher")
    rostered = {row["sourced_id"] for row in portal.launching.rows(users)}
    assert portal.user_of(portal.click("student")) not in rostered
    assert portal.launching.rows(record_links) == []


def test_a_link_of_a_sign_in_is_audited_and_can_be_taken_back(portal: AtPortal) -> None:  # D5
    first = portal.user_of(portal.click("student"))
    assert portal.sync() == "applied"
    (link,) = portal.launching.rows(record_links)
    portal.launching.gate.links.undo([link["id"]], actor="tia")
    lines = [row for row in portal.launching.rows(audit) if row["action"].startswith("match.")]
    assert [(row["action"], row["actor"]) for row in lines] == [
        ("match.linked", link["actor"]),
        ("match.undone", "tia"),
    ]
    assert portal.user_of(portal.click("student")) == first
    (row,) = [each for each in portal.launching.rows(users) if each["sourced_id"] == first]
    assert row["roster_source_id"] is None
    portal.sync()
    assert portal.user_of(portal.click("student")) == first


def test_no_request_of_a_sign_in_names_a_class_to_the_application(portal: AtPortal) -> None:  # C7
    portal.sync()
    asked = {
        "context_id": "k-2-art",
        "class": "k-2-art",
        "district": "elsewhere",
        "target_link_uri": "/classes/k-2-art",
    }
    claims = portal.launching.sign_in(portal.start("teacher", None, **asked))
    assert [
        name for name in claims if name.removeprefix(CLAIM) in {"context", "resource_link", "target_link_uri"}
    ] == []
    assert "k-2-art" not in str(claims)
