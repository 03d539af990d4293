"""A platform that goes by the book, on loopback."""

from __future__ import annotations

from flask import Flask

from providers.kit.simulator import SimulatedPlatform, SimulatorConfig
from providers.kit.simulator.lti_app import create_app

PLATFORM = SimulatedPlatform


def create_simulator(config: SimulatorConfig, *, platform: SimulatedPlatform | None = None) -> Flask:
    """Return the simulated platform as a web application."""
    return create_app(platform or PLATFORM(config))
