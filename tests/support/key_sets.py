"""Key sets as platforms publish them, from a few RSA keys made once per process."""

from __future__ import annotations

import itertools
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

MESSAGE = b"header.payload"


@cache
def rsa_key(number: int) -> RSAKey:
    """Return the same key for the same number; making one takes 100 ms."""
    return RSAKey.generate_key(2048)


LENT = 24
_lent = itertools.cycle(range(LENT))


def lent_rsa_key() -> RSAKey:
    """Return a key for a keyring that asks for a new one; the same comes again after many others only."""
    return rsa_key(1000 + next(_lent))


def public_jwk(number: int = 0, kid: str | None = None, **members: object) -> dict[str, Any]:
    """Return a platform's JWK; a member set to None is left out."""
    numbers = rsa_key(number).as_dict(private=False)
    jwk = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid or f"k{number}", **numbers, **members}
    return {name: value for name, value in jwk.items() if value is not None}


def key_set(*jwks: object) -> bytes:
    """Return the body of a key set."""
    return json.dumps({"keys": list(jwks)}).encode()


def signature(number: int = 0, message: bytes = MESSAGE) -> bytes:
    """Return an RS256 signature by the key of that number."""
    private_key = rsa_key(number).private_key
    assert private_key is not None
    return private_key.sign(message, PKCS1v15(), SHA256())
