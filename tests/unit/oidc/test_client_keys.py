"""private_key_jwt, and subjects that are an application's own."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from gateway.services.applications import check_keys
from gateway.services.oidc.assertion import TYPE
from gateway.services.oidc.wire import Answer
from providers.contract import Misconfigured
from tests.support.oidc_world import ISSUER, World, an_application, read_id_token

_KEY = ECKey.generate_key("P-256", {"kid": "one"})
_OTHER = ECKey.generate_key("P-256", {"kid": "one"})
PUBLIC = {"keys": [_KEY.as_dict(private=False)]}


@pytest.fixture
def signing(both: World) -> World:
    both.add(an_application("signer", secret_hash=None, jwks=PUBLIC))
    return both


def _assertion(world: World, key: ECKey = _KEY, **changes: Any) -> str:
    now = int(world.time.timestamp())
    claims = {"iss": "signer", "sub": "signer", "aud": f"{ISSUER}/oauth2/token", "exp": now + 60, "jti": "j-1"}
    told = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": "one"}, told, key, algorithms=["ES256"])


def _exchange(world: World, assertion: str, **changes: str | None) -> Answer:
    told = {"client_id": None, "client_secret": None, "client_assertion_type": TYPE, "client_assertion": assertion}
    return world.exchange(world.code(client_id="signer"), **{**told, **changes})


def test_a_client_signs_in_place_of_a_secret(signing: World) -> None:
    assert _exchange(signing, _assertion(signing)).status == 200
    assert _exchange(signing, _assertion(signing, jti="j-2", aud=[ISSUER]), client_id="signer").status == 200


def test_an_assertion_is_good_once(signing: World) -> None:
    assert [_exchange(signing, _assertion(signing)).status for _ in range(2)] == [200, 401]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "app"},
        {"sub": "app"},
        {"sub": None},
        {"aud": "https://elsewhere.example/token"},
        {"exp": 0},
        {"exp": 2**40},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": 2**40},
        {"jti": None},
        {"jti": ""},
        {"jti": 5},
    ],
)
def test_an_assertion_that_says_something_else_proves_nothing(signing: World, changes: dict[str, Any]) -> None:
    answer = _exchange(signing, _assertion(signing, **changes))
    assert (answer.status, (answer.body or {})["error"]) == (401, "invalid_client")


def test_another_key_proves_nothing(signing: World) -> None:
    assert _exchange(signing, _assertion(signing, _OTHER)).status == 401


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "e30.e30.", "é", "x" * 10_000])
def test_what_is_no_assertion_proves_nothing(signing: World, text: str) -> None:
    assert _exchange(signing, text).status == 401


def test_one_way_to_prove_oneself_is_enough(signing: World) -> None:
    assert _exchange(signing, _assertion(signing), client_secret="x").status == 400
    assert _exchange(signing, _assertion(signing), client_assertion_type="other").status == 401
    assert _exchange(signing, _assertion(signing), client_id="app").status == 401


def test_a_client_with_keys_has_no_secret_and_one_with_a_secret_no_keys(signing: World) -> None:
    signing.add(an_application("both", jwks=PUBLIC))
    assert signing.exchange(signing.code(client_id="both"), client_id="both").status == 401
    assert _exchange(signing, _assertion(signing, iss="app", sub="app")).status == 401


@pytest.mark.parametrize(
    "jwks",
    [{}, {"keys": []}, {"keys": 5}, {"keys": [{}]}, {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}],
)
def test_keys_that_are_none_are_refused(jwks: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured, match=r"application\.keys_invalid"):
        check_keys(jwks)


def test_private_keys_are_refused() -> None:
    check_keys(PUBLIC)
    check_keys({"keys": [RSAKey.generate_key(2048).as_dict(private=False)]})
    with pytest.raises(Misconfigured, match=r"application\.keys_invalid"):
        check_keys({"keys": [_KEY.as_dict(private=True)]})


def _subject(world: World, id: str) -> str:
    answer = world.exchange(world.code(client_id=id), client_id=id)
    tokens: Any = answer.body
    told: Any = world.userinfo(tokens["access_token"]).body
    assert told["sub"] == read_id_token(tokens["id_token"])["sub"]
    return str(told["sub"])


def test_pairwise_subjects_are_an_applications_own(both: World) -> None:  # G4
    both.add(an_application("one", pairwise_salt=b"1" * 32))
    both.add(an_application("two", pairwise_salt=b"2" * 32))
    one, two = _subject(both, "one"), _subject(both, "two")
    assert (_subject(both, "one"), len({one, two, both.student_id, _subject(both, "app")})) == (one, 3)
