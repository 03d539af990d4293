"""What Canvas does otherwise when it registers a tool."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from providers.canvas.dynamic import read_registration, tool_registration
from providers.canvas.registration import REGISTRATION, configuration
from providers.canvas.settings import CanvasSettings, endpoints
from providers.canvas.simulator import SimulatedCanvas, create_simulator
from providers.contract import OpenIdConfiguration, Tool, read_settings
from providers.kit.lti.registration import NOTICE_SCOPE, SERVICE_SCOPES, TOOL_CONFIGURATION, read_configuration
from providers.kit.simulator import SimulatorConfig

GATE = "https://gate.example"
TOOL = Tool("Reader", "Reads.", GATE, "gate.example", f"{GATE}/lti/login", f"{GATE}/lti/launch", f"{GATE}/jwks")


def _platform(issuer: str, host: str, **changes: Any) -> OpenIdConfiguration:
    return OpenIdConfiguration(
        url=f"{host}/api/lti/security/openid-configuration",
        issuer=issuer,
        authorization_endpoint=f"{host}/api/lti/authorize_redirect",
        token_endpoint=f"{host}/login/oauth2/token",
        jwks_uri=f"{host}/api/lti/security/jwks",
        registration_endpoint=f"{host}/api/lti/registrations",
        scopes=SERVICE_SCOPES,
        **changes,
    )


HOSTED = _platform("https://canvas.instructure.com", "https://sso.canvaslms.com")


@pytest.mark.parametrize(
    ("issuer", "host", "environment"),
    [
        ("https://canvas.instructure.com", "https://sso.canvaslms.com", "production"),
        ("https://canvas.beta.instructure.com", "https://sso.beta.canvaslms.com", "beta"),
        ("https://canvas.test.instructure.com", "https://sso.test.canvaslms.com", "test"),
    ],
)
def test_a_hosted_canvas_is_known_by_its_environment(issuer: str, host: str, environment: str) -> None:
    values = read_registration({"client_id": "1"}, _platform(issuer, host))
    assert values == {"client_id": "1", "environment": environment, "deployment_ids": []}


def test_a_canvas_of_ones_own_keeps_its_own_endpoints() -> None:
    platform = _platform("https://canvas.instructure.com", "https://canvas.school.example")
    settings = read_settings(CanvasSettings, read_registration({"client_id": "1"}, platform))
    found = endpoints(settings)
    assert found.issuer == "https://canvas.instructure.com"
    assert found.key_set_url == platform.jwks_uri
    assert found.auth_login_url == platform.authorization_endpoint


def test_another_token_audience_is_kept() -> None:
    platform = _platform("https://canvas.instructure.com", "https://sso.canvaslms.com", token_audience="https://other")
    assert read_registration({"client_id": "1"}, platform)["auth_audience"] == "https://other"


def test_names_are_asked_for_and_the_course_navigation_is_on() -> None:
    body = tool_registration(TOOL, REGISTRATION.wants, HOSTED)[TOOL_CONFIGURATION]
    assert body["https://canvas.instructure.com/lti/privacy_level"] == "public"
    switched = "https://canvas.instructure.com/lti/course_navigation/default_enabled"
    assert [(each["placements"], each.get(switched)) for each in body["messages"]] == [
        (["course_navigation"], True),
        (["link_selection"], None),
        (["assignment_selection"], None),
    ]


def test_the_keys_json_asks_for_what_the_room_reads() -> None:
    document = configuration(TOOL, REGISTRATION.wants)
    assert document["custom_fields"] == dict(REGISTRATION.wants.custom)
    assert document["scopes"] == [*SERVICE_SCOPES, NOTICE_SCOPE]
    assert document["extensions"][0]["settings"]["placements"][0]["target_link_uri"] == TOOL.launch_url


@pytest.mark.parametrize(
    ("host", "own"),
    [("north.instructure.com", True), ("sso.canvaslms.com", True), ("canvas.school.example", False)],
)
def test_instructures_hosts_are_its_own(host: str, own: bool) -> None:
    assert REGISTRATION.is_own_host(host) is own


CONFIG = SimulatorConfig("http://127.0.0.1:9001", "1", "1:2", *[f"{GATE}/lti"] * 3)


@pytest.fixture(scope="module")
def canvas() -> SimulatedCanvas:
    return SimulatedCanvas(CONFIG)


def _asked(canvas: SimulatedCanvas, **changes: Any) -> Any:
    platform = read_configuration("http://127.0.0.1:9001/x", canvas.desk.document())
    authorization = f"Bearer {_token(canvas)}"
    return canvas.desk.register({**tool_registration(TOOL, REGISTRATION.wants, platform), **changes}, authorization)


def _token(canvas: SimulatedCanvas) -> str:
    opened = canvas.desk.open_registration(f"{GATE}/r")
    return parse_qs(urlsplit(opened).query)["registration_token"][0]


def test_canvas_takes_our_registration_and_brings_no_deployment(canvas: SimulatedCanvas) -> None:
    reply = _asked(canvas)
    assert reply.status == 200
    platform = read_configuration("http://127.0.0.1:9001/x", canvas.desk.document())
    values = read_registration(reply.body, platform)
    assert endpoints(read_settings(CanvasSettings, values)).client_id == canvas.config.client_id
    assert values["deployment_ids"] == []


def test_canvas_refuses_what_it_does_not_know_with_422(canvas: SimulatedCanvas) -> None:
    reply = _asked(canvas, grant_types=["implicit"])
    assert (reply.status, reply.body["errors"][0]["message"]) == (422, "grant_types is invalid")


def test_a_key_is_made_of_the_pasted_json(canvas: SimulatedCanvas) -> None:
    text = json.dumps(configuration(TOOL, REGISTRATION.wants))
    canvas.desk.add({"name": "Reader", "launch_url": TOOL.launch_url, "configuration": text})
    assert canvas.config.tool_login_url == TOOL.login_url
    assert canvas.desk.tool is not None
    assert canvas.desk.tool.scopes == (*SERVICE_SCOPES, NOTICE_SCOPE)


def _start(canvas: SimulatedCanvas) -> str:
    canvas.desk.enable()
    course = create_simulator(canvas.config, platform=canvas).test_client()
    return course.get("/courses/101/launch?as=sam").location.partition("?")[0]


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "not_configured"])
def test_our_key_begins_logins_at_one_address_from_every_region(canvas: SimulatedCanvas, region: str) -> None:
    canvas.switch(regional_login=True, region=region, login_method="GET")
    key = configuration(TOOL, REGISTRATION.wants)
    canvas.desk.add({"name": "Reader", "launch_url": TOOL.launch_url, "configuration": json.dumps(key)})
    assert _start(canvas) == TOOL.login_url
    regional = key | {"oidc_initiation_urls": {"eu-west-1": "https://eu.gate.example/lti/login"}}
    canvas.desk.add({"name": "Reader", "launch_url": TOOL.launch_url, "configuration": json.dumps(regional)})
    there = region == "eu-west-1"
    assert _start(canvas) == ("https://eu.gate.example/lti/login" if there else TOOL.login_url)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (["https://canvas.instructure.com/lti/course_navigation"], "course_navigation"),
        (["course_navigation"], "course_navigation"),
        (["ContentArea"], "link_selection"),
        (["RichTextEditor"], "editor_button"),
        ([], "link_selection"),
    ],
)
def test_a_placement_is_known_by_any_of_its_names(asked: list[str], shown: str) -> None:
    canvas = SimulatedCanvas(SimulatorConfig(GATE, "1", "1:a", "", "", ""))
    token = parse_qs(urlsplit(canvas.desk.open_registration(GATE)).query)["registration_token"][0]
    body = tool_registration(TOOL, REGISTRATION.wants, HOSTED)
    body[TOOL_CONFIGURATION]["messages"] = [{"type": "LtiResourceLinkRequest", "placements": asked}]
    assert canvas.desk.register(body, f"Bearer {token}").status == 200
    assert canvas.desk.placements == [shown]
