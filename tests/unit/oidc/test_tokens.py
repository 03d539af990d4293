"""The token and userinfo endpoints: what an application learns."""

from __future__ import annotations

import base64
import hashlib

import pytest

from gateway.services.oidc.token import exchange
from gateway.services.oidc.userinfo import userinfo
from gateway.services.oidc.wire import Incoming
from gateway.store.tables import launches, orgs, sessions, tokens, users
from providers.kit.lti import claims as names
from tests.support.oidc_world import CONTEXT, ISSUER, SECRET, World, an_application, read_id_token, returned


def test_a_code_becomes_a_bearer_token_and_an_id_token(both: World) -> None:
    answer = both.exchange(both.code())
    body = answer.body or {}
    assert answer.status == 200
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "openid profile email")
    assert dict(answer.headers)["Cache-Control"] == "no-store"
    assert "refresh_token" not in body


def test_the_id_token_says_who_and_from_which_launch(both: World) -> None:
    claims = read_id_token(both.tokens()["id_token"])
    assert (claims["iss"], claims["aud"], claims["sub"]) == (ISSUER, "app", both.student_id)
    assert (claims["nonce"], claims["auth_time"]) == ("the-nonce", int(both.time.timestamp()))
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["sid"]
    assert claims[names.CONTEXT] == CONTEXT


