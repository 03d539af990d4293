"""Runs the whole demo: every part is up before the start page is announced, and all end together."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from gateway.demo.doors import Door, door_near, start_door
from gateway.demo.portals import portals_open
from gateway.demo.programs import Program, gateway_running
from gateway.demo.roster import set_up_roster
from gateway.demo.school import fresh_folder, open_demo_gate, set_up, write_config
from gateway.demo.script import Script, read_script
from gateway.demo.start_page import Stage, create_start_page
from gateway.demo.systems import Doors as SystemDoors
from gateway.demo.systems import System, ask_for_roster, serve_roster, systems_open
from gateway.sample import create_sample
from providers.kit.simulator import SimulatorConfig
from providers.kit.simulator.loading import lti_simulator

FOLDER = Path("var") / "demo"
Pause = Callable[[float], bool]  # waits some seconds; True: the demo is to end


@dataclass(frozen=True, slots=True)
class Doors:
    """Who is where. The school's system has another name than the rest: to a browser these are two sites."""

    start: Door
    gateway: Door
    lms: Door
    application: Door
    rest: Door
    portals: tuple[Door, ...] = ()
    systems: tuple[SystemDoors, ...] = ()

    @property
    def all(self) -> tuple[Door, ...]:
        """Return every door."""
        systems = (door for each in self.systems for door in each)
        return (self.start, self.gateway, self.lms, self.application, self.rest, *self.portals, *systems)

    @property
    def addresses(self) -> dict[str, str]:
        """Return the addresses as browsers use them."""
        own = {"start": self.start, "gateway": self.gateway, "application": self.application}
        return {name: door.at("localhost") for name, door in own.items()} | {"lms": self.lms.at("127.0.0.1")}


def run_demo(port: int, *, say: Callable[[str], None], pause: Pause, environment: Mapping[str, str]) -> None:
    """Show the demo until `pause` says that it is to end. Raises DemoFailed."""
    script = read_script()
    with ExitStack() as stack:
        doors = _doors(port, script)
        for door in doors.all:
            stack.callback(door.release)
        gateway = _raise_curtain(stack, script, doors, environment)
        if gateway.is_ready_in_time(pause):
            say(_welcome(doors))
        while not pause(0.2):
            gateway.check()


def _doors(port: int, script: Script) -> Doors:
    start, near = start_door(port), map(door_near, count(port + 1))
    gateway, lms, application, rest = (next(near) for _ in range(4))
    portals = tuple(next(near) for _ in script.portals)
    systems = tuple(SystemDoors(next(near), next(near)) for _ in script.systems)
    return Doors(start, gateway, lms, application, rest, portals, systems)


def _raise_curtain(stack: ExitStack, script: Script, doors: Doors, environment: Mapping[str, str]) -> Program:
    """Start every part and return the one that is a program of its own."""
    at = doors.addresses
    folder = fresh_folder(doors.start.port, FOLDER)
    config = write_config(folder, gateway=at["gateway"], allowed_host=_allowed(doors))
    gate = open_demo_gate(config)
    stack.callback(gate.close)
    simulator = lti_simulator(script.simulator)
    platform = simulator.PLATFORM(_tool(script, at))
    lms_settings = {**platform.settings(), **serve_roster(stack, script.simulator, doors.rest)}
    done = set_up(gate, script, lms_settings=lms_settings, application_url=at["application"])
    ask_for_roster(gate, done.integration_id)
    stack.enter_context(doors.lms.serve(simulator.create_simulator(platform.config, platform=platform)))
    sample = create_sample(
        issuer=at["gateway"],
        client_id=done.client_id,
        client_secret=done.client_secret,
        own_url=at["application"],
        secret_key=done.client_secret,
    )
    stack.enter_context(doors.application.serve(sample))
    portals = stack.enter_context(portals_open(gate, script, doors.portals))
    systems = stack.enter_context(systems_open(gate, script, platform.config, doors.systems))
    stage = Stage(
        script=script,
        label=platform.label,
        addresses=at,
        terminal=_terminal(config),
        integration_id=done.integration_id,
        rostered=set_up_roster(gate, script, folder / "roster"),
        portals=tuple(portals),
        systems=(System(gate.rooms.room(script.simulator).label, at["lms"], done.integration_id), *systems),
    )
    stack.enter_context(doors.start.serve(create_start_page(stage, gate)))
    doors.gateway.release()
    return stack.enter_context(gateway_running(doors.gateway.port, config, folder / "gateway.log", environment))


def _tool(script: Script, at: Mapping[str, str]) -> SimulatorConfig:
    launch = f"{at['gateway']}/lti/launch"
    return SimulatorConfig(
        issuer=at["lms"],
        client_id=script.client_id,
        deployment_id=script.deployment_id,
        tool_login_url=f"{at['gateway']}/lti/login",
        tool_redirect_url=launch,
        target_link_uri=launch,
        panel_url=f"{at['start']}/traces",
        start_url=at["start"],
    )


def _allowed(doors: Doors) -> str:
    """Return the loopback hosts that the gateway may call."""
    return ",".join(f"127.0.0.1:{door.port}" for door in doors.all if door not in {doors.start, doors.gateway})


def _terminal(config: Path) -> str:
    """Return the line that lets `schoolgate` in another terminal speak to this demo."""
    programs = shlex.quote(str(Path(sys.executable).parent))
    return f'export SCHOOLGATE_CONFIG={shlex.quote(str(config))} PATH={programs}:"$PATH"'


def _welcome(doors: Doors) -> str:
    at = doors.addresses
    return (
        f"\nSchoolgate's demo is up. Open {at['start']} in a browser.\n\n"
        f"  gateway             {at['gateway']}\n"
        f"  simulated system    {at['lms']}\n"
        f"  sample application  {at['application']}\n\n"
        "Ctrl-C ends it; the next start begins afresh.\n"
    )
