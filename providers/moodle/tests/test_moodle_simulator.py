"""The simulated Moodle speaks like the real one."""

from __future__ import annotations

import json

import pytest

from providers.kit.simulator import SigningKey, SimulatorConfig
from providers.moodle.simulator import SimulatedMoodle, create_simulator

KEY = SigningKey.generate()
LOGIN, LAUNCH = "http://localhost:8000/lti/login", "http://localhost:8000/lti/launch"
HOME = "https://moodle.school.example"


@pytest.fixture
def moodle() -> SimulatedMoodle:
    return SimulatedMoodle(SimulatorConfig(HOME, "1", "2", LOGIN, LAUNCH, LAUNCH), key=KEY)


def _request(moodle: SimulatedMoodle, **changes: str) -> dict[str, str]:
    login = moodle.login_parameters("sam")
    request = {name: login[name] for name in ("client_id", "login_hint", "lti_message_hint")}
    request |= {"nonce": "n", "prompt": "none", "response_mode": "form_post", "state": "s"}
    return request | {"response_type": "id_token", "scope": "openid", "redirect_uri": LAUNCH} | changes


def test_hint_is_json_and_the_user_a_number(moodle: SimulatedMoodle) -> None:
    login = moodle.login_parameters("sam")
    assert set(json.loads(login["lti_message_hint"])) == {"cmid", "launchid"}
    assert (login["login_hint"], login["lti_deployment_id"]) == ("11", "2")


def test_hint_of_newer_versions_launches_as_well(moodle: SimulatedMoodle) -> None:
    moodle.switch(hint="opaque")
    request = _request(moodle)
    assert not request["lti_message_hint"].startswith("{")
    assert "id_token" in moodle.authorize(request).fields


def test_token_is_good_for_a_minute(moodle: SimulatedMoodle) -> None:
    claims = moodle.launch_claims("sam")
    assert claims["exp"] - claims["iat"] == 60


def test_lost_cookie_is_met_by_posting_it_all_again(moodle: SimulatedMoodle) -> None:
    moodle.switch(cookie_lost=True)
    first = moodle.authorize(_request(moodle))
    assert first.to == f"{HOME}/mod/lti/auth.php"
    assert "id_token" in moodle.authorize(first.fields).fields


def test_site_behind_a_proxy_calls_itself_http(moodle: SimulatedMoodle) -> None:
    moodle.switch(plain_wwwroot=True)
    assert moodle.login_parameters("sam")["iss"] == "http://moodle.school.example"
    assert moodle.launch_claims("sam")["iss"] == moodle.settings()["issuer"] == "http://moodle.school.example"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("scope", "openid email", "invalid_scope"),
        ("response_type", "code", "unsupported_response_type"),
        ("response_mode", "query", "invalid_request"),
        ("client_id", "other", "unauthorized_client"),
        ("login_hint", "12", "access_denied"),
    ],
)
def test_faults_have_codes_of_their_own(moodle: SimulatedMoodle, name: str, value: str, code: str) -> None:
    assert moodle.authorize(_request(moodle, **{name: value})).fields["error"] == code


def test_redirect_address_is_compared_letter_by_letter(moodle: SimulatedMoodle) -> None:
    assert moodle.authorize(_request(moodle, redirect_uri=LAUNCH + "?a=b")).to is None


def test_endpoints_are_where_the_real_ones_are() -> None:
    client = create_simulator(SimulatorConfig(HOME, "1", "2", LOGIN, LAUNCH, LAUNCH)).test_client()
    assert client.get("/mod/lti/certs.php", headers={"User-Agent": "x"}).status_code == 200
    assert client.get("/mod/lti/certs.php", headers={"User-Agent": ""}).status_code == 403
    assert client.get("/mod/lti/auth.php").status_code == 400
