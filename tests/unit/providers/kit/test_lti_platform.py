"""The simulated platform answers like a real one, and can be told to send what none should."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from providers.kit.lti import claims as names
from providers.kit.simulator import PEOPLE, SigningKey, SimulatedPlatform, SimulatorConfig

KEY = SigningKey.generate()
URL = "http://localhost:8000/lti/launch"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def platform() -> SimulatedPlatform:
    config = SimulatorConfig("http://127.0.0.1:9001", "10", "1:ab", "http://localhost:8000/lti/login", URL, URL)
    return SimulatedPlatform(config, key=KEY, now=lambda: NOON)


def _part(token: str, index: int) -> Any:
    part = token.split(".")[index]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _request(platform: SimulatedPlatform, who: str = "sam", **changes: str | None) -> dict[str, str]:
    login = platform.login_parameters(who)
    request = {
        "client_id": "10",
        "login_hint": login["login_hint"],
        "lti_message_hint": login["lti_message_hint"],
        "nonce": "n-1",
        "prompt": "none",
        "redirect_uri": URL,
        "response_mode": "form_post",
        "response_type": "id_token",
        "scope": "openid",
        "state": "s-1",
    } | changes
    return {name: value for name, value in request.items() if value is not None}


def test_right_request_gets_a_token_with_its_nonce_and_state(platform: SimulatedPlatform) -> None:
    answer = platform.authorize(_request(platform))
    assert (answer.to, answer.fields["state"]) == (URL, "s-1")
    claims = _part(answer.fields["id_token"], 1)
    assert (claims["nonce"], claims["sub"], claims["aud"]) == ("n-1", "user-11", "10")
    assert (claims["iat"], claims["exp"]) == (int(NOON.timestamp()), int(NOON.timestamp()) + 300)


@pytest.mark.parametrize(
    "name",
    ["login_hint", "lti_message_hint", "nonce", "prompt", "response_mode", "response_type", "scope", "client_id"],
)
def test_request_without_a_required_parameter_is_refused(platform: SimulatedPlatform, name: str) -> None:
    gone: dict[str, str | None] = {name: None}
    answer = platform.authorize(_request(platform, "sam", **gone))
    assert answer.fields["error"] == "invalid_request"
    assert name in answer.fields["error_description"]
    assert answer.fields["state"] == "s-1"


@pytest.mark.parametrize(
    ("name", "value"), [("prompt", "login"), ("scope", "openid email"), ("response_mode", "query")]
)
def test_request_with_another_fixed_value_is_refused(platform: SimulatedPlatform, name: str, value: str) -> None:
    assert platform.authorize(_request(platform, **{name: value})).fields["error"] == "invalid_request"


@pytest.mark.parametrize("uri", ["", URL + "/", URL + "x", "http://evil.example/lti/launch", "https" + URL[4:]])
def test_unregistered_redirect_is_never_followed(platform: SimulatedPlatform, uri: str) -> None:
    answer = platform.authorize(_request(platform, redirect_uri=uri))
    assert (answer.to, dict(answer.fields)) == (None, {})


def test_redirect_may_add_a_query(platform: SimulatedPlatform) -> None:
    assert platform.authorize(_request(platform, redirect_uri=URL + "?a=1")).to == URL + "?a=1"


def test_launch_can_be_used_once(platform: SimulatedPlatform) -> None:
    request = _request(platform)
    assert "id_token" in platform.authorize(request).fields
    assert platform.authorize(request).fields["error"] == "invalid_request"


def test_another_persons_hint_is_refused(platform: SimulatedPlatform) -> None:
    assert platform.authorize(_request(platform, login_hint="hint-12")).fields["error"] == "login_required"


def test_state_comes_back_only_when_it_was_sent(platform: SimulatedPlatform) -> None:
    request = _request(platform)
    del request["state"]
    assert set(platform.authorize(request).fields) == {"id_token"}
    assert set(platform.authorize(request).fields) == {"error", "error_description"}


def test_browser_without_session_is_sent_back(platform: SimulatedPlatform) -> None:
    platform.switch(session=False)
    assert platform.authorize(_request(platform)).fields["error"] == "login_required"


def test_unknown_client_is_refused(platform: SimulatedPlatform) -> None:
    assert platform.authorize(_request(platform, client_id="11")).fields["error"] == "unauthorized_client"


def test_storage_target_comes_along_when_offered(platform: SimulatedPlatform) -> None:
    platform.switch(storage_target="_parent")
    assert platform.login_parameters("sam")["lti_storage_target"] == "_parent"
    assert platform.authorize(_request(platform)).fields["lti_storage_target"] == "_parent"


def test_login_may_leave_out_what_is_optional(platform: SimulatedPlatform) -> None:
    platform.switch(login_client_id=False, login_deployment="")
    assert not {"client_id", "lti_deployment_id"} & set(platform.login_parameters("sam"))


def test_open_launches_are_bounded(platform: SimulatedPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.kit.simulator.lti_platform._MOST_OPEN_LAUNCHES", 2)
    first = _request(platform)
    for _ in range(2):
        platform.login_parameters("sam")
    assert "error" in platform.authorize(first).fields


def test_signature_is_the_published_keys(platform: SimulatedPlatform) -> None:
    token = platform.sign({"a": 1})
    assert _part(token, 0) == {"typ": "JWT", "alg": "RS256", "kid": KEY.kid}
    message, _, signature = token.rpartition(".")
    public = KEY.private.public_key()
    octets = base64.urlsafe_b64decode(signature + "==")
    public.verify(octets, message.encode(), padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        public.verify(octets, b"other", padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("alg", ["RS512", "PS256", "HS256", "none"])
def test_wrong_algorithms_can_be_sent(platform: SimulatedPlatform, alg: str) -> None:  # A1
    token = platform.sign({"a": 1}, alg=alg)
    assert _part(token, 0)["alg"] == alg
    assert (token.rpartition(".")[2] == "") == (alg == "none")


def test_header_can_be_spoilt(platform: SimulatedPlatform) -> None:  # A2
    header = _part(platform.sign({}, header={"kid": None, "jku": "https://evil.example"}), 0)
    assert header == {"typ": "JWT", "alg": "RS256", "jku": "https://evil.example"}


def test_payload_can_be_anything(platform: SimulatedPlatform) -> None:
    assert platform.sign(b"not json").split(".")[1] == "bm90IGpzb24"


def test_claims_can_be_put_and_removed(platform: SimulatedPlatform) -> None:
    claims = platform.launch_claims("sam", put={"exp": "soon"}, remove=[names.ROLES, "nonce"])
    assert claims["exp"] == "soon"
    assert not {names.ROLES, "nonce"} & set(claims)


def test_switches_change_the_token(platform: SimulatedPlatform) -> None:
    platform.switch(clock_seconds=90, not_before=True, audience_list=True, short_roles=True, context=False)
    claims = platform.launch_claims(PEOPLE["tia"])
    assert claims["iat"] == claims["nbf"] == int(NOON.timestamp()) + 90
    assert (claims["aud"], claims[names.ROLES], names.CONTEXT in claims) == (["10"], ["Instructor"], False)


def test_unresolved_and_numeric_custom_values_can_be_sent(platform: SimulatedPlatform) -> None:
    platform.switch(unresolved_custom=True, numeric_custom=True)
    custom = platform.launch_claims("sam")[names.CUSTOM]
    assert custom == {"user_number": 11, "course_number": 101, "sis": "$Person.sourcedId"}


def test_rotation_keeps_the_old_key_for_a_while(platform: SimulatedPlatform) -> None:
    platform.rotate()
    assert [key["kid"] for key in platform.key_set()["keys"]] == [platform.key.kid, KEY.kid]
    platform.rotate(keep_old=False)
    assert [key["kid"] for key in platform.key_set()["keys"]] == [platform.key.kid]


def test_keys_can_lack_their_algorithm(platform: SimulatedPlatform) -> None:
    platform.switch(key_set_algorithms=False)
    assert "alg" not in platform.key_set()["keys"][0]
