"""A student information system that exports OneRoster CSV: writes a roster as the package that the room reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from providers.kit.simulator.roster_csv import write_roster_csv
from providers.kit.simulator.roster_data import Roster
from providers.kit.simulator.roster_truth import truth_of
from providers.kit.simulator.simulated_roster import RosterFault, SimulatedRoster

ROSTER_FAULTS: Final[tuple[RosterFault, ...]] = ()  # files lie still while they are read


@contextmanager
def simulate_roster(roster: Roster, folder: Path) -> Iterator[SimulatedRoster]:
    """Export the roster below `folder`."""
    path = folder / "oneroster"
    write_roster_csv(roster, path)

    def strike(*_faults: RosterFault) -> None:
        """Know none."""

    yield SimulatedRoster({"path": str(path)}, lambda: truth_of(roster, numbers_roles=True), strike)