def test_at_hash_binds_the_access_token(world: World) -> None:
    body = world.tokens()
    half = hashlib.sha256(body["access_token"].encode()).digest()[:16]
    assert read_id_token(body["id_token"])["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def test_names_and_email_come_by_scope(world: World) -> None:
    claims = read_id_token(world.tokens()["id_token"])
    assert (claims["name"], claims["given_name"], claims["family_name"]) == ("Ada Ng", "Ada", "Ng")
    assert (claims["email"], claims["email_verified"], claims["locale"]) == ("ada@school.example", False, "en")
    assert not {"middle_name", "picture"} & set(claims)


def test_openid_alone_gives_no_names(world: World) -> None:
    claims = read_id_token(world.tokens(scope="openid")["id_token"])
    assert not {"name", "given_name", "email", "email_verified"} & set(claims)


def test_unknown_scopes_are_passed_over(world: World) -> None:
    assert world.tokens(scope="openid calendar email openid")["scope"] == "openid email"


def test_an_unknown_email_is_not_called_unverified(world: World) -> None:
    world.change(users, world.student_id, email=None)
    assert "email_verified" not in read_id_token(world.tokens()["id_token"])


def test_without_a_nonce_there_is_none(world: World) -> None:
    assert "nonce" not in read_id_token(world.tokens(nonce=None)["id_token"])


def test_a_launch_can_not_speak_in_the_providers_name(world: World) -> None:
    hint = world.arrive(an_application(), iss="https://evil.example", sub="root", email_verified=True)
    body = world.exchange(returned(world.authorize(login_hint=hint))["code"]).body or {}
    claims = read_id_token(body["id_token"])
    assert (claims["iss"], claims["sub"], claims["email_verified"]) == (ISSUER, world.student_id, False)


def test_anonymous_launches_have_a_subject_each_and_no_names(both: World) -> None:
    subjects = set()
    for _ in range(2):
        code = returned(both.authorize(login_hint=both.arrive(an_application(), anonymous=True)))["code"]
        body = both.exchange(code).body or {}
        claims = read_id_token(body["id_token"])
        subjects.add(claims["sub"])
        assert "name" not in claims
        assert both.userinfo(body["access_token"]).body == {"sub": claims["sub"]}
    assert len(subjects) == 2
    assert both.student_id not in subjects


def test_a_launch_whose_claims_were_cleared_still_signs_in(world: World) -> None:
    code = world.code()
    with world.store.statements() as connection:
        connection.execute(launches.update().values(claims=None))
    assert world.exchange(code).status == 200


def test_secrets_are_kept_as_hashes_only(world: World) -> None:
    body = world.tokens()
    with world.store.statements() as connection:
        kept = repr([*connection.execute(tokens.select()), *connection.execute(sessions.select())])
    assert body["access_token"] not in kept


def test_a_client_may_authenticate_by_basic(world: World) -> None:
    credentials = base64.b64encode(f"app:{SECRET}".encode()).decode()
    answer = world.exchange(world.code(), basic=f"Basic {credentials}", client_id=None, client_secret=None)
    assert answer.status == 200


def test_a_public_client_proves_itself_by_pkce(world: World) -> None:
    world.add(an_application("spa", secret_hash=None))
    code = world.code(client_id="spa")
    assert world.exchange(code, client_id="spa", client_secret=None).status == 200


@pytest.mark.parametrize(
    ("changes", "error", "status"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
        ({"grant_type": None}, "unsupported_grant_type", 400),
        ({"code": None}, "invalid_request", 400),
        ({"code": "no\0"}, "invalid_request", 400),
        ({"code": "unknown"}, "invalid_grant", 400),
        ({"redirect_uri": None}, "invalid_grant", 400),
        ({"client_secret": "wrong"}, "invalid_client", 401),
        ({"client_secret": None}, "invalid_client", 401),
        ({"client_id": "nobody"}, "invalid_client", 400),
        ({"basic": "Basic \xff\xfe", "client_secret": None}, "invalid_client", 401),
        ({"basic": "Basic /////w==", "client_secret": None}, "invalid_client", 401),
        ({"basic": "Basic AAA6AAA=", "client_secret": None}, "invalid_client", 401),
        ({"basic": "Basic YXBwOndyb25n"}, "invalid_request", 400),
    ],
)
def test_a_wrong_exchange_gets_the_standards_error(
    world: World, changes: dict[str, str | None], error: str, status: int
) -> None:
    answer = world.exchange(world.code(), **changes)
    assert ((answer.body or {}).get("error"), answer.status) == (error, status)
    assert "access_token" not in (answer.body or {})


def test_the_exchange_is_by_post_only(world: World) -> None:
    assert exchange(world.house, Incoming("GET", {"grant_type": ["authorization_code"]})).status == 400


def test_userinfo_says_who_it_is(both: World) -> None:
    answer = both.userinfo(both.tokens()["access_token"])
    assert answer.status == 200
    assert answer.body == {
        "sub": both.student_id,
        "name": "Ada Ng",
        "given_name": "Ada",
        "family_name": "Ng",
        "email": "ada@school.example",
        "email_verified": False,
        "locale": "en",
    }


def test_userinfo_shows_todays_name(world: World) -> None:
    token = world.tokens()["access_token"]
    world.change(users, world.student_id, given_name="Augusta")
    assert (world.userinfo(token).body or {})["name"] == "Augusta Ng"


def test_userinfo_takes_the_token_from_a_form_too(world: World) -> None:
    values = {"access_token": [world.tokens()["access_token"]]}
    assert userinfo(world.house, Incoming("POST", values)).status == 200
    assert userinfo(world.house, Incoming("GET", values)).status == 401


def test_userinfo_without_a_token_says_only_what_to_bring(world: World) -> None:
    answer = world.userinfo(None)
    assert (answer.status, answer.body) == (401, None)
    assert dict(answer.headers)["WWW-Authenticate"] == f'Bearer realm="{ISSUER}"'


def test_userinfo_names_the_fault_of_a_bad_token(world: World) -> None:
    answer = world.userinfo("nonsense")
    assert answer.status == 401
    assert 'error="invalid_token"' in dict(answer.headers)["WWW-Authenticate"]


def test_userinfo_refuses_a_token_sent_twice(world: World) -> None:
    answer = userinfo(world.house, Incoming("POST", {"access_token": ["a"]}, "Bearer a"))
    assert (answer.status, (answer.body or {})["error"]) == (400, "invalid_request")


def test_userinfo_ends_with_the_token(world: World) -> None:
    token = world.tokens()["access_token"]
    world.wait(3600)
    assert world.userinfo(token).status == 401


def test_a_revoked_token_is_worth_nothing(world: World) -> None:
    token = world.tokens()["access_token"]
    with world.store.statements() as connection:
        connection.execute(tokens.update().values(revoked_at=world.time))
    assert world.userinfo(token).status == 401


def test_a_token_dies_with_its_session(world: World) -> None:
    token = world.tokens()["access_token"]
    with world.store.statements() as connection:
        connection.execute(sessions.update().values(ended_at=world.time))
    assert world.userinfo(token).status == 401


def test_a_code_dies_with_its_session(world: World) -> None:
    code = world.code()
    with world.store.statements() as connection:
        connection.execute(sessions.update().values(ended_at=world.time))
    assert (world.exchange(code).body or {})["error"] == "invalid_grant"


def test_a_person_whose_row_is_gone_is_refused(world: World) -> None:  # A19
    token = world.tokens()["access_token"]
    with world.store.statements() as connection:
        connection.execute(users.delete())
    assert world.userinfo(token).status == 401


def test_userinfo_needs_the_openid_scope(world: World) -> None:
    token = world.tokens()["access_token"]
    with world.store.statements() as connection:
        connection.execute(tokens.update().values(scope="email"))
    assert world.userinfo(token).status == 403


@pytest.mark.parametrize("column", ["suspended_at", "licence_ends_at"])
def test_userinfo_stops_when_the_school_does(both: World, column: str) -> None:  # A19
    token = both.tokens()["access_token"]
    both.change(orgs, both.school_id, **{column: both.time})
    assert both.userinfo(token).status == 401


def test_a_code_is_worth_nothing_once_its_person_is_suspended(world: World) -> None:  # A19
    code = world.code()
    world.change(users, world.student_id, enabled_user=False)
    assert (world.exchange(code).body or {})["error"] == "invalid_grant"
