"""Revocation and introspection: what a client may do with the tokens it holds."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.services.oidc.token_care import introspect, revoke
from gateway.services.oidc.wire import Answer
from gateway.store.tables import orgs
from tests.support.oidc_world import ISSUER, SECRET, World, an_application, incoming

OFFLINE = "openid offline_access"


def _ask(world: World, endpoint: Any, token: str, /, **changes: str | None) -> Answer:
    asked: dict[str, str | None] = {"token": token, "client_id": "app", "client_secret": SECRET}
    answer: Answer = endpoint(world.house, incoming("POST", {**asked, **changes}))
    return answer


def active(world: World, token: str, **changes: str | None) -> bool:
    return bool((_ask(world, introspect, token, **changes).body or {})["active"])


def test_a_revoked_access_token_is_dead_and_its_session_lives(both: World) -> None:
    got = both.tokens(scope=OFFLINE)
    assert _ask(both, revoke, got["access_token"], token_type_hint="access_token").status == 200
    assert both.userinfo(got["access_token"]).status == 401
    assert active(both, got["refresh_token"])


def test_a_revoked_refresh_token_ends_everything(both: World) -> None:
    got = both.tokens(scope=OFFLINE)
    assert _ask(both, revoke, got["refresh_token"]).status == 200
    assert both.userinfo(got["access_token"]).status == 401
    assert not active(both, got["refresh_token"])


def test_revoking_an_unknown_token_is_no_error(world: World) -> None:
    assert _ask(world, revoke, "nonsense").status == 200


def test_another_client_can_revoke_nothing(world: World) -> None:  # G4
    world.add(an_application("other"))
    token = world.tokens()["access_token"]
    assert _ask(world, revoke, token, client_id="other").status == 400
    assert world.userinfo(token).status == 200


def test_introspection_says_what_the_token_is(both: World) -> None:
    got = both.tokens(scope=OFFLINE)
    said = dict(_ask(both, introspect, got["access_token"]).body or {})
    now = int(both.time.timestamp())
    assert said.pop("sid")
    assert said == {
        "active": True,
        "iss": ISSUER,
        "sub": both.student_id,
        "aud": "app",
        "client_id": "app",
        "token_type": "Bearer",
        "scope": OFFLINE,
        "iat": now,
        "exp": now + 3600,
    }


def test_introspection_tells_other_clients_nothing(world: World) -> None:  # G4
    world.add(an_application("other"))
    token = world.tokens()["access_token"]
    assert _ask(world, introspect, token, client_id="other").body == {"active": False}


@pytest.mark.parametrize("column", ["suspended_at", "licence_ends_at"])
def test_a_token_is_not_active_while_its_school_is_not(world: World, column: str) -> None:  # A19
    token = world.tokens()["access_token"]
    world.change(orgs, world.school_id, **{column: world.time})
    assert not active(world, token)


def test_a_token_is_not_active_after_its_time(world: World) -> None:
    token = world.tokens()["access_token"]
    world.wait(3600)
    assert not active(world, token)


def test_a_public_client_may_revoke_and_not_introspect(world: World) -> None:
    world.add(an_application("spa", secret_hash=None))
    code = world.code(client_id="spa")
    token = (world.exchange(code, client_id="spa", client_secret=None).body or {})["access_token"]
    public: dict[str, str | None] = {"client_id": "spa", "client_secret": None}
    assert (_ask(world, introspect, token, **public).body or {})["error"] == "invalid_client"
    assert _ask(world, revoke, token, **public).status == 200
    assert world.userinfo(token).status == 401


@pytest.mark.parametrize("endpoint", [revoke, introspect])
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"token": None}, "invalid_request"),
        ({"token": "a\0"}, "invalid_request"),
        ({"token_type_hint": "id_token"}, "unsupported_token_type"),
    ],
)
def test_a_wrong_question_gets_the_standards_error(
    world: World, endpoint: Any, changes: dict[str, str | None], error: str
) -> None:
    answer = _ask(world, endpoint, world.tokens()["access_token"], **changes)
    assert (answer.body or {})["error"] == error
