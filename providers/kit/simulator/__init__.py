"""Parts of simulated providers: foreign houses on loopback with their own keys, for tests and the demo only."""

from providers.kit.simulator.config import Paths, SimulatorConfig
from providers.kit.simulator.keys import SigningKey
from providers.kit.simulator.lti_platform import Answer, SimulatedPlatform
from providers.kit.simulator.people import COURSES, PEOPLE, Course, Person
from providers.kit.simulator.switches import Switches

__all__ = [
    "COURSES",
    "PEOPLE",
    "Answer",
    "Course",
    "Paths",
    "Person",
    "SigningKey",
    "SimulatedPlatform",
    "SimulatorConfig",
    "Switches",
]
