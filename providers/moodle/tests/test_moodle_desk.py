"""The simulated Moodle registers tools like the real one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from providers.contract import Tool
from providers.kit.lti.registration import TOOL_CONFIGURATION, read_configuration
from providers.kit.simulator import SigningKey, SimulatorConfig
from providers.kit.simulator.lti_app import create_app
from providers.moodle.registration import REGISTRATION, MoodleRegistration
from providers.moodle.simulator import SimulatedMoodle

KEY = SigningKey.generate()
HOME, GATE = "https://moodle.school.example", "https://gate.example"
TOOL = Tool("Reader", "", GATE, "gate.example", f"{GATE}/login", f"{GATE}/launch", f"{GATE}/keys")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def moodle() -> SimulatedMoodle:
    config = SimulatorConfig(HOME, "1", "2", "", "", "")
    return SimulatedMoodle(config, key=KEY, now=lambda: NOON)


def _token(moodle: SimulatedMoodle) -> str:
    opened = moodle.desk.open_registration(f"{GATE}/register/x")
    return f"Bearer {parse_qs(urlsplit(opened).query)['registration_token'][0]}"


def _body(moodle: SimulatedMoodle) -> dict[str, Any]:
    configuration = read_configuration(f"{HOME}/c", moodle.desk.document())
    return MoodleRegistration().tool_registration(TOOL, REGISTRATION.wants, configuration)


def test_tool_is_pending_until_it_is_activated(moodle: SimulatedMoodle) -> None:
    reply = moodle.desk.register(_body(moodle), _token(moodle))
    assert (reply.status, moodle.desk.state) == (201, "off")
    assert "Activate" in create_app(moodle).test_client().get("/admin").text


def test_answer_brings_the_deployment_and_the_promised_client_id(moodle: SimulatedMoodle) -> None:
    answer = moodle.desk.register(_body(moodle), _token(moodle)).body
    assert answer[TOOL_CONFIGURATION]["deployment_id"] == "2"
    assert len(answer["client_id"]) == 15
    assert answer["client_id"] == moodle.config.client_id


@pytest.mark.parametrize("update", [True, False])
def test_registering_again_updates_the_tool_under_its_own_client_id(moodle: SimulatedMoodle, update: bool) -> None:
    moodle.switch(registration_update=update)
    first = moodle.desk.register(_body(moodle), _token(moodle)).body["client_id"]
    moodle.desk.enable()
    renamed = {**_body(moodle), "client_name": "Reader 2"}
    again = moodle.desk.register(renamed, _token(moodle)).body["client_id"]
    assert ((again == first), moodle.desk.state) == ((True, "on") if update else (False, "off"))
    assert moodle.desk.tool is not None
    assert moodle.desk.tool.name == "Reader 2"


def test_token_ends_after_an_hour(moodle: SimulatedMoodle) -> None:
    token = _token(moodle)
    moodle.now = lambda: NOON + timedelta(minutes=61)
    assert moodle.desk.register(_body(moodle), token).status == 401


def test_proxy_that_drops_the_authorization_header_ends_in_401(moodle: SimulatedMoodle) -> None:
    moodle.switch(authorization_stripped=True)
    assert moodle.desk.configuration(_token(moodle)).status == 200
    assert moodle.desk.register(_body(moodle), _token(moodle)).status == 401


def test_refusal_is_plain_text(moodle: SimulatedMoodle) -> None:
    body = _body(moodle)
    body[TOOL_CONFIGURATION]["domain"] = "other.example"
    reply = moodle.desk.register(body, _token(moodle))
    assert (reply.status, reply.body) == (400, "domain_targetlinkuri_mismatch")


def test_only_the_last_deep_linking_message_is_kept(moodle: SimulatedMoodle) -> None:
    body = _body(moodle)
    body[TOOL_CONFIGURATION]["messages"].append({"type": "LtiDeepLinkingRequest", "label": "last"})
    moodle.desk.register(body, _token(moodle))
    kept = [each for each in moodle.desk.messages if each["type"] == "LtiDeepLinkingRequest"]
    assert [each["label"] for each in kept] == ["last"]


def test_site_behind_a_proxy_registers_under_its_wwwroot(moodle: SimulatedMoodle) -> None:
    moodle.switch(plain_wwwroot=True)
    configuration = read_configuration(f"{HOME}/c", moodle.desk.document())
    values = MoodleRegistration().read_registration({"client_id": "x"}, configuration)
    assert values["issuer"] == "http://moodle.school.example"


def test_tool_typed_in_shows_what_moodle_calls_it(moodle: SimulatedMoodle) -> None:
    values = {"name": "Reader", "login_url": TOOL.login_url, "launch_url": TOOL.launch_url, "key_set_url": "k"}
    page = create_app(moodle).test_client()
    page.post("/admin/add", data=values)
    text = page.get("/admin").text
    assert all(word in text for word in ("Platform ID", "Client ID", "Deployment ID", HOME))
