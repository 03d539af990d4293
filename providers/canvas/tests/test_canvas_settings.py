"""Canvas's settings: a client ID is enough, an explicit value wins, contradictions are named."""

from __future__ import annotations

from typing import Any

import pytest

from providers.canvas.settings import CanvasSettings, endpoints
from providers.contract import LtiEndpoints, Misconfigured, read_settings


def _endpoints(**values: Any) -> LtiEndpoints:
    return endpoints(read_settings(CanvasSettings, {"client_id": "10000000000001"} | values))


def test_hosted_canvas_needs_only_a_client_id() -> None:
    found = _endpoints()
    assert found.issuer == "https://canvas.instructure.com"
    assert found.auth_login_url == "https://sso.canvaslms.com/api/lti/authorize_redirect"
    assert found.key_set_url == "https://sso.canvaslms.com/api/lti/security/jwks"
    assert found.auth_token_url == "https://sso.canvaslms.com/login/oauth2/token"


@pytest.mark.parametrize("environment", ["beta", "test"])
def test_environment_changes_issuer_and_host(environment: str) -> None:
    found = _endpoints(environment=environment)
    assert found.issuer == f"https://canvas.{environment}.instructure.com"
    assert found.key_set_url == f"https://sso.{environment}.canvaslms.com/api/lti/security/jwks"


def test_own_canvas_keeps_the_default_issuer() -> None:
    found = _endpoints(base_url="https://canvas.school.example/")
    assert found.issuer == "https://canvas.instructure.com"
    assert found.auth_login_url == "https://canvas.school.example/api/lti/authorize_redirect"


def test_explicit_settings_win() -> None:
    found = _endpoints(
        base_url="https://canvas.school.example",
        issuer="https://lti.school.example",
        auth_login_url="https://a.example/login",
        key_set_url="https://a.example/keys",
        auth_token_url="https://a.example/token",
        auth_audience="aud",
        deployment_ids="1:a,2:b",
    )
    assert (found.issuer, found.auth_audience) == ("https://lti.school.example", "aud")
    assert (found.auth_login_url, found.key_set_url) == ("https://a.example/login", "https://a.example/keys")
    assert (found.auth_token_url, found.deployment_ids) == ("https://a.example/token", ("1:a", "2:b"))


def test_test_environment_with_an_own_address_is_a_contradiction() -> None:
    with pytest.raises(Misconfigured) as refused:
        _endpoints(environment="beta", base_url="https://canvas.school.example")
    assert refused.value.code == "canvas.environment_contradiction"


def test_unknown_environment_is_named() -> None:
    with pytest.raises(Misconfigured, match="production, beta, test"):
        _endpoints(environment="staging")
