"""A OneRoster provider on loopback that goes by the book until its switches say otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from providers.kit.simulator.roster_app import create_roster_app
from providers.kit.simulator.roster_auth import BEARER, CLIENT_ID, CLIENT_SECRET
from providers.kit.simulator.roster_data import Roster
from providers.kit.simulator.roster_provider import ROOTS, TOKEN_PATH, SimulatedRosterProvider
from providers.kit.simulator.serving import running

__all__ = ["PROVIDER", "SimulatedRosterProvider", "create_simulator", "settings_for", "simulate_roster"]

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
def simulate_roster(roster: Roster, _folder: Path) -> Iterator[Mapping[str, Any]]:
    """Serve this roster on loopback, and yield the settings with which the room reads it."""
    provider = PROVIDER(roster)
    with running(lambda _: create_simulator(provider)) as base_url:
        yield settings_for(provider, base_url)
