"""Reads a JWK Set (RFC 7517) into public keys that verify at once; only asymmetric signing keys count."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from keys.remote_faults import KeySetInvalid

MAX_BODY_BYTES = 512 * 1024
MAX_KEYS = 256
MIN_RSA_BITS = 2048  # NIST SP 800-131A
MAX_RSA_BITS = 8192  # verifying costs the square of the length: a giant modulus is an attack on our CPU
MAX_EXPONENT_BITS = 32

_RSA_HASHES: Mapping[str, HashAlgorithm] = {"RS256": SHA256(), "RS384": SHA384(), "RS512": SHA512()}
_PADDING = PKCS1v15()
_ECDSA_SHA256 = ECDSA(SHA256())
_P256_BYTES = 32


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """A public key of a platform, ready to verify. `algs` are the algorithms it may be used with."""

    kid: str
    algs: frozenset[str]
    public_key: RSAPublicKey | EllipticCurvePublicKey = field(repr=False)

    def verify(self, signing_input: bytes, signature: bytes, alg: str) -> bool:
        """Say whether this key made the signature with `alg`, which must be one of its own (RFC 8725 3.1)."""
        if alg not in self.algs:
            return False
        try:
            if isinstance(self.public_key, RSAPublicKey):
                self.public_key.verify(signature, signing_input, _PADDING, _RSA_HASHES[alg])
            else:
                self.public_key.verify(_der(signature), signing_input, _ECDSA_SHA256)
        except InvalidSignature:
            return False
        return True


class _Set(msgspec.Struct):
    keys: list[msgspec.Raw]


class _Jwk(msgspec.Struct):
    kid: str
    kty: str
    use: str = "sig"
    alg: str | None = None
    n: str = ""
    e: str = ""
    crv: str = ""
    x: str = ""
    y: str = ""


def read_key_set(body: bytes) -> dict[str, RemoteKey]:
    """Return the usable keys by kid, or raise KeySetInvalid.

    Of a repeated kid the first counts; keys without kid, of another use, too short or unreadable are passed over.
    """
    if len(body) > MAX_BODY_BYTES:
        raise KeySetInvalid("invalid-size")
    try:
        raw_keys = msgspec.json.decode(text_of(body), type=_Set).keys
    except (ValueError, RecursionError) as error:
        raise KeySetInvalid("invalid-json") from error
    if len(raw_keys) > MAX_KEYS:
        raise KeySetInvalid("invalid-count")
    found: dict[str, RemoteKey] = {}
    for raw in raw_keys:
        key = _read_key(raw)
        if key is not None:
            found.setdefault(key.kid, key)
    if not found:
        raise KeySetInvalid("invalid-no-usable-key")
    return found


def text_of(body: bytes) -> str:
    """Decode an answer as text that every database keeps: a byte order mark goes, a NUL is refused."""
    text = body.decode("utf-8-sig")
    if "\0" in text:
        raise ValueError("NUL in JSON")
    return text


def _read_key(raw: msgspec.Raw) -> RemoteKey | None:
    """Return the key, or None: one strange entry must not cost a platform its other keys."""
    try:
        jwk = msgspec.json.decode(raw, type=_Jwk)
        if not jwk.kid or jwk.use != "sig":
            return None
        if jwk.kty == "RSA":
            return _ready(jwk, frozenset(_RSA_HASHES), _rsa(jwk))
        if jwk.kty == "EC" and jwk.crv == "P-256":
            return _ready(jwk, frozenset({"ES256"}), _p256(jwk))
    except ValueError:
        return None
    return None


def _ready(jwk: _Jwk, possible: frozenset[str], public_key: RSAPublicKey | EllipticCurvePublicKey) -> RemoteKey | None:
    """One platform's keys name no `alg`: then any of its kty's; the registration fixes which one is accepted."""
    algs = possible if jwk.alg is None else possible & {jwk.alg}
    return RemoteKey(jwk.kid, algs, public_key) if algs else None


def _rsa(jwk: _Jwk) -> RSAPublicKey:
    modulus, exponent = _number(jwk.n), _number(jwk.e)
    if not MIN_RSA_BITS <= modulus.bit_length() <= MAX_RSA_BITS or exponent.bit_length() > MAX_EXPONENT_BITS:
        raise ValueError("RSA key out of bounds")
    return RSAPublicNumbers(exponent, modulus).public_key()


def _p256(jwk: _Jwk) -> EllipticCurvePublicKey:
    return EllipticCurvePublicNumbers(_number(jwk.x), _number(jwk.y), SECP256R1()).public_key()


def _number(text: str) -> int:
    """One platform once published a modulus with a leading zero byte: an integer does not mind."""
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def _der(signature: bytes) -> bytes:
    """Turn JOSE's r || s (RFC 7518 3.4) into what cryptography reads."""
    if len(signature) != 2 * _P256_BYTES:
        raise InvalidSignature
    r, s = signature[:_P256_BYTES], signature[_P256_BYTES:]
    return encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
