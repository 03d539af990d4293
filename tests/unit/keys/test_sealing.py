"""Sealing: what goes in comes out, and nothing else opens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.sealing import SealBroken, Sealer, fingerprint

OLD, NEW = b"o" * 32, b"n" * 32
SEALER = Sealer([NEW])


@settings(deadline=None)
@given(plaintext=st.binary(max_size=300), purpose=st.text(max_size=20), bound_to=st.binary(max_size=50))
def test_what_is_sealed_opens_again(plaintext: bytes, purpose: str, bound_to: bytes) -> None:
    sealed = SEALER.seal(plaintext, purpose=purpose, bound_to=bound_to)
    assert SEALER.open(sealed, purpose=purpose, bound_to=bound_to) == plaintext


@settings(deadline=None)
@given(plaintext=st.binary(max_size=50), at=st.integers(0, 200), other=st.characters())
def test_one_changed_character_breaks_the_seal(plaintext: bytes, at: int, other: str) -> None:
    sealed = SEALER.seal(plaintext, purpose="state")
    at %= len(sealed)
    forged = sealed[:at] + other + sealed[at + 1 :]
    if forged != sealed:
        with pytest.raises(SealBroken):
            SEALER.open(forged, purpose="state")


@settings(deadline=None)
@given(st.text(max_size=100))
def test_noise_does_not_open(noise: str) -> None:
    with pytest.raises(SealBroken):
        SEALER.open(noise, purpose="state")


def test_sealed_text_is_url_safe() -> None:
    sealed = SEALER.seal(bytes(range(256)), purpose="state")
    assert sealed.replace("-", "").replace("_", "").isalnum()


def test_the_same_plaintext_never_seals_alike() -> None:
    assert SEALER.seal(b"x", purpose="state") != SEALER.seal(b"x", purpose="state")


def test_another_purpose_does_not_open() -> None:
    with pytest.raises(SealBroken):
        SEALER.open(SEALER.seal(b"x", purpose="state"), purpose="login-hint")


def test_another_binding_does_not_open() -> None:
    with pytest.raises(SealBroken):
        SEALER.open(SEALER.seal(b"x", purpose="secret", bound_to=b"row 1"), purpose="secret", bound_to=b"row 2")


def test_an_old_secret_opens_what_it_sealed_after_rotation() -> None:
    sealed = Sealer([OLD]).seal(b"x", purpose="state")
    assert Sealer([NEW, OLD]).open(sealed, purpose="state") == b"x"


def test_the_first_secret_seals() -> None:
    sealed = Sealer([NEW, OLD]).seal(b"x", purpose="state")
    assert Sealer([NEW]).open(sealed, purpose="state") == b"x"


def test_a_secret_taken_away_opens_nothing() -> None:
    sealed = Sealer([OLD]).seal(b"x", purpose="state")
    with pytest.raises(SealBroken):
        SEALER.open(sealed, purpose="state")


def test_an_unknown_version_does_not_open() -> None:
    sealed = SEALER.seal(b"x", purpose="state")
    with pytest.raises(SealBroken):
        SEALER.open("Ag" + sealed[2:], purpose="state")


@pytest.mark.parametrize("secrets", [[], [b""], [b"short"], [NEW, b"x" * 31]])
def test_a_missing_or_short_secret_is_refused(secrets: list[bytes]) -> None:
    with pytest.raises(ValueError, match="secret"):
        Sealer(secrets)


def test_a_fingerprint_is_the_sha256_of_the_token() -> None:
    assert fingerprint("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_fingerprint_of_text_that_is_no_unicode_is_still_one() -> None:
    assert len(fingerprint("\ud800")) == 32
