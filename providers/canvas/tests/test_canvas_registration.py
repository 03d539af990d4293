"""What Canvas does otherwise when it registers a tool."""

from __future__ import annotations

from typing import Any

import pytest

from providers.canvas.dynamic import read_registration, tool_registration
from providers.canvas.registration import REGISTRATION, configuration
from providers.canvas.settings import CanvasSettings, endpoints
from providers.contract import OpenIdConfiguration, Tool, read_settings
from providers.kit.lti.registration import SERVICE_SCOPES, TOOL_CONFIGURATION

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
    ]


def test_the_keys_json_asks_for_what_the_room_reads() -> None:
    document = configuration(TOOL, REGISTRATION.wants)
    assert document["custom_fields"] == dict(REGISTRATION.wants.custom)
    assert document["scopes"] == list(SERVICE_SCOPES)
    assert document["extensions"][0]["settings"]["placements"][0]["target_link_uri"] == TOOL.launch_url


@pytest.mark.parametrize(
    ("host", "own"),
    [("north.instructure.com", True), ("sso.canvaslms.com", True), ("canvas.school.example", False)],
)
def test_instructures_hosts_are_its_own(host: str, own: bool) -> None:
    assert REGISTRATION.is_own_host(host) is own
