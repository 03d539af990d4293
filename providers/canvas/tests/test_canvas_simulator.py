"""The simulated Canvas speaks like the real one."""

from __future__ import annotations

import re

import pytest

from providers.canvas.simulator import SimulatedCanvas, create_simulator
from providers.kit.lti import claims as names
from providers.kit.simulator import SigningKey, SimulatorConfig

KEY = SigningKey.generate()
LOGIN, LAUNCH = "http://localhost:8000/lti/login", "http://localhost:8000/lti/launch"
HOME = "http://127.0.0.1:9001"


@pytest.fixture
def canvas() -> SimulatedCanvas:
    return SimulatedCanvas(SimulatorConfig(HOME, "1", "1:ab", LOGIN, LAUNCH, LAUNCH), key=KEY)


def _request(canvas: SimulatedCanvas) -> dict[str, str]:
    login = canvas.login_parameters("sam")
    request = {name: login[name] for name in ("client_id", "login_hint", "lti_message_hint")}
    request |= {"nonce": "n", "prompt": "none", "response_mode": "form_post", "state": "s"}
    return request | {"response_type": "id_token", "scope": "openid", "redirect_uri": LAUNCH}


def test_login_carries_its_own_parameters(canvas: SimulatedCanvas) -> None:
    login = canvas.login_parameters("sam")
    assert (login["deployment_id"], login["lti_storage_target"]) == ("1:ab", "post_message_forwarding")
    assert (login["canvas_region"], login["canvas_environment"]) == ("us-east-1", "production")
    assert "lti_deployment_id" not in login


def test_ids_are_opaque(canvas: SimulatedCanvas) -> None:
    claims = canvas.launch_claims("sam")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", claims["sub"])
    assert re.fullmatch(r"[0-9a-f]{40}", claims[names.CONTEXT]["id"])
    assert claims["exp"] - claims["iat"] == 3600


def test_same_person_keeps_the_id(canvas: SimulatedCanvas) -> None:
    assert canvas.launch_claims("sam", 101)["sub"] == canvas.launch_claims("sam", 102)["sub"]


def test_second_use_is_a_launch_no_longer_valid(canvas: SimulatedCanvas) -> None:
    request = _request(canvas)
    assert "id_token" in canvas.authorize(request).fields
    assert canvas.authorize(request).fields["error"] == "launch_no_longer_valid"


def test_incomplete_request_is_an_invalid_request_object(canvas: SimulatedCanvas) -> None:
    request = _request(canvas)
    del request["lti_message_hint"]
    assert canvas.authorize(request).fields["error"] == "invalid_request_object"


def test_extra_roles_and_leftovers_can_be_switched_off(canvas: SimulatedCanvas) -> None:
    canvas.switch(institution_roles=False, leftovers=False)
    claims = canvas.launch_claims("sam")
    assert claims[names.ROLES] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    assert "errors" not in claims[names.CONTEXT]


def test_endpoints_are_where_the_real_ones_are() -> None:
    app = create_simulator(SimulatorConfig(HOME, "1", "1:ab", LOGIN, LAUNCH, LAUNCH))
    client = app.test_client()
    assert client.get("/api/lti/security/jwks").status_code == 200
    assert client.get("/api/lti/authorize_redirect").status_code == 400
    assert "Simulated Canvas" in client.get("/").text
