"""The Basic OP and Form Post OP plans of the OpenID Foundation, one test for each of their modules (attack G8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from providers.contract import Refused
from tests.support.oidc_plan import Plan
from tests.support.oidc_world import CALLBACK, CHALLENGE, ISSUER, an_application, read_id_token


def test_oidcc_server(plan: Plan) -> None:
    claims = plan.claims()
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ISSUER, "app", "the-nonce")
    assert claims["exp"] > claims["iat"] >= claims["auth_time"]
    assert len(claims["sub"]) <= 255


def test_oidcc_response_type_missing(plan: Plan) -> None:
    answered = plan.answered(plan.authorize(response_type=None))
    assert (answered["error"], answered["state"], answered["iss"]) == ("invalid_request", "the-state", ISSUER)


def test_oidcc_userinfo_get(plan: Plan) -> None:
    tokens = plan.tokens()
    assert plan.person(tokens["access_token"])["sub"] == read_id_token(tokens["id_token"])["sub"]


def test_oidcc_userinfo_post_header(basic: Plan) -> None:
    assert basic.person(basic.tokens()["access_token"], "POST")["sub"]


def test_oidcc_userinfo_post_body(basic: Plan) -> None:
    assert basic.person(basic.tokens()["access_token"], "POST", in_body=True)["sub"]


def test_oidcc_ensure_request_without_nonce_succeeds(plan: Plan) -> None:
    assert "nonce" not in plan.claims(nonce=None)


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [
        ("openid profile", {"name", "given_name", "family_name"}),
        ("openid email", {"email", "email_verified"}),
        ("openid address", set()),
        ("openid phone", set()),
        ("openid profile email address phone", {"name", "given_name", "family_name", "email", "email_verified"}),
        ("email openid", {"email", "email_verified"}),  # oidcc-ensure-other-scope-order-succeeds
    ],
)
def test_oidcc_scope(plan: Plan, scope: str, wanted: set[str]) -> None:
    person = plan.person(plan.tokens(scope=scope)["access_token"])
    assert {*person} & {"name", "given_name", "family_name", "email", "email_verified"} == wanted


@pytest.mark.parametrize(
    "asked",
    [
        {"display": "page"},  # oidcc-display-page
        {"display": "popup"},  # oidcc-display-popup
        {"prompt": "login"},  # oidcc-prompt-login
        {"extra": "foobar"},  # oidcc-ensure-request-with-unknown-parameter-succeeds
        {"ui_locales": "se"},  # oidcc-ui-locales
        {"claims_locales": "se"},  # oidcc-claims-locales
        {"acr_values": "1 2"},  # oidcc-ensure-request-with-acr-values-succeeds
        {"claims": '{"userinfo": {"name": {"essential": true}}}'},  # oidcc-claims-essential
    ],
)
def test_oidcc_requests_that_succeed(plan: Plan, asked: dict[str, str]) -> None:
    assert plan.code(**asked)


def test_oidcc_prompt_none_not_logged_in(plan: Plan) -> None:
    assert plan.answered(plan.authorize(prompt="none", login_hint=None))["error"] == "login_required"


def test_oidcc_prompt_none_logged_in(plan: Plan) -> None:
    first = plan.claims()
    second = plan.claims(prompt="none", id_token_hint=plan.tokens()["id_token"])
    assert (first["sub"], first["auth_time"]) == (second["sub"], second["auth_time"])


@pytest.mark.parametrize("max_age", ["1", "10000"])
def test_oidcc_max_age(plan: Plan, max_age: str) -> None:
    claims = plan.claims(max_age=max_age)
    assert 0 <= plan.world.time.timestamp() - claims["auth_time"] <= int(max_age)


def test_oidcc_id_token_hint(plan: Plan) -> None:
    hint = plan.tokens()["id_token"]
    assert plan.claims(id_token_hint=hint)["sub"] == read_id_token(hint)["sub"]


def test_oidcc_codereuse(plan: Plan) -> None:  # G1
    code = plan.code()
    tokens: Any = plan.world.exchange(code).body
    again = plan.world.exchange(code)
    assert (again.status, (again.body or {})["error"]) == (400, "invalid_grant")
    assert plan.world.userinfo(tokens["access_token"]).status == 401


def test_oidcc_codereuse_30seconds(plan: Plan) -> None:  # G1
    code = plan.code()
    plan.world.exchange(code)
    plan.world.time += timedelta(seconds=30)
    assert plan.world.exchange(code).status == 400


def test_oidcc_ensure_registered_redirect_uri(basic: Plan) -> None:  # G1
    for address in (f"{CALLBACK}?foo=bar", f"{CALLBACK}/", f"{CALLBACK}x", CALLBACK.upper()):
        with pytest.raises(Refused):
            basic.authorize(redirect_uri=address)


def test_oidcc_server_client_secret_post(plan: Plan) -> None:
    assert plan.world.exchange(plan.code()).status == 200


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("request_uri", "request_uri_not_supported"),  # oidcc-request-uri-unsigned-supported-correctly-or-rejected…
        ("request", "request_not_supported"),  # oidcc-unsigned-request-object-supported-correctly-or-rejected…
        ("registration", "registration_not_supported"),
    ],
)
def test_oidcc_what_is_not_supported_is_refused(plan: Plan, name: str, error: str) -> None:
    assert plan.answered(plan.authorize(**{name: "https://app.example/r"}))["error"] == error


def test_oidcc_refresh_token(plan: Plan) -> None:  # G3
    first = plan.tokens(scope="openid offline_access")
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second: Any = plan.world.exchange("", code=None, redirect_uri=None, code_verifier=None, **form).body
    old, new = read_id_token(first["id_token"]), read_id_token(second["id_token"])
    assert (old["iss"], old["sub"], old["aud"]) == (new["iss"], new["sub"], new["aud"])
    assert second["refresh_token"] != first["refresh_token"]


def test_oidcc_ensure_request_with_valid_pkce_succeeds(plan: Plan) -> None:
    assert plan.code(code_challenge=CHALLENGE, code_challenge_method="S256")


def test_a_code_is_bound_to_its_client(plan: Plan) -> None:  # G1
    plan.world.add(an_application("other"))
    assert plan.world.exchange(plan.code(), client_id="other").status == 400
