"""Finds the simulator of a room by the room's key; no production list knows it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from flask import Flask

from providers.kit.simulator.config import SimulatorConfig
from providers.kit.simulator.lti_platform import SimulatedPlatform
from providers.kit.simulator.roster_data import Roster
from providers.kit.simulator.simulated_portal import OpenPortal, PortalFault, SimulatedPortal
from providers.kit.simulator.simulated_roster import OpenRoster, RosterFault, SimulatedRoster


class LtiSimulator(Protocol):
    """What a room's `simulator.py` offers when the room has LTI launches."""

    PLATFORM: type[SimulatedPlatform]

    def create_simulator(self, config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
        """Return the simulated platform as a web application."""
        ...


class RosterSimulator(Protocol):
    """What a room's `simulator.py` offers when the room has rosters."""

    ROSTER_FAULTS: tuple[RosterFault, ...]

    def simulate_roster(self, roster: Roster, folder: Path) -> AbstractContextManager[SimulatedRoster]:
        """Let the simulated system have these people and classes, in its own ids and words; `folder` is its own."""
        ...


class SignInSimulator(Protocol):
    """What a room's `simulator.py` offers when the room signs people in."""

    PORTAL_FAULTS: tuple[PortalFault, ...]

    def create_portal(self, base_url: str) -> OpenPortal:
        """Return a portal that browsers find at this address, with people whom the demo knows."""
        ...

    def simulate_sign_in(self) -> AbstractContextManager[SimulatedPortal]:
        """Serve a portal, and yield what is to be known of it."""
        ...


class OwnRosterSimulator(RosterSimulator, Protocol):
    """What it offers besides when the room has both, so that they can meet."""

    def own_roster(self) -> Roster:
        """Return the roster of those whom the simulated platform's launches bring."""
        ...

    def open_roster(self, base_url: str) -> OpenRoster:
        """Return that roster's interface, which is served at this address."""
        ...


def own_roster(key: str) -> Roster:
    """Return the roster of those whom the launches of a room's simulated platform bring."""
    return cast(OwnRosterSimulator, import_module(f"providers.{key}.simulator")).own_roster()


def open_roster(key: str, base_url: str) -> OpenRoster:
    """Return the interface of that roster, to be served at this address."""
    return cast(OwnRosterSimulator, import_module(f"providers.{key}.simulator")).open_roster(base_url)


def lti_simulator(key: str) -> LtiSimulator:
    """Return the module ``providers.<key>.simulator``. Raises ModuleNotFoundError when the room has none."""
    return cast(LtiSimulator, import_module(f"providers.{key}.simulator"))


def roster_simulator(key: str) -> RosterSimulator:
    """Return the module ``providers.<key>.simulator``. Raises ModuleNotFoundError when the room has none."""
    return cast(RosterSimulator, import_module(f"providers.{key}.simulator"))


def sign_in_simulator(key: str) -> SignInSimulator:
    """Return the module ``providers.<key>.simulator``. Raises ModuleNotFoundError when the room has none."""
    return cast(SignInSimulator, import_module(f"providers.{key}.simulator"))
