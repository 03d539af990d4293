"""The state of one login: a sealed token, so that a login writes nothing and bogus logins cost no storage."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from struct import Struct
from struct import error as StructError
from uuid import UUID

from gateway.lti.catalogue import refusal
from keys.sealing import SealBroken, Sealer

LIFETIME_SECONDS = 600
_PURPOSE = "lti-state"
# version, registration id, nonce, browser secret's hash, target's hash, deployment hint's hash, issued at
_LAYOUT = Struct(">B16s16s16s16s16sQ")
_VERSION = 1
_NO_HINT = bytes(16)


@dataclass(frozen=True, slots=True)
class State:
    """What must hold when the token comes back. The hashes are the first 16 bytes of SHA-256."""

    registration_id: str
    nonce: bytes
    browser: bytes
    target: bytes
    deployment: bytes
    issued_at: int

    @property
    def nonce_text(self) -> str:
        """Return the nonce as it is sent to the platform."""
        return text_of(self.nonce)

    @property
    def nonce_hash(self) -> bytes:
        """Return what the database remembers of a nonce that was used up."""
        return sha256(self.nonce).digest()

    def is_target(self, target_link_uri: str) -> bool:
        """Return whether the login named this target."""
        return compare_digest(self.target, short_hash(target_link_uri))

    def allows_deployment(self, deployment_id: str) -> bool:
        """Return whether the login named this deployment, or none."""
        return self.deployment == _NO_HINT or compare_digest(self.deployment, short_hash(deployment_id))

    def is_browser(self, secret: str | None) -> bool:
        """Return whether `secret`, out of the browser's cookie, is the one that this login planted there."""
        return secret is not None and compare_digest(self.browser, short_hash(secret))


def short_hash(value: str) -> bytes:
    """Return the first 16 bytes of the SHA-256 of a text."""
    return sha256(value.encode()).digest()[:16]


def text_of(raw: bytes) -> str:
    """Return bytes as URL-safe text without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def new_state(registration_id: str, target: str, deployment_hint: str | None, now: int) -> tuple[State, str]:
    """Return a fresh state and the secret that the browser must bring back."""
    browser_secret = secrets.token_urlsafe(16)
    state = State(
        registration_id=registration_id,
        nonce=secrets.token_bytes(16),
        browser=short_hash(browser_secret),
        target=short_hash(target),
        deployment=short_hash(deployment_hint) if deployment_hint else _NO_HINT,
        issued_at=now,
    )
    return state, browser_secret


def seal_state(state: State, sealer: Sealer) -> str:
    """Return the state as text for the `state` parameter."""
    packed = _LAYOUT.pack(
        _VERSION,
        UUID(state.registration_id).bytes,
        state.nonce,
        state.browser,
        state.target,
        state.deployment,
        state.issued_at,
    )
    return sealer.seal(packed, purpose=_PURPOSE)


def open_state(text: str, sealer: Sealer, now: int) -> State:
    """Open a `state` parameter. Raises BadData ``lti.state_invalid`` or ``lti.state_expired``."""
    try:
        packed = sealer.open(text, purpose=_PURPOSE)
        version, registration, nonce, browser, target, deployment, issued_at = _LAYOUT.unpack(packed)
    except (SealBroken, StructError) as fault:
        raise refusal("lti.state_invalid") from fault
    if version != _VERSION:
        raise refusal("lti.state_invalid", "made by another version")
    if not -60 <= now - issued_at <= LIFETIME_SECONDS:
        raise refusal("lti.state_expired")
    return State(str(UUID(bytes=registration)), nonce, browser, target, deployment, issued_at)


def cookie_name(state_text: str, *, is_https: bool) -> str:
    """Return the name of this login's cookie: it carries the state, so that parallel launches never mix."""
    prefix = "__Host-" if is_https else ""
    return f"{prefix}lti-{text_of(sha256(state_text.encode()).digest()[:12])}"
