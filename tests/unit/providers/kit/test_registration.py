"""Dynamic registration by the book: what is asked of a platform, and what of its words is taken over."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.contract import BadData, Placement, Tool, Wants
from providers.kit.lti import registration as by_the_book
from providers.kit.lti.registration import PLATFORM_CONFIGURATION, TOOL_CONFIGURATION, read_configuration

URL = "https://lms.example/configuration"
DOCUMENT: dict[str, Any] = {
    "issuer": "https://lms.example",
    "authorization_endpoint": "https://lms.example/auth",
    "token_endpoint": "https://lms.example/token",
    "jwks_uri": "https://lms.example/keys",
    "registration_endpoint": "https://lms.example/register",
    "scopes_supported": ["openid", by_the_book.NAMES_ROLES_SCOPE],
    "id_token_signing_alg_values_supported": ["RS256", "RS512", "none", "HS256"],
    PLATFORM_CONFIGURATION: {
        "product_family_code": "plum",
        "version": "3",
        "messages_supported": [
            {"type": "LtiResourceLinkRequest"},
            {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
        ],
        "variables": ["User.id"],
    },
}
TOOL = Tool(
    name="Reader",
    description="Reads.",
    public_url="https://gate.example",
    domain="gate.example",
    login_url="https://gate.example/lti/login",
    launch_url="https://gate.example/lti/launch",
    key_set_url="https://gate.example/.well-known/jwks.json",
    icon_url="https://gate.example/icon.svg",
)
WANTS = Wants(
    placements=(Placement(), Placement("ContentArea", "LtiDeepLinkingRequest")),
    scopes=by_the_book.SERVICE_SCOPES,
    custom={"sis": "$Person.sourcedId"},
)


def _asked(**changes: Any) -> dict[str, Any]:
    return by_the_book.tool_registration(TOOL, WANTS, read_configuration(URL, {**DOCUMENT, **changes}))


def test_the_request_names_our_addresses_and_keys() -> None:
    asked = _asked()
    assert asked["redirect_uris"] == [TOOL.launch_url]
    assert asked["initiate_login_uri"] == TOOL.login_url
    assert asked["jwks_uri"] == TOOL.key_set_url
    assert asked["token_endpoint_auth_method"] == "private_key_jwt"
    assert asked[TOOL_CONFIGURATION]["domain"] == "gate.example"
    assert asked[TOOL_CONFIGURATION]["custom_parameters"] == {"sis": "$Person.sourcedId"}
    assert asked["logo_uri"] == TOOL.icon_url


def test_only_scopes_that_the_platform_offers_are_asked_for() -> None:
    assert _asked()["scope"] == by_the_book.NAMES_ROLES_SCOPE
    assert _asked(scopes_supported=None)["scope"] == ""


def test_each_message_has_its_placement() -> None:
    messages = _asked()[TOOL_CONFIGURATION]["messages"]
    assert [(each["type"], each.get("placements")) for each in messages] == [
        ("LtiResourceLinkRequest", None),
        ("LtiDeepLinkingRequest", ["ContentArea"]),
    ]


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ([{"type": "LtiResourceLinkRequest"}], ["LtiResourceLinkRequest"]),
        (["LtiResourceLinkRequest"], ["LtiResourceLinkRequest"]),
        ([], ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"]),
        ("nonsense", ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"]),
    ],
)
def test_messages_that_the_platform_does_not_know_are_left_out(told: Any, asked: list[str]) -> None:
    body = _asked(**{PLATFORM_CONFIGURATION: {"messages_supported": told}})
    assert [each["type"] for each in body[TOOL_CONFIGURATION]["messages"]] == asked


def test_the_answer_becomes_settings() -> None:
    platform = read_configuration(URL, DOCUMENT)
    answer = {"client_id": "7", TOOL_CONFIGURATION: {"deployment_id": "d-1"}}
    assert by_the_book.read_registration(answer, platform) == {
        "issuer": "https://lms.example",
        "client_id": "7",
        "auth_login_url": "https://lms.example/auth",
        "auth_token_url": "https://lms.example/token",
        "key_set_url": "https://lms.example/keys",
        "deployment_ids": ["d-1"],
        "auth_audience": None,
        "algorithms": ["RS256", "RS512"],
    }


@pytest.mark.parametrize("deployment", [None, "", "  ", "a,b", True, [], {}, "x" * 256])
def test_a_deployment_that_is_none_is_left_for_the_first_launch(deployment: Any) -> None:
    assert by_the_book.deployment_ids({TOOL_CONFIGURATION: {"deployment_id": deployment}}) == []


def test_ids_that_came_as_numbers_are_read() -> None:
    assert by_the_book.client_id({"client_id": 10000000000001}) == "10000000000001"
    assert by_the_book.deployment_ids({TOOL_CONFIGURATION: {"deployment_id": 2}}) == ["2"]


@pytest.mark.parametrize("client_id", [None, "", " ", True, [], "x" * 256])
def test_an_answer_without_a_client_id_is_refused(client_id: Any) -> None:
    with pytest.raises(BadData) as refused:
        by_the_book.client_id({"client_id": client_id})
    assert refused.value.code == "registration.answer_invalid"


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": None},
        {"jwks_uri": ""},
        {"token_endpoint": "keys"},
        {"registration_endpoint": "file:///etc/passwd"},
        {"authorization_endpoint": "https://user:pass@lms.example/auth"},
        {"authorization_endpoint": "https://lms.example/auth#part"},
        {"jwks_uri": "https://lms.example/a b"},
        {"jwks_uri": "https://[lms.example/"},
        {"jwks_uri": "https://lms.example:99999/"},
        {"jwks_uri": "https://lms.example/" + "x" * 3000},
        {"issuer": "https://lms.example/\0"},
        {"issuer": 5},
    ],
)
def test_an_address_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadData) as refused:
        read_configuration(URL, {**DOCUMENT, **wrong})
    assert refused.value.code == "registration.configuration_invalid"
    assert next(iter(wrong)) in refused.value.detail


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(DOCUMENT)), inner, max_size=4),
    max_leaves=8,
)


@given(document=_json, wrong=st.dictionaries(st.sampled_from(sorted(DOCUMENT)), _json, max_size=3))
@settings(max_examples=60)
def test_whatever_a_platform_sends_is_read_or_refused_by_name(document: Any, wrong: dict[str, Any]) -> None:
    for sent in (document, {**DOCUMENT, **wrong}):
        with suppress(BadData):
            assert read_configuration(URL, sent).issuer
