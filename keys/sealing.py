"""Seals secrets and tokens with AES-256-GCM, one derived key per purpose; old secrets still open what they sealed."""

from __future__ import annotations

import binascii
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_SECRET_BYTES = 32

_VERSION = b"\x01"
_NONCE_BYTES = 12  # NIST SP 800-38D 8.2.2: random nonces carry 2**32 seals per purpose and secret
_HEAD_BYTES = len(_VERSION) + _NONCE_BYTES


class SealBroken(Exception):
    """It was not sealed by us, for this purpose and binding, or it was changed since."""


class Sealer:
    """The first secret seals, all of them open: put a new one in front to rotate."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        if not secrets:
            raise ValueError("a sealer needs at least one secret")
        if any(len(secret) < MIN_SECRET_BYTES for secret in secrets):
            raise ValueError(f"a sealing secret has at least {MIN_SECRET_BYTES} bytes")
        self._secrets = tuple(secrets)
        self._boxes: dict[str, tuple[AESGCM, ...]] = {}

    def seal(self, plaintext: bytes, *, purpose: str, bound_to: bytes = b"") -> str:
        """Return URL-safe text that only `open` with the same purpose and binding turns back."""
        nonce = os.urandom(_NONCE_BYTES)
        body = self._for(purpose)[0].encrypt(nonce, plaintext, _VERSION + bound_to)
        return _text(_VERSION + nonce + body)

    def open(self, sealed: str, *, purpose: str, bound_to: bytes = b"") -> bytes:
        """Return the plaintext, or raise SealBroken without saying what is wrong."""
        raw = _exact_bytes(sealed)
        if raw[:1] != _VERSION or len(raw) <= _HEAD_BYTES:
            raise SealBroken
        nonce, body = raw[len(_VERSION) : _HEAD_BYTES], raw[_HEAD_BYTES:]
        for box in self._for(purpose):
            try:
                return box.decrypt(nonce, body, _VERSION + bound_to)
            except InvalidTag:
                continue
        raise SealBroken

    def _for(self, purpose: str) -> tuple[AESGCM, ...]:
        boxes = self._boxes.get(purpose)
        if boxes is None:
            boxes = self._boxes[purpose] = tuple(_box(secret, purpose) for secret in self._secrets)
        return boxes


def fingerprint(token: str) -> bytes:
    """Return the 32 bytes under which a one-time token is stored, so that a stolen table opens nothing.

    For random tokens only: plain SHA-256 does not protect what can be guessed.
    """
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _box(secret: bytes, purpose: str) -> AESGCM:
    info = b"schoolgate seal v1:" + purpose.encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _exact_bytes(text: str) -> bytes:
    """Decode only the one spelling `_text` writes: Python's decoder skips strange characters and spare bits."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error) as error:
        raise SealBroken from error
    if _text(raw) != text:
        raise SealBroken
    return raw
