"""The guarded door to the outside: every call to somebody else's server goes through `Outbound`."""

from __future__ import annotations

from gateway.outbound.client import Limits, Outbound
from gateway.outbound.failures import OutboundFailed, OutboundRefused
from gateway.outbound.key_sets import fetch_key_set
from gateway.outbound.response import Response
from gateway.outbound.room_http import A_RECEIVER, WHILE_A_PERSON_WAITS, RoomHttp

__all__ = [
    "A_RECEIVER",
    "WHILE_A_PERSON_WAITS",
    "Limits",
    "Outbound",
    "OutboundFailed",
    "OutboundRefused",
    "Response",
    "RoomHttp",
    "fetch_key_set",
]
