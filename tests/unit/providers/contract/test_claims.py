"""Proven and unproven claims are two types, and neither shows its values."""

from __future__ import annotations

import pytest

from providers.contract import UnverifiedClaims, VerifiedClaims


@pytest.mark.parametrize("kind", [UnverifiedClaims, VerifiedClaims])
def test_claims_read_like_a_mapping(kind: type[VerifiedClaims]) -> None:
    claims = kind({"iss": "https://lms.example", "sub": "7"})
    assert (claims["sub"], claims.get("sub"), claims.get("nonce"), claims.get("nonce", 1)) == ("7", "7", None, 1)
    assert (len(claims), list(claims), "iss" in claims) == (2, ["iss", "sub"], True)


def test_unverified_claims_are_not_verified_ones() -> None:
    assert not isinstance(UnverifiedClaims({}), VerifiedClaims)
    assert not isinstance(VerifiedClaims({}), UnverifiedClaims)


def test_repr_shows_no_values() -> None:
    assert repr(VerifiedClaims({"name": "Sam Okafor", "email": "s@x.example"})) == "VerifiedClaims(email, name)"


def test_claims_can_not_be_changed() -> None:
    with pytest.raises(TypeError):
        VerifiedClaims({})["sub"] = "1"  # type: ignore[index]
