"""A room with rosters beside its simulated system, and what a reading of it brings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from providers.contract import Batch, Context, Finished, Provider, read_settings
from providers.contract.roster import Roster as RosterCapability
from providers.kit.simulator.loading import roster_simulator
from providers.kit.simulator.roster_data import Roster
from providers.kit.simulator.simulated_roster import SimulatedRoster
from tests.support.rostering import Read, gather, plain_context


@dataclass(frozen=True)
class RosterRoom:
    """The room, what it reads, and what it needs to."""

    room: RosterCapability
    system: SimulatedRoster
    context: Context[Any]

    def parts(self, resume: str | None = None) -> Iterator[Batch | Finished]:
        return self.room.read(self.context, resume=resume)

    def read(self, resume: str | None = None) -> Read:
        return gather(self.parts(resume))


@contextmanager
def roster_room(plate: Provider, roster: Roster, folder: Path) -> Iterator[RosterRoom]:
    """Let the room's simulated system have these people, and yield the room that reads them."""
    assert plate.roster
    with roster_simulator(plate.key).simulate_roster(roster, folder) as system, plain_context() as context:
        yield RosterRoom(plate.roster, system, context(read_settings(plate.settings, system.settings)))
