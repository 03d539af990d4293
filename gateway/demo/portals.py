"""The demo's portals: simulated systems that sign people in, each joined to a district of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from gateway.demo.doors import LOOPBACK, Door
from gateway.demo.script import Script
from gateway.demo.systems import ask_for_roster
from gateway.store.orgs import add_org
from gateway.wiring import Gate
from providers.kit.simulator.loading import sign_in_simulator

ACTOR = "demo"


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal on the start page."""

    label: str
    address: str
    integration_id: str


@contextmanager
def portals_open(gate: Gate, script: Script, doors: Sequence[Door]) -> Iterator[list[Portal]]:
    """Serve every portal, join its district, enter our address in its screens and ask for its roster."""
    with ExitStack() as stack:
        yield [_open(stack, gate, script, key, door) for key, door in zip(script.portals, doors, strict=True)]


def _open(stack: ExitStack, gate: Gate, script: Script, key: str, door: Door) -> Portal:
    made = sign_in_simulator(key).create_portal(door.at(LOOPBACK))
    stack.enter_context(door.serve(made.app))
    org = add_org(gate.store, name=script.portal_district, type="district", parent=None, actor=ACTOR, at=gate.now())
    added = gate.integrations.add(key, org_id=org.sourced_id, values=made.settings, actor=ACTOR)
    made.register(gate.sign_ins.callback(str(added.registration_id)))
    ask_for_roster(gate, added.integration_id)
    return Portal(gate.rooms.room(key).label, f"{door.at(LOOPBACK)}{made.home}", added.integration_id)
