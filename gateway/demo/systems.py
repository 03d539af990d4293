"""The demo's LMSs: simulated systems whose launches come in and whose rosters are read from the same school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple

from gateway.demo.doors import LOOPBACK, Door
from gateway.demo.script import Script
from gateway.services.schedules import RUN
from gateway.store.orgs import add_org
from gateway.wiring import Gate
from providers.kit.simulator import SimulatorConfig
from providers.kit.simulator.loading import lti_simulator, open_roster

ACTOR = "demo"


class Doors(NamedTuple):
    """Where one system is: its pages and its REST interface."""

    pages: Door
    rest: Door


@dataclass(frozen=True, slots=True)
class System:
    """One LMS on the start page."""

    label: str
    address: str
    integration_id: str


def serve_roster(stack: ExitStack, key: str, door: Door) -> Mapping[str, object]:
    """Serve a system's REST interface and return the settings that read it."""
    opened = open_roster(key, door.at(LOOPBACK))
    stack.enter_context(door.serve(opened.app))
    return opened.settings


def ask_for_roster(gate: Gate, integration_id: str) -> None:
    """Ask a worker for the first sync."""
    args = {"integration": integration_id, "preview": False}
    gate.jobs.enqueue(RUN, args, key=f"{RUN}:{integration_id}")


@contextmanager
def systems_open(gate: Gate, script: Script, tool: SimulatorConfig, doors: Sequence[Doors]) -> Iterator[list[System]]:
    """Serve every further LMS, join its district and ask for its roster; `tool` is how the first one knows us."""
    with ExitStack() as stack:
        yield [_open(stack, gate, script, tool, key, at) for key, at in zip(script.systems, doors, strict=True)]


def _open(stack: ExitStack, gate: Gate, script: Script, tool: SimulatorConfig, key: str, doors: Doors) -> System:
    simulator = lti_simulator(key)
    address = doors.pages.at(LOOPBACK)
    platform = simulator.PLATFORM(replace(tool, issuer=address))
    stack.enter_context(doors.pages.serve(simulator.create_simulator(platform.config, platform=platform)))
    values = {**platform.settings(), **serve_roster(stack, key, doors.rest)}
    org = add_org(gate.store, name=script.system_district, type="district", parent=None, actor=ACTOR, at=gate.now())
    added = gate.integrations.add(key, org_id=org.sourced_id, values=values, actor=ACTOR)
    ask_for_roster(gate, added.integration_id)
    return System(gate.rooms.room(key).label, address, added.integration_id)
