"""A launch whose browser must still be asked: its token sealed, so that no page sees it and no row is kept for it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from struct import Struct

from gateway.lti.catalogue import refusal
from keys.sealing import SealBroken, Sealer

LIFETIME_SECONDS = 120
_PURPOSE = "lti-waiting-launch"
_ARRIVED_AT = Struct(">d")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A posted id_token and when it arrived, in epoch seconds; its times are judged by that moment."""

    token: str
    arrived_at: float


def seal_waiting(waiting: Waiting, state_text: str, sealer: Sealer) -> str:
    """Return the launch as text that only `open_waiting` with the same state turns back."""
    packed = _ARRIVED_AT.pack(waiting.arrived_at) + waiting.token.encode()
    return sealer.seal(packed, purpose=_PURPOSE, bound_to=_binding(state_text))


def open_waiting(text: str, state_text: str, sealer: Sealer, now: float) -> Waiting:
    """Open a sealed launch. Raises BadData ``lti.state_invalid`` or ``lti.state_expired``."""
    try:
        packed = sealer.open(text, purpose=_PURPOSE, bound_to=_binding(state_text))
    except SealBroken as fault:
        raise refusal("lti.state_invalid", "the waiting launch is not one that we sealed for this state") from fault
    (arrived_at,) = _ARRIVED_AT.unpack_from(packed)
    if not -60 <= now - arrived_at <= LIFETIME_SECONDS:
        raise refusal("lti.state_expired", "its browser was asked too long ago")
    return Waiting(packed[_ARRIVED_AT.size :].decode(), arrived_at)


def _binding(state_text: str) -> bytes:
    return sha256(state_text.encode()).digest()
