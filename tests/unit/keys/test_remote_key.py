"""Reading other people's key sets: what is usable is used, what is not is passed over."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from hypothesis import example, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from keys.remote_faults import KeySetInvalid
from keys.remote_key import MAX_BODY_BYTES, MAX_KEYS, read_key_set
from tests.support.key_sets import MESSAGE, key_set, public_jwk, rsa_key, signature

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
MEMBERS = ["kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"]


def ec_jwk(key: ECKey, **members: object) -> dict[str, object]:
    return {"kid": "ec", **key.as_dict(private=False), **members}


def passed_over(jwk: object) -> None:
    """The strange key is not there; its good neighbour is."""
    assert list(read_key_set(key_set(jwk, public_jwk(0, "good")))) == ["good"]


def test_an_rsa_key_verifies() -> None:
    assert read_key_set(key_set(public_jwk()))["k0"].verify(MESSAGE, signature(), "RS256")


def test_another_keys_signature_does_not_verify() -> None:
    assert not read_key_set(key_set(public_jwk()))["k0"].verify(MESSAGE, signature(1), "RS256")


# A1
@pytest.mark.parametrize("alg", ["none", "HS256", "RS512", "PS256", "ES256", ""])
def test_another_algorithm_than_the_keys_own_does_not_verify(alg: str) -> None:
    assert not read_key_set(key_set(public_jwk()))["k0"].verify(MESSAGE, signature(), alg)


def test_a_missing_alg_is_inferred_from_the_kty() -> None:
    key = read_key_set(key_set(public_jwk(alg=None)))["k0"]
    assert key.algs == {"RS256", "RS384", "RS512"}
    assert key.verify(MESSAGE, signature(), "RS256")


def test_rs512_verifies_when_the_key_allows_it() -> None:
    private_key = rsa_key(0).private_key
    assert private_key is not None
    signed = private_key.sign(MESSAGE, PKCS1v15(), SHA512())
    assert read_key_set(key_set(public_jwk(alg="RS512")))["k0"].verify(MESSAGE, signed, "RS512")


def test_a_missing_use_counts_as_signing() -> None:
    assert "k0" in read_key_set(key_set(public_jwk(use=None)))


def test_a_leading_zero_byte_in_the_modulus_is_tolerated() -> None:
    modulus = urlsafe_b64decode(public_jwk()["n"] + "==")
    key = read_key_set(key_set(public_jwk(n=urlsafe_b64encode(b"\0" + modulus).decode())))["k0"]
    assert key.verify(MESSAGE, signature(), "RS256")


def test_a_byte_order_mark_and_unknown_members_are_tolerated() -> None:
    assert list(read_key_set(b"\xef\xbb\xbf" + key_set(public_jwk(x5c=["AA"], key_ops=["verify"])))) == ["k0"]


def test_es256_verifies() -> None:
    key = ECKey.generate_key("P-256")
    r, s = decode_dss_signature(key.get_op_key("sign").sign(MESSAGE, ECDSA(SHA256())))
    remote = read_key_set(key_set(ec_jwk(key)))["ec"]
    assert remote.algs == {"ES256"}
    assert remote.verify(MESSAGE, r.to_bytes(32, "big") + s.to_bytes(32, "big"), "ES256")
    assert not remote.verify(MESSAGE, bytes(64), "ES256")
    assert not remote.verify(MESSAGE, b"short", "ES256")


def test_a_point_off_the_curve_is_passed_over() -> None:
    passed_over(ec_jwk(ECKey.generate_key("P-256"), x="AQ", y="AQ"))


def test_another_curve_is_passed_over() -> None:
    passed_over(ec_jwk(ECKey.generate_key("P-384")))


def test_a_short_rsa_key_is_passed_over() -> None:
    passed_over(public_jwk(0, "short", n=urlsafe_b64encode(b"\xff" * 255).decode()))


@pytest.mark.parametrize("member", ["n", "e"])
def test_a_giant_number_is_passed_over(member: str) -> None:
    passed_over(public_jwk(0, "giant") | {member: urlsafe_b64encode(b"\xff" * 2000).decode()})


@pytest.mark.parametrize(
    "members",
    [
        *({"kid": None}, {"kid": ""}, {"kid": 7}, {"use": "enc"}, {"alg": "RSA-OAEP"}, {"alg": "HS256"}),
        *({"kty": "oct", "k": "c2VjcmV0"}, {"kty": None}, {"n": None}, {"e": ""}, {"e": "Ag"}, {"n": "é"}),
    ],
)
def test_a_strange_key_is_passed_over(members: dict[str, object]) -> None:
    passed_over({name: value for name, value in {**public_jwk(1), **members}.items() if value is not None})


@pytest.mark.parametrize("entry", [None, 1, "x", [], {}])
def test_an_entry_that_is_no_key_is_passed_over(entry: object) -> None:
    passed_over(entry)


def test_of_a_repeated_kid_the_first_counts() -> None:
    key = read_key_set(key_set(public_jwk(0, "same"), public_jwk(1, "same")))["same"]
    assert key.verify(MESSAGE, signature(0), "RS256")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "invalid-json"),
        (b"<html>", "invalid-json"),
        (b"\xff\xfe", "invalid-json"),
        (b'{"keys": "x"}', "invalid-json"),
        (b'{"jwks": []}', "invalid-json"),
        (b'{"keys": []}\0', "invalid-json"),
        (b'{"deep": ' + b"[" * 50_000 + b"]" * 50_000 + b', "keys": []}', "invalid-json"),
        (b'{"keys": []}', "invalid-no-usable-key"),
        (b" " * MAX_BODY_BYTES + b"{}", "invalid-size"),
        (key_set(*[{}] * (MAX_KEYS + 1)), "invalid-count"),
    ],
)
def test_a_body_that_is_no_key_set_is_invalid(body: bytes, fault: str) -> None:
    with pytest.raises(KeySetInvalid) as caught:
        read_key_set(body)
    assert caught.value.fault == fault


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(MEMBERS), JSON | st.sampled_from(["RSA", "EC", "P-256", "sig"])))
@example({"kty": "RSA", "kid": "a", "n": "A" * 343, "e": "AQAB"})
def test_no_entry_can_break_the_set(entry: dict[str, object]) -> None:
    assert "good" in read_key_set(json.dumps({"keys": [entry, public_jwk(0, "good")]}).encode())


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_no_body_can_do_more_than_be_invalid(body: bytes) -> None:
    with pytest.raises(KeySetInvalid):
        read_key_set(body)
