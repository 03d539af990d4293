"""Where a login and a launch may send a browser: never to an address out of the request (A15, A16)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from providers.kit.lti import claims as names
from tests.support.launching import GATE, LMS, Launching, Outcome

EVIL = "https://evil.example/"
_OFF_HOST = [
    EVIL,
    "//evil.example/lti/launch",
    "/lti/launch",
    "javascript:alert(1)",
    "data:text/html,x",
    f"{GATE}@evil.example/",
    f"{GATE}\\@evil.example/",
    f"{GATE}.evil.example/",
    "https://user:pw@app.example/",
    "https://app.example\\@evil.example/",
    "https://app.example%2Eevil.example/",
    "https://app.example%00.evil.example/",
    "https://sub.app.example/",
    "https://app.example.evil.example/",
    "https://evil.example#https://app.example/",
    "https://evil.example?https://app.example/",
    "http://app.example/",
    "https://app.example:8443/",
    "https:app.example/",
    "https:///app.example/",
    "https:\\\\app.example/",
    "https://app.example /",
    "https://app.example\t/",
    "https://аpp.example/",
    "ftp://app.example/",
]


def _launch_to(world: Launching, target: str) -> Outcome:
    login = world.login(target_link_uri=target)
    return world.post(login, world.token(login, put={names.TARGET_LINK_URI: target}))


@pytest.mark.parametrize("issuer", ["https://unknown.example", EVIL, "x", LMS + "\0"])
def test_a_login_of_an_unknown_issuer_does_not_redirect(gate: Launching, issuer: str) -> None:  # A15
    outcome = gate.refused_login(iss=issuer, target_link_uri=EVIL)
    assert outcome.status == 400
    assert not {"Location", "Set-Cookie", "Refresh"} & set(outcome.response.headers.keys())
    assert "evil.example" not in outcome.response.text


def test_a_login_of_an_unknown_client_does_not_redirect(gate: Launching) -> None:  # A15
    outcome = gate.refused_login(client_id="unknown")
    assert (outcome.status, outcome.code) == (400, "lti.issuer_unknown")


def test_a_known_login_goes_to_the_registered_address_only(quick_gate: Launching) -> None:  # A15
    answer = quick_gate.ask_login(
        quick_gate.platform,
        "sam",
        101,
        quick_gate.browser(),
        auth_login_url=EVIL,
        redirect_uri=EVIL,
        target_link_uri=EVIL,
    )
    sent = dict(parse_qsl(urlsplit(answer.location).query))
    assert answer.location.startswith(f"{LMS}/auth?")
    assert sent["redirect_uri"] == f"{GATE}/lti/launch"


@pytest.mark.parametrize("target", _OFF_HOST)
def test_a_target_that_is_not_ours_is_refused(quick_gate: Launching, target: str) -> None:  # A16
    outcome = _launch_to(quick_gate, target)
    assert (outcome.status, outcome.code) == (401, "lti.target_not_allowed")
    assert "Location" not in outcome.response.headers


@pytest.mark.parametrize("target", [f"{GATE}/lti/launch", f"{GATE}/anything?a=b", "http://LOCALHOST:8000/x"])
def test_a_target_at_the_gateway_means_the_landing_page(quick_gate: Launching, target: str) -> None:  # A16
    outcome = _launch_to(quick_gate, target)
    assert outcome.code == "accepted"
    assert urlsplit(outcome.response.location)[:3] == ("https", "app.example", "/login")
    assert "target_link_uri" not in outcome.response.location


@pytest.mark.parametrize("target", ["https://app.example/lesson/3", "https://app.example:443/lesson?x=1#part"])
def test_a_target_at_the_application_is_passed_on(quick_gate: Launching, target: str) -> None:  # A16
    outcome = _launch_to(quick_gate, target)
    assert dict(parse_qsl(urlsplit(outcome.response.location).query))["target_link_uri"] == target
    assert urlsplit(outcome.response.location)[:3] == ("https", "app.example", "/login")


@pytest.mark.parametrize("claimed", ["https://app.example/lesson/4", EVIL, f"{GATE}/lti/launch/"])
def test_a_target_other_than_the_logins_is_refused(quick_gate: Launching, claimed: str) -> None:  # A16
    login = quick_gate.login(target_link_uri="https://app.example/lesson/3")
    outcome = quick_gate.post(login, quick_gate.token(login, put={names.TARGET_LINK_URI: claimed}))
    assert (outcome.status, outcome.code) == (401, "lti.target_mismatch")
