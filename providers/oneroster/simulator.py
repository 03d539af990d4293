"""A OneRoster provider on loopback that goes by the book until its switches say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from flask import Flask

from providers.kit.simulator.roster_app import create_roster_app
from providers.kit.simulator.roster_auth import BEARER, CLIENT_ID, CLIENT_SECRET
from providers.kit.simulator.roster_data import Roster
from providers.kit.simulator.roster_provider import ROOTS, TOKEN_PATH, SimulatedRosterProvider
from providers.kit.simulator.roster_switches import RosterSwitches
from providers.kit.simulator.roster_truth import truth_of
from providers.kit.simulator.serving import running
from providers.kit.simulator.simulated_roster import RosterFault, SimulatedRoster

__all__ = [
    "PROVIDER",
    "ROSTER_FAULTS",
    "SimulatedRosterProvider",
    "create_simulator",
    "settings_for",
    "simulate_roster",
]

_FAULTS: Final[dict[RosterFault, dict[str, Any]]] = {
    "busy": {"busy": ((429, "1"), (503, ""), (429, ""))},
    "bad_gateway": {"bad_gateway_above": 300},
    "token_dies": {"token_dies_after": 7},
    "unauthorized": {"refuses_from": 9},
    "changed": {"revision_changes": True},
    "cut": {"page": "short"},
    "torn": {"page": "torn"},
    "html": {"page": "html"},
    "error": {"page": "error"},
    "empty": {"page": "empty"},
    "nested": {"missing": {"enrollments": 404}},
    "nested_cut": {"missing": {"enrollments": 404}, "page": "short", "fault_in": "schools/*/classes/*/enrollments"},
}
ROSTER_FAULTS: Final = tuple(_FAULTS)

PROVIDER = SimulatedRosterProvider


def create_simulator(provider: SimulatedRosterProvider | None = None) -> Flask:
    """Return the simulated provider as a web application."""
    return create_roster_app(provider or PROVIDER())


def settings_for(provider: SimulatedRosterProvider, base_url: str) -> dict[str, Any]:
    """Return the settings that reach this provider at its address."""
    switches = provider.switches
    kinds = {"oauth2": "oauth2", "oauth1": "oauth1-sha256", "bearer": "bearer"}
    return {
        "base_url": f"{base_url}{ROOTS[switches.version]}",
        "client_id": CLIENT_ID,
        "client_secret": BEARER if switches.auth == "bearer" else CLIENT_SECRET,
        "auth": kinds[switches.auth],
        "token_url": f"{base_url}{TOKEN_PATH}",
        "scope": switches.scope,
    }


@contextmanager
def simulate_roster(roster: Roster, _folder: Path) -> Iterator[SimulatedRoster]:
    """Serve this roster on loopback."""
    usual = RosterSwitches(page_cap=max(len(roster["users"]) // 3, 10))  # everything large takes several pages
    provider = PROVIDER(roster, usual)

    def strike(*faults: RosterFault) -> None:
        provider.switches = replace(
            usual, **{name: value for fault in faults for name, value in _FAULTS[fault].items()}
        )

    with running(lambda _: create_simulator(provider)) as base_url:
        yield SimulatedRoster(settings_for(provider, base_url), lambda: truth_of(provider.roster), strike)
