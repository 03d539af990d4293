"""Refresh tokens: rotation, reuse, two tabs, ends."""

from __future__ import annotations

from typing import Any

from gateway.services.oidc.token import exchange
from gateway.services.oidc.wire import Answer
from gateway.store.tables import tokens, users
from tests.support.oidc_world import SECRET, World, an_application, incoming, read_id_token

OFFLINE = "openid profile offline_access"


def refresh(world: World, token: str, **changes: str | None) -> Answer:
    asked = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "app", "client_secret": SECRET}
    return exchange(world.house, incoming("POST", {**asked, **changes}))


def body(answer: Answer) -> dict[str, Any]:
    return dict(answer.body or {})


def test_a_refresh_token_comes_only_when_it_was_asked_for(world: World) -> None:
    assert "refresh_token" in world.tokens(scope=OFFLINE)
    assert "refresh_token" not in world.tokens()


def test_a_refresh_token_brings_new_tokens_of_the_same_session(both: World) -> None:
    first = both.tokens(scope=OFFLINE)
    both.wait(1800)
    answer = refresh(both, first["refresh_token"])
    assert answer.status == 200, answer
    second = body(answer)
    assert second["refresh_token"] != first["refresh_token"]
    assert both.userinfo(second["access_token"]).status == 200
    old, new = read_id_token(first["id_token"]), read_id_token(second["id_token"])
    assert [new[name] for name in ("sub", "aud", "auth_time", "sid")] == [
        old[name] for name in ("sub", "aud", "auth_time", "sid")
    ]
    assert "nonce" not in new


def test_a_refreshed_id_token_says_todays_name(world: World) -> None:
    token = world.tokens(scope=OFFLINE)["refresh_token"]
    world.change(users, world.student_id, given_name="Augusta")
    assert read_id_token(body(refresh(world, token))["id_token"])["given_name"] == "Augusta"


def test_two_tabs_that_refresh_at_once_both_go_on(both: World) -> None:  # G3
    token = both.tokens(scope=OFFLINE)["refresh_token"]
    one, other = refresh(both, token), refresh(both, token)
    both.wait(25)
    late = refresh(both, token)
    for answer in (one, other, late):
        assert both.userinfo(body(answer)["access_token"]).status == 200


def test_a_refresh_token_used_again_later_ends_the_session(both: World) -> None:  # G3
    first = both.tokens(scope=OFFLINE)
    second = body(refresh(both, first["refresh_token"]))
    both.wait(31)
    assert body(refresh(both, first["refresh_token"]))["error"] == "invalid_grant"
    assert both.userinfo(second["access_token"]).status == 401
    assert body(refresh(both, second["refresh_token"]))["error"] == "invalid_grant"


def test_another_client_can_not_use_it_nor_use_it_up(world: World) -> None:  # G4
    world.add(an_application("other"))
    token = world.tokens(scope=OFFLINE)["refresh_token"]
    assert body(refresh(world, token, client_id="other"))["error"] == "invalid_grant"
    world.wait(60)
    assert refresh(world, token).status == 200


def test_it_ends_with_the_sessions_time(world: World) -> None:
    token = world.tokens(scope=OFFLINE)["refresh_token"]
    world.wait(12 * 3600 - 60)
    later = body(refresh(world, token))
    world.wait(60)
    assert body(refresh(world, later["refresh_token"]))["error"] == "invalid_grant"


def test_it_is_worth_nothing_once_its_person_is_suspended(both: World) -> None:  # A19
    token = both.tokens(scope=OFFLINE)["refresh_token"]
    both.change(users, both.student_id, enabled_user=False)
    assert body(refresh(both, token))["error"] == "invalid_grant"


def test_less_may_be_asked_for_and_the_rest_stays(world: World) -> None:
    token = world.tokens(scope=OFFLINE)["refresh_token"]
    less = body(refresh(world, token, scope="openid"))
    assert (less["scope"], "given_name" in read_id_token(less["id_token"])) == ("openid", False)
    assert body(refresh(world, less["refresh_token"]))["scope"] == OFFLINE


def test_more_may_not_be_asked_for(world: World) -> None:
    token = world.tokens(scope=OFFLINE)["refresh_token"]
    assert body(refresh(world, token, scope="openid email"))["error"] == "invalid_scope"


def test_an_access_token_is_no_refresh_token(world: World) -> None:
    got = world.tokens(scope=OFFLINE)
    assert body(refresh(world, got["access_token"]))["error"] == "invalid_grant"
    assert world.userinfo(got["refresh_token"]).status == 401


def test_a_public_client_refreshes_without_a_secret(world: World) -> None:
    world.add(an_application("spa", secret_hash=None))
    code = world.code(client_id="spa", scope=OFFLINE)
    token = body(world.exchange(code, client_id="spa", client_secret=None))["refresh_token"]
    assert refresh(world, token, client_id="spa", client_secret=None).status == 200


def test_only_hashes_are_kept(world: World) -> None:
    got = body(refresh(world, world.tokens(scope=OFFLINE)["refresh_token"]))
    with world.store.statements() as connection:
        kept = repr(connection.execute(tokens.select()).all())
    assert got["refresh_token"] not in kept
