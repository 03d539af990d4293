"""The authorization endpoint: what it gives back, and to whom."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.services.oidc.authorize import authorize
from gateway.services.oidc.wire import Incoming
from gateway.store.tables import orgs, users
from providers.contract import Refused
from tests.support.oidc_world import CALLBACK, CHALLENGE, ISSUER, World, an_application, returned


def test_a_launch_gets_a_code_with_state_and_issuer(both: World) -> None:  # G2
    answer = both.authorize(login_hint=both.arrive(an_application()))
    parameters = returned(answer)
    assert answer.status == 303
    assert parameters.pop("code")
    assert parameters == {"state": "the-state", "iss": ISSUER}


def test_an_answer_is_never_stored_and_leaks_no_referrer(world: World) -> None:
    headers = dict(world.authorize(login_hint=world.arrive(an_application())).headers)
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_state_comes_back_byte_for_byte(world: World) -> None:  # G2
    state = 'a b+c&d=é"%00</script>'
    assert returned(world.authorize(login_hint=world.arrive(an_application()), state=state))["state"] == state


def test_a_query_that_the_redirect_uri_has_is_kept(world: World) -> None:
    world.add(an_application("other", redirect_uris=(f"{CALLBACK}?a=1&b",)))
    answer = world.authorize(client_id="other", redirect_uri=f"{CALLBACK}?a=1&b", login_hint="x")
    assert (answer.location or "").startswith(f"{CALLBACK}?a=1&b&error=login_required")


def test_post_works_like_get(world: World) -> None:
    hint = world.arrive(an_application())
    values = {"response_type": ["code"], "client_id": ["app"], "redirect_uri": [CALLBACK], "scope": ["openid"]}
    assert "code" in returned(authorize(world.house, Incoming("POST", {**values, "login_hint": [hint]})))


@pytest.mark.parametrize("prompt", ["none", "login", "consent", "select_account"])
def test_any_single_prompt_is_answered_by_the_launch(world: World, prompt: str) -> None:
    assert "code" in returned(world.authorize(login_hint=world.arrive(an_application()), prompt=prompt))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": 'é"'}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request": "ey"}, "request_not_supported"),
        ({"request_uri": "https://app.example/r"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"login_hint": None}, "login_required"),
        ({"login_hint": "ada@school.example"}, "login_required"),
    ],
)
def test_a_wrong_request_goes_back_with_its_error(world: World, changes: dict[str, str | None], error: str) -> None:
    hint = world.arrive(an_application())
    parameters = returned(world.authorize(**{"login_hint": hint, **changes}))
    assert (parameters["error"], parameters["state"], parameters["iss"]) == (error, "the-state", ISSUER)
    assert "code" not in parameters


def test_a_wrong_request_does_not_use_up_the_hint(world: World) -> None:
    hint = world.arrive(an_application())
    world.authorize(login_hint=hint, scope="profile")
    assert "code" in returned(world.authorize(login_hint=hint))


def test_a_repeated_parameter_goes_back_as_an_error(world: World) -> None:
    values = {"client_id": ["app"], "redirect_uri": [CALLBACK], "state": ["s"], "login_hint": ["a", "b"]}
    parameters = returned(authorize(world.house, Incoming("GET", values)))
    assert parameters["error"] == "invalid_request"
    assert "login_hint" in parameters["error_description"]


def test_a_person_without_a_hint_is_told_where_to_begin(world: World) -> None:
    assert "from your school's LMS" in returned(world.authorize())["error_description"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "oidc.client_unknown"),
        ({"client_id": ["nobody"]}, "oidc.client_unknown"),
        ({"client_id": ["app", "app"]}, "oidc.request_malformed"),
        ({"client_id": ["app"]}, "oidc.redirect_uri_unknown"),
        ({"client_id": ["app"], "redirect_uri": [CALLBACK, "https://evil.example"]}, "oidc.request_malformed"),
        ({"client_id": ["app\0"], "redirect_uri": [CALLBACK]}, "oidc.request_malformed"),
    ],
)
def test_an_unproven_client_gets_a_page_and_no_redirect(world: World, values: dict[str, list[str]], code: str) -> None:
    with pytest.raises(Refused) as caught:
        authorize(world.house, Incoming("GET", values))
    assert caught.value.code == code


def test_a_disabled_application_signs_nobody_in(world: World) -> None:  # A19
    world.add(an_application("off", status="disabled"))
    with pytest.raises(Refused, match="client_unknown"):
        world.authorize(client_id="off", login_hint="x")


def test_a_public_client_needs_pkce(world: World) -> None:  # G1
    public = world.add(an_application("spa", secret_hash=None))
    refused = world.authorize(
        client_id="spa", login_hint=world.arrive(public), code_challenge=None, code_challenge_method=None
    )
    assert returned(refused)["error"] == "invalid_request"
    assert "code" in returned(world.authorize(client_id="spa", login_hint=world.arrive(public)))


def test_a_confidential_client_may_leave_pkce_out(world: World) -> None:
    hint = world.arrive(an_application())
    answer = world.authorize(login_hint=hint, code_challenge=None, code_challenge_method=None)
    assert "code" in returned(answer)


def test_pkce_is_not_read_from_a_challenge_sent_twice(world: World) -> None:
    values = {"client_id": ["app"], "redirect_uri": [CALLBACK], "code_challenge": [CHALLENGE, CHALLENGE]}
    assert returned(authorize(world.house, Incoming("GET", values)))["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("table", "column", "value", "sentence"),
    [
        ("user", "enabled_user", False, "Your account is switched off"),
        ("user", "status", "tobedeleted", "Your account is switched off"),
        ("tenant", "suspended_at", "now", "access is paused"),
        ("tenant", "licence_ends_at", "now", "licence has ended"),
        ("school", "suspended_at", "now", "access is paused"),
        ("school", "licence_ends_at", "now", "licence has ended"),
    ],
)
def test_a_person_who_may_not_come_in_is_denied(  # A19
    both: World, table: str, column: str, value: Any, sentence: str
) -> None:
    hint = both.arrive(an_application())
    rows = {"user": (users, both.student_id), "tenant": (orgs, both.tenant_id), "school": (orgs, both.school_id)}
    both.change(*rows[table], **{column: both.time if value == "now" else value})
    parameters = returned(both.authorize(login_hint=hint))
    assert parameters["error"] == "access_denied"
    assert sentence in parameters["error_description"]
