"""Platforms without a room of their own: what Sakai and Open edX do otherwise, read by the book."""

from __future__ import annotations

from typing import Any

import pytest

from providers.contract import EnrollmentRole, Launch, Placement, Tool, VerifiedClaims, Wants, read_settings
from providers.contract.registration import DEEP_LINKING_REQUEST
from providers.kit.lti.registration import read_configuration, tool_registration
from providers.kit.simulator import SigningKey, SimulatedPlatform, SimulatorConfig
from providers.kit.simulator.lti_app import create_app
from providers.lti.launch import endpoints, read_launch
from providers.lti.settings import LtiSettings
from providers.lti.simulator import SimulatedOpenEdx, SimulatedSakai

KEY = SigningKey.generate()
HOME, GATE = "https://lms.example", "https://gate.example"
TOOL = Tool("Reader", "", GATE, "gate.example", f"{GATE}/login", f"{GATE}/launch", f"{GATE}/keys")
CONFIG = SimulatorConfig(HOME, "1", "1", TOOL.login_url, TOOL.launch_url, TOOL.launch_url)


@pytest.fixture
def sakai() -> SimulatedSakai:
    return SimulatedSakai(CONFIG, key=KEY)


@pytest.fixture
def open_edx() -> SimulatedOpenEdx:
    return SimulatedOpenEdx(CONFIG, key=KEY)


def _settings(platform: SimulatedPlatform) -> LtiSettings:
    return read_settings(LtiSettings, platform.settings())


def _read(platform: SimulatedPlatform) -> Launch:
    return read_launch(VerifiedClaims(platform.launch_claims("sam")), _settings(platform))


def _request(platform: SimulatedPlatform) -> dict[str, str]:
    login = platform.login_parameters("sam")
    request = {name: login[name] for name in ("client_id", "login_hint", "lti_message_hint")}
    request |= {"nonce": "n", "prompt": "none", "response_mode": "form_post", "state": "s"}
    return request | {"response_type": "id_token", "scope": "openid", "redirect_uri": TOOL.launch_url}


def _register(sakai: SimulatedSakai, wants: Wants, token: str) -> int:
    body: dict[str, Any] = tool_registration(TOOL, wants, read_configuration(f"{HOME}/c", sakai.desk.document()))
    return sakai.desk.register(body, f"Bearer {token}").status


@pytest.mark.parametrize("more", [True, False])
def test_sakai_sends_more_parameters_and_an_encoded_hint(sakai: SimulatedSakai, more: bool) -> None:
    sakai.switch(capability_parameters=more)
    login = sakai.login_parameters("sam")
    assert ("web_message_target" in login) is more
    assert (login["lti_storage_target"], login["lti_deployment_id"], login["iss"]) == ("_parent", "1", HOME)
    assert "%" in login["login_hint"]
    assert "id_token" in sakai.authorize(_request(sakai)).fields


@pytest.mark.parametrize("own", [True, False])
def test_claims_of_sakais_own_change_nothing(sakai: SimulatedSakai, own: bool) -> None:
    sakai.switch(post_verify=own)
    assert any("sakailms" in name for name in sakai.launch_claims("sam")) is own
    assert _read(sakai).roles.enrollment == (EnrollmentRole.STUDENT,)


def test_sakais_token_address_holds_the_tools_id(sakai: SimulatedSakai) -> None:
    found = endpoints(_settings(sakai))
    assert str(found.auth_token_url).startswith(f"{HOME}/imsblis/lti13/token/")
    assert create_app(sakai).test_client().get("/imsblis/lti13/keyset").status_code == 200


def test_sakai_unlocks_a_registration_once(sakai: SimulatedSakai) -> None:
    sakai.desk.open_registration(f"{GATE}/r")
    (token,) = sakai.desk.tokens
    second, _, unique = token.partition(":")
    assert (second.isdigit(), len(unique)) == (True, 36)
    assert [_register(sakai, Wants(), token), _register(sakai, Wants(), token)] == [201, 401]


def test_sakai_keeps_the_first_deep_linking_message_alone(sakai: SimulatedSakai) -> None:
    sakai.desk.open_registration(f"{GATE}/r")
    places = tuple(Placement(name, DEEP_LINKING_REQUEST) for name in ("ContentArea", "RichTextEditor"))
    _register(sakai, Wants(places), next(iter(sakai.desk.tokens)))
    assert [each["placements"] for each in sakai.desk.messages] == [["ContentArea"]]


def test_open_edx_has_keys_for_each_block(open_edx: SimulatedOpenEdx) -> None:
    found = endpoints(_settings(open_edx))
    assert "/public_keysets/" in found.key_set_url
    assert (found.issuer, found.auth_login_url) == (HOME, f"{HOME}/api/lti_consumer/v1/launch/")


def test_context_type_that_no_vocabulary_has_is_left_out(open_edx: SimulatedOpenEdx) -> None:
    context = _read(open_edx).context
    assert context is not None
    assert context.types == ()
    open_edx.switch(unknown_context_type=False)
    context = _read(open_edx).context
    assert context is not None
    assert len(context.types) == 1
