"""The state of one sign-in: a sealed token, tied to one browser by a cookie that also keeps what must stay secret."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from struct import Struct
from struct import error as StructError
from typing import Final, NamedTuple
from uuid import UUID

from gateway.lti.catalogue import refusal
from gateway.lti.state import LIFETIME_SECONDS, short_hash, text_of
from keys.sealing import SealBroken, Sealer

_PURPOSE: Final = "sign-in-state"
# registration id, nonce, the cookie's hash, issued at
_LAYOUT: Final = Struct(">16s16s16sQ")


@dataclass(frozen=True, slots=True)
class SignInState:
    """What must hold when the browser comes back."""

    registration_id: str
    nonce: bytes
    browser: bytes
    issued_at: int

    @property
    def nonce_text(self) -> str:
        """Return the nonce as it is sent to the provider."""
        return text_of(self.nonce)

    @property
    def nonce_hash(self) -> bytes:
        """Return what the database remembers of a sign-in that was used up."""
        return sha256(self.nonce).digest()

    def is_browser(self, cookie: str | None) -> bool:
        """Return whether the cookie is the one that this sign-in planted."""
        return cookie is not None and compare_digest(self.browser, short_hash(cookie))


class Kept(NamedTuple):
    """What the cookie keeps: the PKCE verifier, and the application's own request that waits for this sign-in."""

    verifier: str
    resume: str = ""

    @property
    def challenge(self) -> str:
        """Return the verifier's S256 challenge (RFC 7636 4.2)."""
        return text_of(sha256(self.verifier.encode()).digest())

    def cookie(self) -> str:
        """Return it as a cookie's value."""
        return f"{self.verifier}.{urlsafe_b64encode(self.resume.encode()).rstrip(b'=').decode()}"


def read_kept(cookie: str) -> Kept:
    """Read a cookie that was proven to be ours."""
    verifier, _, resume = cookie.partition(".")
    return Kept(verifier, urlsafe_b64decode(resume + "=" * (-len(resume) % 4)).decode())


def new_sign_in(registration_id: str, resume: str, now: int) -> tuple[SignInState, Kept]:
    """Return a fresh state and what the browser must bring back."""
    kept = Kept(secrets.token_urlsafe(32), resume)
    return SignInState(registration_id, secrets.token_bytes(16), short_hash(kept.cookie()), now), kept


def seal_sign_in(state: SignInState, sealer: Sealer) -> str:
    """Return the state as text for the `state` parameter."""
    packed = _LAYOUT.pack(UUID(state.registration_id).bytes, state.nonce, state.browser, state.issued_at)
    return sealer.seal(packed, purpose=_PURPOSE)


def open_sign_in(text: str, sealer: Sealer, now: int) -> SignInState:
    """Open a `state` parameter. Raises BadData ``sso.state_invalid`` or ``sso.state_expired``."""
    try:
        registration, nonce, browser, issued_at = _LAYOUT.unpack(sealer.open(text, purpose=_PURPOSE))
    except (SealBroken, StructError) as fault:
        raise refusal("sso.state_invalid") from fault
    if not -60 <= now - issued_at <= LIFETIME_SECONDS:
        raise refusal("sso.state_expired")
    return SignInState(str(UUID(bytes=registration)), nonce, browser, issued_at)


def sign_in_cookie(state_text: str, *, is_https: bool) -> str:
    """Return the name of this sign-in's cookie: parallel sign-ins of one browser never mix by it."""
    name = f"sso-{text_of(sha256(state_text.encode()).digest()[:12])}"
    return f"__Host-{name}" if is_https else name
