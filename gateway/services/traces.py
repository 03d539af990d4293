"""A launch's trace as operators read it: each check, its outcome, the specification's section, what to change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gateway.lti.catalogue import SPEC_OF_CHECK
from gateway.lti.trace import FAILED, read_trace
from gateway.services.advice import administrator_sentence, provider_of
from gateway.services.registrations import Registrations
from gateway.services.room_settings import RoomSettings
from gateway.store import Store
from gateway.store.ids import read_reference
from gateway.store.launches import LaunchRecord, find_launch
from providers.contract import Misconfigured


class TraceCheck(NamedTuple):
    """One check; `advice` is what to change in that LMS, for the one that failed."""

    check: str
    outcome: str
    spec: str
    note: str
    advice: str


@dataclass(frozen=True, slots=True)
class Traces:
    """Thread-safe."""

    store: Store
    registrations: Registrations
    rooms: RoomSettings

    def find(self, reference: str) -> LaunchRecord:
        """Return the launch or refusal of a reference as typed in. Raises Misconfigured (``launch.unknown``)."""
        record = find_launch(self.store, read_reference(reference))
        if record is None:
            raise Misconfigured("launch.unknown", f"There is no launch {reference!r}; old ones are forgotten.")
        return record

    def checks(self, record: LaunchRecord) -> list[TraceCheck]:
        """Return the checks in order."""
        provider = provider_of(record.registration_id, self.registrations)
        advice = administrator_sentence(record.outcome, provider, self.rooms)
        return [
            TraceCheck(check, outcome, SPEC_OF_CHECK.get(check, ""), note, advice if outcome == FAILED else "")
            for check, outcome, note in read_trace(record.trace)
        ]
