"""Blackboard Learn: settings, registration, and launches whose oddities end in this room."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

from providers.blackboard.launch import read_launch
from providers.blackboard.registration import BlackboardRegistration
from providers.blackboard.settings import BlackboardSettings, endpoints
from providers.blackboard.simulator import SimulatedBlackboard, create_simulator
from providers.contract import EnrollmentRole, Launch, LtiEndpoints, OpenIdConfiguration, VerifiedClaims, read_settings
from providers.kit.simulator import SigningKey, SimulatorConfig

KEY = SigningKey.generate()
URL = "http://localhost:8000/lti/launch"
APPLICATION = "53c4573a-1ac8-4484-b036-a7b22b557e8c"
CONFIG = SimulatorConfig("http://127.0.0.1:9001", APPLICATION, "c3c37f92", URL, URL, URL)


@pytest.fixture
def blackboard() -> SimulatedBlackboard:
    return SimulatedBlackboard(CONFIG, key=KEY)


def _read(claims: dict[str, Any]) -> Launch:
    return read_launch(VerifiedClaims(claims), BlackboardSettings(client_id=APPLICATION))


def _endpoints(**values: Any) -> LtiEndpoints:
    return endpoints(read_settings(BlackboardSettings, {"client_id": APPLICATION} | values))


def _portal(issuer: str, **more: Any) -> OpenIdConfiguration:
    return OpenIdConfiguration(
        f"{issuer}/c", issuer, f"{issuer}/a", f"{issuer}/t", f"{issuer}/.well-known/jwks.json", f"{issuer}/r", **more
    )


def _request(blackboard: SimulatedBlackboard, who: str) -> dict[str, str]:
    login = blackboard.login_parameters(who)
    request = {name: login[name] for name in ("client_id", "login_hint", "lti_message_hint")}
    request |= {"nonce": "n", "prompt": "none", "response_mode": "form_post", "state": "s"}
    return request | {"response_type": "id_token", "scope": "openid", "redirect_uri": URL}


def test_application_id_is_enough() -> None:
    found = _endpoints()
    assert found.issuer == "https://blackboard.com"
    assert found.auth_login_url == "https://developer.blackboard.com/api/v1/gateway/oidcauth"
    assert found.auth_token_url == "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken"


def test_each_application_has_its_own_key_set() -> None:
    assert _endpoints().key_set_url.endswith(f"/api/v1/management/applications/{APPLICATION}/jwks.json")


def test_newer_portal_can_be_chosen() -> None:
    assert _endpoints(portal="developer.anthology.com").key_set_url.startswith("https://developer.anthology.com/api/")


def test_other_signing_algorithm_can_be_agreed() -> None:
    assert _endpoints(algorithms="RS512").algorithms == ("RS512",)


def test_what_the_portal_says_wrongly_of_itself_is_not_taken() -> None:
    portal = _portal("https://developer.blackboard.com", algorithms=("RS256", "RS512", "HS256"))
    values = BlackboardRegistration().read_registration({"client_id": APPLICATION}, portal)
    found = _endpoints(**values)
    assert (found.issuer, found.key_set_url) == (_endpoints().issuer, _endpoints().key_set_url)
    assert found.algorithms == ("RS256", "RS512")


def test_portal_under_another_name_is_taken_at_its_word() -> None:
    values = BlackboardRegistration().read_registration({"client_id": APPLICATION}, _portal("https://portal.example"))
    assert _endpoints(**values).key_set_url == "https://portal.example/.well-known/jwks.json"


def test_preview_user_has_no_role_but_the_mark(blackboard: SimulatedBlackboard) -> None:
    roles = _read(blackboard.launch_claims("preview")).roles
    assert (roles.is_test_user, roles.enrollment, roles.person) == (True, (), ())


def test_assistant_without_the_principal_role_is_an_assistant(blackboard: SimulatedBlackboard) -> None:
    assert _read(blackboard.launch_claims("ada")).roles.enrollment == (EnrollmentRole.PROCTOR,)


def test_ids_are_32_hexadecimal_digits(blackboard: SimulatedBlackboard) -> None:
    launch = _read(blackboard.launch_claims("sam"))
    assert launch.context is not None
    assert all(re.fullmatch(r"[0-9a-f]{32}", each or "") for each in (launch.subject, launch.context.id))


def test_parameters_of_its_own_come_through(blackboard: SimulatedBlackboard) -> None:
    assert "caliper_profile_url" in _read(blackboard.launch_claims("sam")).custom
    blackboard.switch(caliper=False)
    assert "caliper_profile_url" not in _read(blackboard.launch_claims("sam")).custom


@pytest.mark.parametrize("signing", ["RS256", "RS512"])
def test_tokens_are_signed_as_agreed_under_the_application_id(blackboard: SimulatedBlackboard, signing: str) -> None:
    blackboard.switch(signing=signing)
    header = blackboard.sign(blackboard.launch_claims("sam")).partition(".")[0]
    read = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    assert (read["kid"], read["alg"]) == (APPLICATION, signing)
    assert [(key["kid"], key["alg"]) for key in blackboard.key_set()["keys"]] == [(APPLICATION, signing)]


def test_rotation_keeps_the_kid(blackboard: SimulatedBlackboard) -> None:
    before = blackboard.key_set()["keys"][0]
    blackboard.rotate()
    after = blackboard.key_set()["keys"][0]
    assert (after["kid"], after["n"] == before["n"]) == (before["kid"], False)
    blackboard.switch(kid_is_client_id=False)
    assert len({key["kid"] for key in blackboard.key_set()["keys"]}) == 2


@pytest.mark.parametrize("switch", ["tool", "course", "global"])
def test_tool_that_is_switched_off_anywhere_shows_the_same_sentence(
    blackboard: SimulatedBlackboard, switch: str
) -> None:
    blackboard.switch(disabled=switch)
    assert "disabled by the System Administrator" in blackboard.authorize(_request(blackboard, "sam")).problem


def test_nobody_launches_without_a_role_in_the_course(blackboard: SimulatedBlackboard) -> None:
    assert blackboard.authorize(_request(blackboard, "boss")).to is None
    blackboard.switch(roleless_refused=False)
    assert "id_token" in blackboard.authorize(_request(blackboard, "boss")).fields


def test_login_is_a_redirect_that_offers_storage(blackboard: SimulatedBlackboard) -> None:
    client = create_simulator(CONFIG, platform=blackboard).test_client()
    answer = client.get("/courses/101/launch?as=sam")
    assert answer.status_code == 302
    assert "lti_storage_target=_parent" in answer.location
    assert "lti_deployment_id=c3c37f92" in answer.location
