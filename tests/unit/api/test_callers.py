"""Who gets past the guard of /api/v1: the Bearer header alone, scopes as they are granted now, keys that count."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from gateway.services.application_changes import ApplicationChanges
from gateway.services.oidc.discovery import discovery
from gateway.services.operators.keys import LONGEST
from gateway.store.applications import add_application
from gateway.store.operator_keys import list_operator_keys
from gateway.store.tables import api_answers, invites, operator_keys
from providers.contract import Misconfigured
from tests.support.calling import Calling, said
from tests.support.launching import GATE
from tests.support.oidc_world import an_application

NOBODY = (401, "api.token_invalid")


def _changes(calling: Calling) -> ApplicationChanges:
    return ApplicationChanges(calling.school.world.store, calling.school.world.clock, allow_http=True)


@pytest.mark.parametrize("secret", [None, "", "nobody", "sgk_nobody", "sgk_", "ü"])
def test_nobody_comes_in(quick: Calling, secret: str | None) -> None:
    answer = quick.call("GET", "/invites", secret)
    assert said(answer) == NOBODY
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("query", ["access_token", "key", "Authorization"])
def test_a_secret_in_the_address_or_a_form_counts_for_nothing(quick: Calling, query: str) -> None:
    key = quick.key()
    browser = quick.school.browser()
    assert said(browser.get(f"/api/v1/invites?{query}={key}", base_url=GATE)) == NOBODY
    assert said(browser.post("/api/v1/invites", data={query: key}, base_url=GATE)) == NOBODY


@pytest.mark.parametrize("kind", ["Basic", "Token", ""])
def test_another_kind_of_authorization_counts_for_nothing(quick: Calling, kind: str) -> None:
    headers = {"Authorization": f"{kind} {quick.key()}"}
    assert said(quick.school.browser().get("/api/v1/invites", headers=headers, base_url=GATE)) == NOBODY


def test_a_scope_that_was_not_granted_is_not_given_out(quick: Calling) -> None:
    quick.token(api_scopes=("invites.readonly",), scope="invites.readonly")
    assert quick.ask_token("reader", "invites")["error"] == "invalid_scope"
    assert quick.ask_token("reader", "invites invites.readonly")["scope"] == "invites.readonly"


def test_reading_is_not_writing(quick: Calling) -> None:
    for secret in (quick.token(scope="invites.readonly"), quick.key("invites.readonly")):
        answer = quick.invite(secret)
        assert said(answer) == (403, "api.scope_missing")
        assert 'scope="invites"' in answer.headers["WWW-Authenticate"]
        assert quick.call("GET", "/invites", secret).status_code == 200


def test_a_scope_taken_back_counts_for_tokens_that_are_out(calling: Calling) -> None:
    token = calling.token()
    _changes(calling).grant_scopes("reader", [], actor="test")
    assert said(calling.invite(token)) == (403, "api.scope_missing")
    assert calling.audited("application.scopes_granted") == [("test", "reader")]


def test_a_public_application_gets_no_scope(quick: Calling) -> None:
    add_application(quick.school.world.store, an_application("page", secret_hash=None), quick.school.world.clock())
    with pytest.raises(Misconfigured) as refused:
        _changes(quick).grant_scopes("page", ["invites"], actor="test")
    assert refused.value.code == "application.public"


def test_a_key_ends_with_its_time(calling: Calling) -> None:
    key = calling.key(days=1)
    calling.school.world.clock.move(hours=23)
    assert calling.invite(key).status_code == 201
    calling.school.world.clock.move(hours=1)
    assert said(calling.invite(key)) == NOBODY


def test_a_revoked_key_counts_no_more(calling: Calling) -> None:
    key = calling.key()
    (kept,) = list_operator_keys(calling.school.world.store)
    for _ in range(2):
        calling.keys.revoke(kept.id, actor="test")
    assert said(calling.invite(key)) == NOBODY
    assert calling.audited("operator_key.revoked") == [("test", kept.id)]


def test_a_keys_use_is_dated_and_audited(calling: Calling) -> None:
    key = calling.key()
    calling.invite(key)
    (kept,) = list_operator_keys(calling.school.world.store)
    assert kept.used_at == calling.school.world.clock()
    assert calling.audited("invite.added")[0][0] == f"operator_key:{kept.id}"


def test_the_key_itself_is_nowhere(calling: Calling) -> None:  # J3
    key = calling.key()
    calling.call("POST", "/invites", key, {"orgSourcedId": calling.school.org_id}, Idempotency_Key="a")
    kept = json.dumps([calling.school.world.rows(table) for table in (operator_keys, invites)], default=str)
    assert key not in kept
    assert len(key) >= 40


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "operator_key.name"),
        ({"expires_in": LONGEST * 2}, "operator_key.expiry"),
        ({"scopes": []}, "operator_key.scope_missing"),
        ({"scopes": ["everything"]}, "api.scope_unknown"),
    ],
)
def test_a_key_that_can_not_be_is_refused(quick: Calling, wrong: dict[str, object], code: str) -> None:
    good = {"name": "nightly", "scopes": ["invites"], "expires_in": LONGEST, "actor": "test"}
    with pytest.raises(Misconfigured) as refused:
        quick.keys.add(**{**good, **wrong})  # type: ignore[arg-type]
    assert refused.value.code == code


def test_the_same_call_twice_happens_once(calling: Calling) -> None:  # H9
    key = calling.key()
    body = {"orgSourcedId": calling.school.org_id}
    first, again = (calling.call("POST", "/invites", key, body, Idempotency_Key="order-7") for _ in range(2))
    assert (first.status_code, again.status_code, first.get_json()) == (201, 201, again.get_json())
    assert calling.school.world.count(invites) == 1
    assert first.get_json()["invite"]["link"] not in str(calling.school.world.rows(api_answers))


def test_two_at_the_same_moment_are_one(calling: Calling) -> None:  # H9
    key, body = calling.key(), {"orgSourcedId": calling.school.org_id}
    start = Barrier(4)

    def call(_number: int) -> str:
        start.wait()
        answer = calling.call("POST", "/invites", key, body, Idempotency_Key="order-7")
        return str(answer.get_json()["invite"]["link"])

    calling.school.browser()  # the application is made once, before the race
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(call, range(4)))) == 1
    assert calling.school.world.count(invites) == 1


def test_a_repeated_key_with_another_request_is_refused(calling: Calling) -> None:
    key = calling.key()
    calling.call("POST", "/invites", key, {"orgSourcedId": calling.school.org_id}, Idempotency_Key="order-7")
    other = {"orgSourcedId": calling.school.org_id, "provider": "lti"}
    assert said(calling.call("POST", "/invites", key, other, Idempotency_Key="order-7")) == (
        422,
        "api.idempotency_key_reused",
    )


def test_two_callers_may_use_the_same_idempotency_key(calling: Calling) -> None:
    body = {"orgSourcedId": calling.school.org_id}
    made = [
        calling.call("POST", "/invites", secret, body, Idempotency_Key="1").get_json()["invite"]["id"]
        for secret in (calling.key(), calling.token())
    ]
    assert len(set(made)) == 2


def test_a_failure_is_not_kept_and_a_day_later_neither_is_an_answer(calling: Calling) -> None:
    key = calling.key()
    nobody = {"orgSourcedId": "nobody"}
    assert said(calling.call("POST", "/invites", key, nobody, Idempotency_Key="1")) == (400, "org.unknown")
    body = {"orgSourcedId": calling.school.org_id}
    assert calling.call("POST", "/invites", key, body, Idempotency_Key="1").status_code == 201
    calling.school.world.clock.move(hours=25)
    assert calling.call("POST", "/invites", key, body, Idempotency_Key="1").status_code == 201
    assert calling.school.world.count(invites) == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "ü"])
def test_an_idempotency_key_that_is_none_is_refused(quick: Calling, key: str) -> None:
    body = {"orgSourcedId": quick.school.org_id}
    answer = quick.call("POST", "/invites", quick.key(), body, Idempotency_Key=key)
    assert said(answer) == (400, "api.idempotency_key_invalid")


def test_what_is_not_there_is_said_as_a_problem(quick: Calling) -> None:
    assert said(quick.call("GET", "/nothing", quick.key())) == (404, "http.404")
    assert said(quick.call("DELETE", "/invites", quick.key())) == (405, "http.405")


def test_discovery_names_every_scope_that_is_given_out() -> None:
    told = discovery("https://gate.example")["scopes_supported"]
    gradebook = "https://purl.imsglobal.org/spec/or/v1p2/scope/gradebook."
    assert {"openid", "invites", "invites.readonly", f"{gradebook}readonly", f"{gradebook}createput"} <= set(told)
