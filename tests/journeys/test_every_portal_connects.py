"""A district connects itself to each room with sign-ins: an invite link, its own id, an operator's word, a sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

import providers
from providers.contract import Registration
from tests.support.at_portal import AtPortal, at_portal
from tests.support.launching import GATE

ROOMS = sorted(key for key, room in providers.rooms().items() if room.sign_in and room.registration)


@pytest.fixture(params=ROOMS)
def portal(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[AtPortal]:
    with at_portal(request.param, sqlite_url) as world:
        yield world


def _registration(portal: AtPortal) -> Registration:
    found = providers.room(portal.provider).registration
    assert found is not None
    return found


def _invited(portal: AtPortal, org_id: str) -> FlaskClient:
    """Return a browser that has opened an invite link."""
    gate, browser = portal.launching.gate, portal.launching.browser()
    made = gate.desk.links.invite(org_id=org_id, provider=portal.provider, expires_in=timedelta(days=7), actor="test")
    browser.get(f"/connect/{made.token}", base_url=GATE)
    return browser


def _fill_in(portal: AtPortal, browser: FlaskClient, district: str) -> str:
    """Type in what the page asks for, and return the page that follows."""
    address = f"/connect/with/{portal.provider}"
    page = browser.get(address, base_url=GATE).text
    for secret in ("client_secret", str(portal.portal.settings["client_secret"])):
        assert secret not in page
    token = re.search(r'name="form_token" value="(\w+)"', page)
    assert token
    told = {name: portal.portal.settings.get(name, "") for name in _registration(portal).asks}
    told[providers.room(portal.provider).sign_in.district_setting] = district  # type: ignore[union-attr]
    browser.post(address, data={**told, "form_token": token[1]}, base_url=GATE)
    return browser.get("/connect/waiting", base_url=GATE).text


def test_a_district_connects_itself_once_an_operator_has_looked(portal: AtPortal) -> None:
    org_id, district = portal.launching.add_org(), portal.portal.people["elsewhere"].district_id
    browser = _invited(portal, org_id)
    assert "Waiting for approval" in _fill_in(portal, browser, district)
    assert portal.click("elsewhere").code == "sso.district_pending"  # a typed-in id opens nothing
    approvals = portal.launching.gate.desk.approvals
    (waiting,) = [each for each in approvals.waiting() if each.kind == "connection"]
    assert str(portal.portal.settings["client_secret"]) not in str(waiting)
    made = approvals.approve(waiting.id, actor="test")
    assert portal.launching.gate.integrations.find(made).org_sourced_id == org_id
    assert "Waiting for your test launch" in browser.get("/connect/waiting", base_url=GATE).text
    portal.launching.clock.move(seconds=1)
    assert portal.click("elsewhere").code == "accepted"
    assert "It works" in browser.get("/connect/waiting", base_url=GATE).text


def test_a_district_of_another_school_can_not_be_taken(portal: AtPortal) -> None:  # A17, D4
    browser = _invited(portal, portal.launching.add_org())
    taken = portal.portal.people["student"].district_id
    assert "Waiting for approval" in _fill_in(portal, browser, taken)
    approvals = portal.launching.gate.desk.approvals
    (waiting,) = approvals.waiting()
    with pytest.raises(Exception, match="already belongs"):
        approvals.approve(waiting.id, actor="test")
    outcome = portal.click("student")
    assert portal.launching.record(outcome).integration_id == portal.integration_id


@pytest.mark.parametrize("key", [each for each in ROOMS if providers.room(each).registration.borrows])  # type: ignore[union-attr]
def test_nobody_is_offered_a_room_whose_client_is_not_set_up(sqlite_url: str, key: str) -> None:
    with at_portal(key, sqlite_url, joined=False) as world:
        browser = world.launching.browser()
        made = world.launching.gate.desk.links.invite(
            org_id=world.launching.add_org(), provider=None, expires_in=timedelta(days=7), actor="test"
        )
        browser.get(f"/connect/{made.token}", base_url=GATE)
        assert f"/connect/with/{key}" not in browser.get("/connect", base_url=GATE).text
