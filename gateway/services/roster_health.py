"""Asks a room that has rosters whether it can read one with an integration's settings."""

from __future__ import annotations

from gateway.services.integrations import Finding
from gateway.services.room_context import RoomContexts
from gateway.store.integrations import Integration
from providers.contract import Failure


def roster_findings(contexts: RoomContexts, integration: Integration) -> list[Finding]:
    """Return what the room found; nothing for a room without rosters. A failure is a finding too."""
    roster = contexts.rooms.room(integration.provider).roster
    if roster is None:
        return []
    try:
        found = roster.check(contexts.open(integration))
    except Failure as failure:
        return [Finding("roster", False, failure.sentence)]
    return [Finding(health.check, health.ok, health.advice) for health in found]
