"""What the administrator is told for an error code: the room's own words first, then the general ones."""

from __future__ import annotations

from gateway.lti.catalogue import REASONS
from gateway.services.registrations import Registrations
from gateway.services.room_settings import RoomSettings
from providers.contract import Failure


def administrator_sentence(code: str, provider: str | None, rooms: RoomSettings) -> str:
    """Return what to change in the LMS; empty for a code that nobody can mend there."""
    advice = rooms.room(provider).advice.get(code) if provider else None
    reason = REASONS.get(code)
    return advice or (reason.administrator if reason else "")


def provider_of(registration_id: str | None, registrations: Registrations) -> str | None:
    """Return the provider of a registration, or None while it is unknown."""
    if registration_id is None:
        return None
    try:
        return registrations.with_id(registration_id).provider
    except Failure:
        return None
