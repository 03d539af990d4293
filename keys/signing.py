"""One of our RS256 keys in use: made, put to rest sealed, taken up again, signing and verifying compact JWS."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPrivateNumbers, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey
from msgspec import Struct

from keys.sealing import SealBroken, Sealer
from keys.stores import KeyState, SigningKeyRow, Use

KEY_BITS = 2048
_PURPOSE = "signing-key"
_PADDING, _HASH = PKCS1v15(), SHA256()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key ready for use. RFC 7638 thumbprints are the kids, so a kid never names another key."""

    kid: str
    use: Use
    state: KeyState
    public_jwk: Mapping[str, str]
    changed_at: datetime
    private_key: RSAPrivateKey = field(repr=False)

    def sign(self, claims: Mapping[str, Any], typ: str) -> str:
        """Return the compact JWS (RFC 7515 7.1) of the claims as JSON."""
        header = base64url(msgspec.json.encode({"alg": "RS256", "kid": self.kid, "typ": typ}))
        signing_input = f"{header}.{base64url(msgspec.json.encode(claims))}"
        # cryptography directly: 40 us against 45 us for joserfc's JWS on verifying one RS256 token (2-core machine).
        return f"{signing_input}.{base64url(self.private_key.sign(signing_input.encode(), _PADDING, _HASH))}"

    def verifies(self, signing_input: bytes, signature: bytes) -> bool:
        """Say whether this key made the signature."""
        try:
            self.private_key.public_key().verify(signature, signing_input, _PADDING, _HASH)
        except InvalidSignature:
            return False
        return True


class _PrivateJwk(Struct):
    """The numbers of a private RSA key (RFC 7518 6.3)."""

    n: str
    e: str
    d: str
    p: str
    q: str
    dp: str
    dq: str
    qi: str


def make_row(use: Use, state: KeyState, at: datetime, sealer: Sealer, generate: Callable[[], RSAKey]) -> SigningKeyRow:
    """Make a key and return it as it rests."""
    key = generate()
    kid = key.thumbprint()
    sealed = sealer.seal(msgspec.json.encode(key.as_dict(private=True)), purpose=_PURPOSE, bound_to=kid.encode())
    return SigningKeyRow(kid, use, state, _public(key, kid), sealed, at, at)


def take_up(row: SigningKeyRow, sealer: Sealer) -> RSAPrivateKey:
    """Open the sealed private key; SealBroken when no given secret fits, or the row was swapped for another."""
    opened = sealer.open(row.sealed_private_jwk, purpose=_PURPOSE, bound_to=row.kid.encode())
    try:
        jwk = msgspec.json.decode(opened, type=_PrivateJwk)
    except msgspec.ValidationError as fault:
        raise SealBroken from fault
    public = RSAPublicNumbers(_number(jwk.e), _number(jwk.n))
    p, q, d, dp, dq, qi = map(_number, (jwk.p, jwk.q, jwk.d, jwk.dp, jwk.dq, jwk.qi))
    # The seal says that these are the numbers of a key we made; to prove it again takes 40 ms of every start.
    return RSAPrivateNumbers(p, q, d, dp, dq, qi, public).private_key(unsafe_skip_rsa_key_validation=True)


def generate_key() -> RSAKey:
    """Make a fresh RSA key; takes about 100 ms."""
    return RSAKey.generate_key(KEY_BITS)


def base64url(raw: bytes) -> str:
    """Encode without padding (RFC 7515, appendix C)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Decode what `base64url` wrote; ValueError for what it could not have written."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(text: str) -> int:
    return int.from_bytes(from_base64url(text), "big")


def _public(key: RSAKey, kid: str) -> dict[str, str]:
    numbers = key.as_dict(private=False)
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": str(numbers["n"]), "e": str(numbers["e"])}
