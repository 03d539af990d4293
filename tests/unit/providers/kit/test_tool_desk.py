"""A simulated platform registers a tool by the book, and says no in every way that its switches name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from providers.contract import Placement, Tool, Wants
from providers.kit.lti import registration as by_the_book
from providers.kit.lti.registration import TOOL_CONFIGURATION, read_configuration
from providers.kit.simulator import SigningKey, SimulatedPlatform, Switches
from providers.kit.simulator.lti_app import create_app
from tests.support.launching import a_config, platform_key

GATE = "https://gate.example"
TOOL = Tool("Reader", "Reads.", GATE, "gate.example", f"{GATE}/lti/login", f"{GATE}/lti/launch", f"{GATE}/jwks")
WANTS = Wants((Placement(),), by_the_book.SERVICE_SCOPES, {"sis": "$Person.sourcedId"})


def _platform(**switches: Any) -> SimulatedPlatform:
    key: SigningKey = platform_key(0)
    return SimulatedPlatform(a_config(), switches=Switches(**switches), key=key)


def _token(platform: SimulatedPlatform) -> str:
    opened = platform.desk.open_registration(f"{GATE}/lti/register/x")
    return parse_qs(urlsplit(opened).query).get("registration_token", [""])[0]


def _body(platform: SimulatedPlatform, **changes: Any) -> dict[str, Any]:
    configuration = read_configuration("https://lms.example/c", platform.desk.document())
    return {**by_the_book.tool_registration(TOOL, WANTS, configuration), **changes}


def _register(platform: SimulatedPlatform, token: str, **changes: Any) -> int:
    authorization = f"Bearer {token}" if token else ""
    return platform.desk.register(_body(platform, **changes), authorization).status


def test_a_registered_tool_is_off_until_it_is_enabled() -> None:
    platform = _platform()
    assert _register(platform, _token(platform)) == 201
    assert (platform.desk.state, platform.config.tool_login_url) == ("off", TOOL.login_url)
    page = create_app(platform).test_client()
    assert page.get("/courses/101/launch?as=tia").status_code == 403
    page.post("/admin/enable")
    assert page.get("/courses/101/launch?as=tia").status_code == 200


def test_a_token_is_good_once() -> None:
    platform = _platform()
    token = _token(platform)
    assert [_register(platform, token), _register(platform, token), _register(platform, "other")] == [201, 401, 401]


def test_a_platform_without_tokens_refuses_one() -> None:
    platform = _platform(registration_token=False)
    assert _token(platform) == ""
    assert (_register(platform, "any"), _register(platform, "")) == (401, 201)


@pytest.mark.parametrize(("guarded", "status"), [(True, 401), (False, 200)])
def test_the_configuration_may_ask_for_the_token(guarded: bool, status: int) -> None:
    platform = _platform(configuration_guarded=guarded)
    page = create_app(platform).test_client()
    assert page.get(platform.desk.configuration_path).status_code == status
    token = {"Authorization": f"Bearer {_token(platform)}"}
    assert page.get(platform.desk.configuration_path, headers=token).get_json() == platform.desk.document()


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_name": ""},
        {"scope": "https://example.org/other"},
        {TOOL_CONFIGURATION: {"domain": "other.example", "target_link_uri": TOOL.launch_url}},
        {TOOL_CONFIGURATION: {}},
    ],
)
def test_a_registration_with_a_fault_is_refused_and_the_token_kept(wrong: dict[str, Any]) -> None:
    platform = _platform()
    token = _token(platform)
    assert _register(platform, token, **wrong) == 400
    assert platform.desk.register("text", f"Bearer {token}").status == 400
    assert _register(platform, token) == 201


def test_a_refusal_may_be_any_text() -> None:
    platform = _platform(registration_refusal="no", registration_refusal_status=422)
    page = create_app(platform).test_client().post(platform.desk.registration_path, json={})
    assert (page.status_code, page.text) == (422, "no")


@pytest.mark.parametrize(("told", "deployment"), [(True, "deployment-1"), (False, None)])
def test_the_deployment_may_come_with_the_answer(told: bool, deployment: str | None) -> None:
    platform = _platform(registration_deployment=told, registration_pending=False)
    answer = platform.desk.register(_body(platform), f"Bearer {_token(platform)}")
    assert answer.body[TOOL_CONFIGURATION].get("deployment_id") == deployment
    assert platform.desk.state == "on"


def test_a_tool_typed_in_shows_what_must_be_copied() -> None:
    platform = _platform()
    page = create_app(platform).test_client()
    assert "Off until" not in page.get("/admin").text
    values = {"name": "Reader", "login_url": TOOL.login_url, "launch_url": TOOL.launch_url, "key_set_url": "k"}
    page.post("/admin/add", data=values)
    assert platform.desk.shows()["client_id"] == platform.config.client_id
    assert all(value in page.get("/admin").text for value in platform.desk.shows().values())


def test_without_dynamic_registration_there_is_no_field_for_it() -> None:
    page = create_app(_platform(registration=False)).test_client()
    assert 'data-do="register"' not in page.get("/admin").text
    assert page.post("/admin/register", data={"address": "https://a"}).status_code == 404


def test_the_page_opens_the_tools_address_with_ours_behind_it() -> None:
    page = create_app(_platform()).test_client().post("/admin/register", data={"address": f"{GATE}/r?a=b"}).text
    assert f"{GATE}/r?a=b&amp;openid_configuration=" in page


def test_a_platform_alone_has_no_tool() -> None:
    platform = _platform()
    platform.desk.enable()
    assert platform.desk.state == "none"
    assert replace(platform.config) == a_config()
