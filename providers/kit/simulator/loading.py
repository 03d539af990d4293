"""Finds the simulator of a room by the room's key; no production list knows it."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from flask import Flask

from providers.kit.simulator.config import SimulatorConfig
from providers.kit.simulator.lti_platform import SimulatedPlatform


class LtiSimulator(Protocol):
    """What a room's `simulator.py` offers when the room has LTI launches."""

    PLATFORM: type[SimulatedPlatform]

    def create_simulator(self, config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
        """Return the simulated platform as a web application."""
        ...


def lti_simulator(key: str) -> LtiSimulator:
    """Return the module ``providers.<key>.simulator``. Raises ModuleNotFoundError when the room has none."""
    return cast(LtiSimulator, import_module(f"providers.{key}.simulator"))
