"""From the application's own button: choose a school, sign in at its portal, and come back to the application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.store.tables import applications, sessions
from tests.support.launching import GATE
from tests.support.oidc_world import CALLBACK, CHALLENGE, SECRET, VERIFIER, an_application
from tests.support.signing_in import SigningIn, signing_in, somebody

ASKED = {
    "response_type": "code",
    "client_id": an_application().id,
    "redirect_uri": CALLBACK,
    "scope": "openid profile email",
    "state": "the application's own",
    "nonce": "n-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def portal(sqlite_url: str) -> Iterator[SigningIn]:
    with signing_in(sqlite_url) as world:
        world.launching.gate.keyring.ensure()
        yield world


def _ask(browser: FlaskClient, **more: str) -> TestResponse:
    return browser.get("/oauth2/authorize", query_string={**ASKED, **more}, base_url=GATE)


def _follow(browser: FlaskClient, answer: TestResponse) -> TestResponse:
    assert answer.status_code in {302, 303}, answer.text
    return browser.get(answer.location, base_url=GATE)


def _back(answer: TestResponse) -> dict[str, Any]:
    assert answer.location.startswith(f"{CALLBACK}?"), answer.location
    return dict(parse_qsl(urlsplit(answer.location).query))


def test_with_one_portal_there_is_nothing_to_choose(portal: SigningIn) -> None:
    browser = portal.launching.browser()
    begun = portal.sent_on(browser, _follow(browser, _ask(browser)))
    outcome = portal.come_back(begun)
    told = _back(_follow(browser, outcome.response))
    assert told["state"] == "the application's own"
    exchange = {"grant_type": "authorization_code", "code": told["code"], "redirect_uri": CALLBACK,
                "code_verifier": VERIFIER, "client_id": ASKED["client_id"], "client_secret": SECRET}  # fmt: skip
    answer = browser.post("/oauth2/token", data=exchange, base_url=GATE).get_json()
    assert answer["id_token"]


def test_with_several_portals_a_page_asks_and_names_no_customer(portal: SigningIn) -> None:
    portal.join("d-2", client_id="client-2")
    portal.join("d-3", client_id="client-2")
    browser = portal.launching.browser()
    page = _ask(browser)
    assert page.status_code == 200
    assert "Where do you go to school?" in page.text
    assert page.text.count("/start?client_id=app") == 2
    assert page.text.count("Northfield") == 1  # the client that serves one school alone


def test_an_integration_named_by_the_application_goes_there_at_once(portal: SigningIn) -> None:
    wished = portal.join("d-2", client_id="client-2")
    browser = portal.launching.browser()
    begun = portal.sent_on(browser, _follow(browser, _ask(browser, integration=wished)))
    assert begun.asked["district"] == "d-2"


@pytest.mark.parametrize("wished", ["no such", "00000000-0000-0000-0000-000000000000", "../../x"])
def test_an_unknown_integration_is_passed_over(portal: SigningIn, wished: str) -> None:
    portal.join("d-2", client_id="client-2")
    assert "Where do you go to school?" in _ask(portal.launching.browser(), integration=wished).text


def test_an_application_is_not_shown_schools_that_it_may_not_see(portal: SigningIn) -> None:
    portal.launching.change(applications, all_tenants=False)
    assert _back(_ask(portal.launching.browser()))["error"] == "login_required"


def test_nobody_is_asked_when_the_application_wants_no_page(portal: SigningIn) -> None:
    assert _back(_ask(portal.launching.browser(), prompt="none"))["error"] == "login_required"


def test_without_portals_the_application_is_answered_as_before(sqlite_url: str) -> None:
    with signing_in(sqlite_url, joined=False) as world:
        assert _back(_ask(world.launching.browser()))["error"] == "login_required"


def test_the_application_that_asked_is_the_one_that_gets_the_person(portal: SigningIn) -> None:
    portal.launching.change(applications, all_tenants=True)
    browser = portal.launching.browser()
    begun = portal.begin(browser=browser, client_id="another", redirect_uri=CALLBACK)
    outcome = portal.come_back(begun)
    assert (outcome.status, outcome.code) == (400, "handoff.no_application")


def test_a_request_that_is_too_long_to_keep_is_answered_to_the_application(portal: SigningIn) -> None:
    assert _back(_ask(portal.launching.browser(), state="s" * 3000))["error"] == "login_required"


def test_a_page_in_between_says_who_came_on_a_shared_device(portal: SigningIn) -> None:  # C4
    browser = portal.launching.browser()
    portal.sign_in(browser=browser)
    begun = portal.sent_on(browser, _follow(browser, _ask(browser)))
    page = portal.come_back(begun, somebody("t-1", given_name="Tia", family_name="Ngo")).response
    assert "signed in as Tia Ngo" in page.text
    assert f"{GATE}/oauth2/authorize?client_id=app" in page.text.replace("&amp;", "&")
    assert portal.launching.count(sessions) == 0
