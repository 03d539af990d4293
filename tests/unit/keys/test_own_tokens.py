"""Verifying our own tokens: only what we signed, for that use, of that kind."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.keyring import Keyring
from keys.own_tokens import TokenRefused, read
from keys.sealing import Sealer
from keys.signing import base64url
from tests.support.key_sets import rsa_key
from tests.support.key_stores import Clock, MemoryKeyStore

numbers = iter(range(4))
KEYRING = Keyring(MemoryKeyStore(), Sealer([b"s" * 32]), Clock(), generate=lambda: rsa_key(next(numbers)))
KEYRING.ensure()
TOKEN = KEYRING.sign("oidc", {"sub": "1"})


def part(value: object) -> str:
    return base64url(json.dumps(value).encode())


def with_header(**members: object) -> str:
    header = {"alg": "RS256", "kid": KEYRING.active("oidc").kid, "typ": "JWT", **members}
    return ".".join([part(header), *TOKEN.split(".")[1:]])


def refused(token: str, typ: str = "JWT") -> None:
    with pytest.raises(TokenRefused):
        KEYRING.verify("oidc", token, typ)


def test_our_token_verifies() -> None:
    assert KEYRING.verify("oidc", TOKEN) == {"sub": "1"}


def test_a_token_for_another_use_is_refused() -> None:
    refused(KEYRING.sign("lti", {"sub": "1"}))


def test_a_token_of_another_kind_is_refused() -> None:
    refused(TOKEN, typ="at+jwt")


def test_a_changed_payload_is_refused() -> None:
    header, _, signature = TOKEN.split(".")
    refused(f"{header}.{part({'sub': '2'})}.{signature}")


# A1, A2, A3
@pytest.mark.parametrize(
    "members", [{"alg": "none"}, {"alg": "HS256"}, {"crit": ["exp"]}, {"jwk": {}}, {"jku": "https://x"}, {"kid": "x"}]
)
def test_a_header_that_we_do_not_write_is_refused(members: dict[str, object]) -> None:
    refused(with_header(**members))


# A4
@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c.d", "a.b.c", "é.b.c", f"{'a' * 70_000}.b.c", f"{base64url(b'[' * 9000)}.e30.x"]
)
def test_a_text_that_is_no_token_is_refused(token: str) -> None:
    refused(token)


def test_a_second_spelling_of_a_signature_is_refused() -> None:
    last = TOKEN[-1]
    spelled = [TOKEN[:-1] + other for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if other != last]
    for token in [*spelled, TOKEN + "=", TOKEN + "\n"]:
        refused(token)


@settings(deadline=None)
@given(st.text(alphabet="aA_-.=é{}", max_size=60))
def test_noise_is_refused(noise: str) -> None:
    with pytest.raises(TokenRefused):
        read(noise, "JWT")
