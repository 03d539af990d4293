"""From each room's simulated portal to the application; a sign-in meets its district's roster, whichever is first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import providers
from gateway.store.tables import identities, record_links, users
from tests.support.at_portal import AtPortal, at_portal
from tests.support.databases import KINDS

ROOMS = sorted(key for key, room in providers.rooms().items() if room.sign_in)
WITH_ROSTER = [key for key in ROOMS if providers.room(key).roster]


@pytest.fixture(params=[(room, kind) for room in WITH_ROSTER for kind in KINDS], ids="-".join)
def both(request: pytest.FixtureRequest) -> Iterator[AtPortal]:
    room, kind = request.param
    address = request.getfixturevalue(f"{kind}_url")
    with at_portal(room, address) as world:
        yield world


@pytest.fixture(params=ROOMS)
def portal(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[AtPortal]:
    with at_portal(request.param, sqlite_url) as world:
        yield world


def test_a_click_in_the_portal_leads_to_the_application(portal: AtPortal) -> None:  # C1
    claims = portal.launching.sign_in(portal.click("teacher"))
    told = portal.portal.people["teacher"].person
    assert (claims["given_name"], claims["family_name"]) == (told.given_name, told.family_name)
    assert claims["https://purl.imsglobal.org/spec/lti/claim/roles"] == [
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"
    ]


def test_the_schools_own_link_leads_there_too(portal: AtPortal) -> None:
    assert portal.user_of(portal.start("student")) == portal.user_of(portal.click("student"))
    assert portal.launching.count(users) == 1


def test_a_portal_without_our_state_goes_round_and_ends(portal: AtPortal) -> None:  # C1
    portal.portal.strike("no_state")
    browser = portal.launching.browser()
    codes = []
    answer = browser.get(portal.portal.arrive("student"))
    while answer.status_code == 302:
        answer = browser.get(portal.portal.sign_in(answer.location, "student"))
        codes.append(answer.status_code)
    assert "sso.loop" in answer.text
    assert len(codes) == 3


def test_somebody_of_another_district_waits_and_never_becomes_one_of_this(portal: AtPortal) -> None:  # C5, A17
    assert portal.user_of(portal.start("student"))
    outcome = portal.start("elsewhere")
    assert (outcome.status, outcome.code) == (403, "sso.district_pending")
    assert portal.launching.count(users) == 1


def test_two_districts_with_equal_ids_and_addresses_never_touch(both: AtPortal) -> None:  # C5, D1, D4
    other = both.portal.people["elsewhere"]
    setting = providers.room(both.provider).sign_in.district_setting  # type: ignore[union-attr]
    second = both.join({**both.portal.settings, setting: other.district_id})
    here, there = both.user_of(both.click("student")), both.user_of(both.click("elsewhere"))
    assert both.sync() == "applied"
    both.launching.gate.syncs.run(second, actor="test", full=True)
    assert both.user_of(both.click("student")) == here
    assert both.user_of(both.click("elsewhere")) == there
    rows = {row["sourced_id"]: row for row in both.launching.rows(users)}
    assert here in rows
    assert there in rows
    assert rows[str(here)]["tenant_id"] != rows[str(there)]["tenant_id"]
    assert rows[str(here)]["email"] == rows[str(there)]["email"]
    assert len(both.launching.rows(identities)) == 2


def test_a_sign_in_then_the_roster_then_a_sign_in_are_one_person(both: AtPortal) -> None:
    first = both.user_of(both.click("student"))
    assert both.sync() == "applied"
    assert both.user_of(both.click("student")) == first
    (row,) = [each for each in both.launching.rows(users) if each["sourced_id"] == first]
    assert row["roster_source_id"] is not None
    people = len(both.launching.rows(users))
    assert both.sync() == "unchanged"
    assert len(both.launching.rows(users)) == people
    (link,) = both.launching.rows(record_links)
    assert (link["how"], link["evidence"]) == ("sync", "roster_id")


def test_the_roster_then_a_sign_in_are_one_person(both: AtPortal) -> None:
    assert both.sync() == "applied"
    people = len(both.launching.rows(users))
    teacher = both.user_of(both.click("teacher"))
    (row,) = [each for each in both.launching.rows(users) if each["sourced_id"] == teacher]
    assert row["roster_source_id"] is not None
    assert both.sync() == "unchanged"
    assert both.user_of(both.click("teacher")) == teacher
    assert len(both.launching.rows(users)) == people


def test_who_left_the_roster_can_not_come_in(both: AtPortal) -> None:  # A19
    both.click("student")
    assert both.sync() == "applied"
    both.launching.change(users, status="tobedeleted")
    outcome = both.click("student")
    assert (outcome.status, outcome.code) == (403, "account.user_suspended")
