"""A simulated platform's own signing key: made fresh, kept in memory, known to no production list."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Self

from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_HASHES: Final = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def b64url(octets: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def with_leading_zero(number: str) -> str:
    """Write a number of a JWK with a zero byte in front, as one vendor did; RFC 7518 6.3.1.1 forbids it."""
    return b64url(b"\0" + base64.urlsafe_b64decode(number + "=" * (-len(number) % 4)))


@dataclass(frozen=True)
class SigningKey:
    """An RSA key and the `kid` it is published under."""

    private: rsa.RSAPrivateKey
    kid: str

    @classmethod
    def generate(cls, kid: str = "") -> Self:
        """Make a 2048-bit key; its `kid` comes from the modulus unless it is given."""
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        modulus = private.public_key().public_numbers().n.to_bytes(256, "big")
        return cls(private, kid or hashlib.sha256(modulus).hexdigest()[:16])

    def jwk(self) -> dict[str, str]:
        """Return the public half as a JWK (RFC 7517)."""
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": b64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
            "e": b64url(numbers.e.to_bytes(3, "big")),
        }

    def public_pem(self) -> bytes:
        """Return the public half as PEM; an attacker takes it as an HS256 secret."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def signer(self, algorithm: str) -> Callable[[bytes], bytes]:
        """Return what signs with this JWS algorithm: RS*, PS*, and what no platform should use: HS*, none."""
        if algorithm.lower() == "none":
            return lambda _message: b""
        chosen = _HASHES[algorithm[2:]]
        if algorithm.startswith("HS"):
            return partial(_mac, self.public_pem(), chosen)
        if algorithm.startswith("PS"):
            pss = padding.PSS(mgf=padding.MGF1(chosen), salt_length=padding.PSS.DIGEST_LENGTH)
            return lambda message: self.private.sign(message, pss, chosen)
        return lambda message: self.private.sign(message, padding.PKCS1v15(), chosen)


def _mac(secret: bytes, chosen: hashes.HashAlgorithm, message: bytes) -> bytes:
    mac = hmac.HMAC(secret, chosen)
    mac.update(message)
    return mac.finalize()
