"""The state of one login: a sealed token, so that a login writes nothing and bogus logins cost no storage."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from hmac import compare_digest
from struct import Struct
from struct import error as StructError
from uuid import UUID

from gateway.lti.catalogue import refusal
from keys.sealing import SealBroken, Sealer

LIFETIME_SECONDS = 600
_PURPOSE = "lti-state"
# way, registration id, nonce, browser secret's hash, target's hash, deployment hint's hash, issued at; what follows is
# the frame that stores for the platform
_LAYOUT = Struct(">B16s16s16s16s16sQ")
_NO_HINT = bytes(16)


class Way(IntEnum):
    """How this login's browser may show that it is the one which began: the rungs of docs/cookieless.md."""

    COOKIE = 1  # the cookie, or nothing
    STORAGE = 2  # the cookie; without one, the platform's storage
    WINDOW = 3  # the cookie, in the window of its own that somebody opened for it


@dataclass(frozen=True, slots=True)
class State:
    """What must hold when the token comes back. The hashes are the first 16 bytes of SHA-256."""

    registration_id: str
    nonce: bytes
    browser: bytes
    target: bytes
    deployment: bytes
    issued_at: int
    way: Way = Way.COOKIE
    storage_target: str = ""

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
        """Return whether `secret`, out of cookie or platform storage, is the one that this login planted there."""
        return secret is not None and compare_digest(self.browser, short_hash(secret))


def short_hash(value: str) -> bytes:
    """Return the first 16 bytes of the SHA-256 of a text."""
    return sha256(value.encode()).digest()[:16]


def text_of(raw: bytes) -> str:
    """Return bytes as URL-safe text without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def new_state(
    registration_id: str,
    target: str,
    deployment_hint: str | None,
    now: int,
    *,
    way: Way = Way.COOKIE,
    storage_target: str = "",
) -> tuple[State, str]:
    """Return a fresh state and the secret that the browser must bring back."""
    browser_secret = secrets.token_urlsafe(16)
    state = State(
        registration_id=registration_id,
        nonce=secrets.token_bytes(16),
        browser=short_hash(browser_secret),
        target=short_hash(target),
        deployment=short_hash(deployment_hint) if deployment_hint else _NO_HINT,
        issued_at=now,
        way=way,
        storage_target=storage_target,
    )
    return state, browser_secret


def seal_state(state: State, sealer: Sealer) -> str:
    """Return the state as text for the `state` parameter."""
    packed = _LAYOUT.pack(
        state.way,
        UUID(state.registration_id).bytes,
        state.nonce,
        state.browser,
        state.target,
        state.deployment,
        state.issued_at,
    )
    return sealer.seal(packed + state.storage_target.encode(), purpose=_PURPOSE)


def open_state(text: str, sealer: Sealer, now: int) -> State:
    """Open a `state` parameter. Raises BadData ``lti.state_invalid`` or ``lti.state_expired``."""
    try:
        packed = sealer.open(text, purpose=_PURPOSE)
        way, registration, nonce, browser, target, deployment, issued_at = _LAYOUT.unpack_from(packed)
        way = Way(way)
    except (SealBroken, StructError) as fault:
        raise refusal("lti.state_invalid") from fault
    except ValueError as fault:
        raise refusal("lti.state_invalid", "made by another version") from fault
    if not -60 <= now - issued_at <= LIFETIME_SECONDS:
        raise refusal("lti.state_expired")
    storage_target = packed[_LAYOUT.size :].decode()
    return State(str(UUID(bytes=registration)), nonce, browser, target, deployment, issued_at, way, storage_target)


def login_name(state_text: str) -> str:
    """Return a name for this login that gives nothing away: parallel launches of one browser never mix by it."""
    return f"lti-{text_of(sha256(state_text.encode()).digest()[:12])}"


def cookie_name(state_text: str, *, is_https: bool) -> str:
    """Return the name of this login's cookie."""
    return f"__Host-{login_name(state_text)}" if is_https else login_name(state_text)
