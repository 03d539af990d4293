"""Being connected: the guide fits the room, and every way ends in settings that the room itself can read."""

from __future__ import annotations

import json

import pytest

import providers
from providers.contract import OpenIdConfiguration, Provider, Registration, Tool, declared, read_settings
from providers.kit.guide_check import guide_faults
from providers.kit.lti.registration import SERVICE_SCOPES, TOOL_CONFIGURATION
from providers.kit.room_files import read_guide

TOOL = Tool(
    name="Reader",
    description="Reads.",
    public_url="https://gate.example",
    domain="gate.example",
    login_url="https://gate.example/lti/login",
    launch_url="https://gate.example/lti/launch",
    key_set_url="https://gate.example/.well-known/jwks.json",
)
PLATFORM = OpenIdConfiguration(
    url="https://lms.example/configuration",
    issuer="https://lms.example",
    authorization_endpoint="https://lms.example/auth",
    token_endpoint="https://lms.example/token",
    jwks_uri="https://lms.example/keys",
    registration_endpoint="https://lms.example/register",
    scopes=SERVICE_SCOPES,
)


@pytest.fixture(params=sorted(key for key, room in providers.rooms().items() if room.registration))
def connectable(request: pytest.FixtureRequest) -> tuple[Provider, Registration]:
    plate = providers.room(request.param)
    assert plate.registration is not None
    return plate, plate.registration


def test_every_room_with_launches_can_be_connected() -> None:
    assert [key for key, room in providers.rooms().items() if room.launch and not room.registration] == []


def test_the_guide_fits_the_room(connectable: tuple[Provider, Registration]) -> None:
    plate, _ = connectable
    assert list(guide_faults(plate, read_guide(plate.key))) == []


def test_the_page_asks_for_every_setting_that_must_be_filled_in(connectable: tuple[Provider, Registration]) -> None:
    plate, registration = connectable
    if "manual" in registration.ways:
        assert {field.name for field in declared(plate.settings) if field.required} <= {
            *registration.asks,
            *registration.borrows,
        }


def test_dynamic_registration_ends_in_the_rooms_own_settings(connectable: tuple[Provider, Registration]) -> None:
    plate, registration = connectable
    if registration.dynamic is None or plate.launch is None:
        return
    answer = {"client_id": "42", TOOL_CONFIGURATION: {"deployment_id": "d-1"}}
    values = registration.dynamic.read_registration(answer, PLATFORM)
    endpoints = plate.launch.endpoints(read_settings(plate.settings, values))
    assert (endpoints.client_id, endpoints.deployment_ids) == ("42", ("d-1",))
    assert endpoints.key_set_url == PLATFORM.jwks_uri
    assert endpoints.auth_login_url == PLATFORM.authorization_endpoint
    assert endpoints.auth_token_url == PLATFORM.token_endpoint


def test_dynamic_registration_asks_for_what_the_room_wants(connectable: tuple[Provider, Registration]) -> None:
    _, registration = connectable
    if registration.dynamic is None:
        return
    body = registration.dynamic.tool_registration(TOOL, registration.wants, PLATFORM)
    assert body["redirect_uris"] == [TOOL.launch_url]
    assert set(body["scope"].split()) <= set(SERVICE_SCOPES)
    assert body[TOOL_CONFIGURATION]["custom_parameters"] == dict(registration.wants.custom)
    assert body[TOOL_CONFIGURATION]["domain"] == TOOL.domain


def test_the_configuration_document_is_json_that_names_our_addresses(
    connectable: tuple[Provider, Registration],
) -> None:
    _, registration = connectable
    if registration.configuration is None:
        return
    text = json.dumps(registration.configuration(TOOL, registration.wants))
    assert all(address in text for address in (TOOL.login_url, TOOL.launch_url, TOOL.key_set_url))


def test_custom_parameters_are_in_lower_case(connectable: tuple[Provider, Registration]) -> None:
    """One platform lowers the names that it sends back, so no room may rely on capitals."""
    _, registration = connectable
    assert all(name == name.lower() for name in registration.wants.custom)
