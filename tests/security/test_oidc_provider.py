"""Attacks on the OpenID provider: addresses, codes, hints, other people's clients."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from gateway.services.oidc.code_grant import CODE_LIFETIME
from gateway.store import Store
from gateway.store.tables import application_tenants, applications
from providers.contract import Refused
from tests.support.oidc_world import CALLBACK, World, a_world, an_application, returned

AT_ONCE = 8
T = TypeVar("T")


@pytest.fixture
def world(sqlite_store: Store) -> World:
    return a_world(sqlite_store)


@pytest.fixture
def both(store: Store) -> World:
    return a_world(store)


@pytest.mark.parametrize(
    "address",
    [
        f"{CALLBACK}/",
        f"{CALLBACK}/more",
        f"{CALLBACK}2",
        f"{CALLBACK}?x=1",
        f"{CALLBACK}#x",
        f"{CALLBACK}%20",
        f"{CALLBACK}/../evil",
        "https://app.example/call",
        "https://app.example/",
        "https://app.example/CALLBACK",
        "https://APP.example/callback",
        "HTTPS://app.example/callback",
        "http://app.example/callback",
        "https://app.example:443/callback",
        "https://app.example./callback",
        "https://x@app.example/callback",
        "https://app.example@evil.example/callback",
        "https://app.example.evil.example/callback",
        "https://evil.example/?https://app.example/callback",
        "https://app.example\\@evil.example/callback",
        "//app.example/callback",
        "https://*.example/callback",
        "*",
        " https://app.example/callback",
        "javascript:alert(1)",
        "https://app.example/c\u0430llback",
        "",
    ],
)
def test_only_the_registered_address_is_answered(world: World, address: str) -> None:  # G1
    hint = world.arrive(an_application())
    with pytest.raises(Refused) as caught:
        world.authorize(login_hint=hint, redirect_uri=address)
    assert caught.value.code == "oidc.redirect_uri_unknown"
    assert "code" in returned(world.authorize(login_hint=hint))


def test_a_registered_wildcard_is_a_letter_like_any_other(world: World) -> None:  # G1
    world.add(an_application("star", redirect_uris=("https://*.app.example/callback",)))
    with pytest.raises(Refused):
        world.authorize(client_id="star", redirect_uri="https://a.app.example/callback")


def test_a_code_works_once(both: World) -> None:  # G1
    code = both.code()
    assert both.exchange(code).status == 200
    assert (both.exchange(code).body or {})["error"] == "invalid_grant"


def test_a_reused_code_revokes_what_it_gave(both: World) -> None:  # G1
    code = both.code()
    token = (both.exchange(code).body or {})["access_token"]
    assert both.userinfo(token).status == 200
    both.exchange(code)
    assert both.userinfo(token).status == 401


def test_a_reused_code_leaves_other_sessions_alone(world: World) -> None:  # G1
    other = world.tokens()["access_token"]
    code = world.code()
    world.exchange(code)
    world.exchange(code)
    assert world.userinfo(other).status == 200


def test_a_code_lives_for_a_minute(both: World) -> None:  # G1
    young, old = both.code(), both.code()
    both.wait(CODE_LIFETIME.total_seconds() - 0.001)
    assert both.exchange(young).status == 200
    both.wait(0.001)
    assert (both.exchange(old).body or {})["error"] == "invalid_grant"
    assert CODE_LIFETIME.total_seconds() == 60


def test_another_clients_code_is_worth_nothing_and_is_not_used_up(both: World) -> None:  # G1
    both.add(an_application("other"))
    code = both.code()
    assert (both.exchange(code, client_id="other").body or {})["error"] == "invalid_grant"
    assert both.exchange(code).status == 200


def test_another_client_can_not_revoke_by_reuse(world: World) -> None:  # G1
    world.add(an_application("other"))
    code = world.code()
    token = (world.exchange(code).body or {})["access_token"]
    world.exchange(code, client_id="other")
    assert world.userinfo(token).status == 200


@pytest.mark.parametrize("address", [None, f"{CALLBACK}/", "https://app.example/second"])
def test_a_code_is_bound_to_the_address_it_was_sent_to(world: World, address: str | None) -> None:  # G1
    world.add(an_application("two", redirect_uris=(CALLBACK, "https://app.example/second")))
    code = world.code(client_id="two")
    answer = world.exchange(code, client_id="two", redirect_uri=address)
    assert (answer.body or {})["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("verifier", "error"),
    [(None, "invalid_request"), ("w" * 43, "invalid_grant"), ("v" * 44, "invalid_grant"), ("v", "invalid_request")],
)
def test_a_code_needs_its_verifier(world: World, verifier: str | None, error: str) -> None:  # G1
    answer = world.exchange(world.code(), code_verifier=verifier)
    assert (answer.body or {})["error"] == error


def test_the_challenge_itself_is_no_verifier(world: World) -> None:  # G1: `plain`
    code = world.code(code_challenge="v" * 43)
    assert (world.exchange(code, code_verifier="v" * 43).body or {})["error"] == "invalid_grant"


def test_a_verifier_without_a_challenge_is_refused(world: World) -> None:  # G1: PKCE downgrade, RFC 9700 4.8
    code = world.code(code_challenge=None, code_challenge_method=None)
    assert world.exchange(code).status == 400


def test_a_confidential_client_can_not_leave_its_secret_out(world: World) -> None:  # G1
    assert world.exchange(world.code(), client_secret=None).status == 401


def test_one_of_many_exchanges_at_once_wins_and_its_token_dies(both: World) -> None:  # G1
    code = both.code()
    answers = _at_once(lambda: both.exchange(code).body or {})
    won = [answer["access_token"] for answer in answers if "access_token" in answer]
    assert len(won) <= 1  # the session may end before the winner's own look at it
    assert [both.userinfo(token).status for token in won] == [401] * len(won)


def test_a_hint_works_once(both: World) -> None:  # G1
    hint = both.arrive(an_application())
    assert "code" in returned(both.authorize(login_hint=hint))
    assert returned(both.authorize(login_hint=hint))["error"] == "login_required"


def test_of_many_uses_of_a_hint_at_once_one_wins(both: World) -> None:  # G1
    hint = both.arrive(an_application())
    answers = _at_once(lambda: returned(both.authorize(login_hint=hint)))
    assert sorted(answer.get("error", "") for answer in answers) == ["", *["login_required"] * (AT_ONCE - 1)]


def test_a_hint_lives_for_a_minute(both: World) -> None:  # G1
    young, old = both.arrive(an_application()), both.arrive(an_application())
    both.wait(59.999)
    assert "code" in returned(both.authorize(login_hint=young))
    both.wait(0.001)
    assert returned(both.authorize(login_hint=old))["error"] == "login_required"


def test_a_hint_for_one_application_never_works_for_another(both: World) -> None:  # G4
    both.add(an_application("other"))
    hint = both.arrive(an_application())
    assert returned(both.authorize(client_id="other", login_hint=hint))["error"] == "login_required"
    assert "code" in returned(both.authorize(login_hint=hint))


def test_an_application_sees_only_the_tenants_granted_to_it(both: World) -> None:  # G4
    other = both.add(an_application("other", all_tenants=False))
    granted = both.add(an_application("granted", all_tenants=False, tenants=frozenset({both.tenant_id})))
    refused = both.authorize(client_id="other", login_hint=both.arrive(other))
    assert returned(refused)["error"] == "access_denied"
    assert "code" in returned(both.authorize(client_id="granted", login_hint=both.arrive(granted)))


def test_a_grant_taken_back_ends_what_it_gave(both: World) -> None:  # G4
    both.add(an_application("granted", all_tenants=False, tenants=frozenset({both.tenant_id})))
    answer = both.exchange(both.code(client_id="granted"), client_id="granted")
    token = (answer.body or {})["access_token"]
    assert both.userinfo(token).status == 200
    with both.store.statements() as connection:
        connection.execute(application_tenants.delete())
    assert both.userinfo(token).status == 401


def test_disabling_an_application_ends_what_it_had(both: World) -> None:  # A19
    token = both.tokens()["access_token"]
    with both.store.statements() as connection:
        connection.execute(applications.update().values(status="disabled"))
    assert both.userinfo(token).status == 401
    assert both.exchange("any").status in {400, 401}


def _at_once(act: Callable[[], T]) -> list[T]:
    """Do the same in several threads, each on a connection of its own, all starting together."""
    gate = Barrier(AT_ONCE)

    def one(_: int) -> T:
        gate.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))
