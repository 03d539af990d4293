"""A student information system that exports OneRoster CSV: writes a roster as the package that the room reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from providers.kit.simulator.roster_csv import write_roster_csv
from providers.kit.simulator.roster_data import Roster


@contextmanager
def simulate_roster(roster: Roster, folder: Path) -> Iterator[Mapping[str, Any]]:
    """Export the roster below `folder`, and yield the settings with which the room reads it."""
    path = folder / "oneroster"
    write_roster_csv(roster, path)
    yield {"path": str(path)}
