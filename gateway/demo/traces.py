"""The newest launch as the panel shows it: each check, its outcome and its specification, nothing personal."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.lti.catalogue import SPEC_OF_CHECK
from gateway.lti.trace import FAILED, read_trace
from gateway.services.advice import administrator_sentence, provider_of
from gateway.store.launches import LaunchRecord, list_launches
from gateway.wiring import Gate


@dataclass(frozen=True, slots=True)
class Step:
    """One check."""

    check: str
    is_passed: bool
    spec: str
    note: str


@dataclass(frozen=True, slots=True)
class Told:
    """One launch. `advice` is what the administrator of the school's system changes when it was refused."""

    ref: str
    time: str
    outcome: str
    steps: tuple[Step, ...]
    advice: str

    @property
    def is_accepted(self) -> bool:
        """Return whether the person came in."""
        return self.outcome == "accepted"


def newest_launch(gate: Gate) -> Told | None:
    """Return the newest launch or refusal, or None before the first."""
    found = list_launches(gate.store, limit=1)
    return _told(gate, found[0]) if found else None


def newest_refusal(gate: Gate) -> str | None:
    """Return the reference of the newest refused launch."""
    return next((one.ref for one in list_launches(gate.store) if one.outcome != "accepted"), None)


def _told(gate: Gate, record: LaunchRecord) -> Told:
    steps = tuple(
        Step(check, outcome != FAILED, SPEC_OF_CHECK.get(check, ""), note)
        for check, outcome, note in read_trace(record.trace)
    )
    provider = provider_of(record.registration_id, gate.registrations)
    advice = "" if record.outcome == "accepted" else administrator_sentence(record.outcome, provider, gate.rooms)
    return Told(record.ref, f"{record.created_at:%H:%M:%S} UTC", record.outcome, steps, advice)
