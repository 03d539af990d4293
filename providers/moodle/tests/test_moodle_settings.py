"""Moodle's settings and registration: an address and a client ID are enough, the issuer is the wwwroot."""

from __future__ import annotations

from typing import Any

import pytest

from providers.contract import LtiEndpoints, OpenIdConfiguration, Placement, Tool, Wants, read_settings
from providers.contract.registration import DEEP_LINKING_REQUEST
from providers.kit.lti.registration import TOOL_CONFIGURATION
from providers.moodle.registration import MoodleRegistration
from providers.moodle.settings import MoodleSettings, endpoints

ROOT = "https://school.example/moodle"
PLATFORM = OpenIdConfiguration(f"{ROOT}/c", ROOT, f"{ROOT}/mod/lti/auth.php", f"{ROOT}/t", f"{ROOT}/k", f"{ROOT}/r")
GATE = "https://gate.example"
TOOL = Tool("Reader", "", GATE, "gate.example", f"{GATE}/login", f"{GATE}/launch", f"{GATE}/keys")


def _endpoints(**values: Any) -> LtiEndpoints:
    return endpoints(read_settings(MoodleSettings, {"client_id": "xY3kQ0aBcD9eFgH"} | values))


def test_everything_follows_from_the_address() -> None:
    found = _endpoints(base_url=ROOT)
    assert (found.issuer, found.auth_login_url) == (ROOT, f"{ROOT}/mod/lti/auth.php")
    assert found.key_set_url == f"{ROOT}/mod/lti/certs.php"
    assert (found.auth_token_url, found.auth_audience) == (f"{ROOT}/mod/lti/token.php", None)


def test_issuer_has_no_slash_at_the_end() -> None:
    assert _endpoints(base_url=ROOT + "/").issuer == ROOT


@pytest.mark.parametrize("wwwroot", ["http://school.example", "https://school.example/a/b"])
def test_wwwroot_is_kept_as_the_site_writes_it(wwwroot: str) -> None:
    assert _endpoints(base_url=wwwroot).issuer == wwwroot


def test_site_behind_a_proxy_can_call_itself_otherwise() -> None:
    found = _endpoints(base_url=ROOT, issuer="http://inside.example", key_set_url="https://k.example/jwks")
    assert (found.issuer, found.key_set_url) == ("http://inside.example", "https://k.example/jwks")


def test_only_one_deep_linking_message_is_asked_for() -> None:
    places = (Placement(), *(Placement(name, DEEP_LINKING_REQUEST) for name in ("RichTextEditor", "ContentArea")))
    body = MoodleRegistration().tool_registration(TOOL, Wants(places), PLATFORM)
    asked = [message for message in body[TOOL_CONFIGURATION]["messages"] if message["type"] == DEEP_LINKING_REQUEST]
    assert [message["placements"] for message in asked] == [["ContentArea"]]


def test_answer_becomes_the_rooms_settings() -> None:
    answer = {"client_id": "abc", TOOL_CONFIGURATION: {"deployment_id": 2}}
    values = MoodleRegistration().read_registration(answer, PLATFORM)
    assert (values["base_url"], values["client_id"], values["deployment_ids"]) == (ROOT, "abc", ["2"])
