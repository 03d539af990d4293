"""A room with services beside its simulated platform, on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from providers.contract import Context, LtiService, Provider, read_settings
from providers.kit.simulator import SimulatedPlatform
from providers.kit.simulator.loading import lti_simulator
from tests.support.lti_services import LmsServices, lms_services


@dataclass(frozen=True)
class ServiceRoom:
    """A room, its simulated platform, and what it needs to call it."""

    plate: Provider
    lms: LmsServices
    context: Context[Any]

    @property
    def platform(self) -> SimulatedPlatform:
        return self.lms.platform

    @property
    def service(self) -> LtiService:
        assert self.plate.launch is not None
        endpoints = self.plate.launch.endpoints(self.context.settings)
        return LtiService(endpoints, self.platform.config.deployment_id)


@contextmanager
def service_room(plate: Provider) -> Iterator[ServiceRoom]:
    """Run the room's simulator."""
    with lms_services(lti_simulator(plate.key).PLATFORM) as lms:
        settings = read_settings(plate.settings, lms.platform.settings())
        yield ServiceRoom(plate, lms, replace(lms.context, settings=settings))
