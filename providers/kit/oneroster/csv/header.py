"""Reads the first row of a file: which column stands where, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from providers.kit.oneroster.csv.columns import METADATA, Column
from providers.kit.oneroster.csv.lines import OVERLONG, split_row
from providers.kit.oneroster.csv.options import MOST_COLUMNS

# A column's fault: its name (only of the specification's columns, or none), the code, whether the file can't be read.
HeaderFault = tuple[str | None, str, bool]


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column stands in a row, how wide a row is, and what was odd."""

    places: dict[str, int]
    width: int
    faults: tuple[HeaderFault, ...]

    @property
    def is_readable(self) -> bool:
        """Return whether rows can be read at all."""
        return not any(is_fatal for _, _, is_fatal in self.faults)


def read_header(line: bytes, columns: Sequence[Column], *, is_strict: bool) -> Header:
    """Read the first row. Strictly, every oddity is fatal; liberally, only the lack of a vital column."""
    cells = None if line == OVERLONG else split_row(line.decode("utf-8", "replace"))
    if cells is None or len(cells) > MOST_COLUMNS:
        return Header(
            {}, 0, ((None, "csv.header_too_wide" if line == OVERLONG or cells else "csv.header_missing", True),)
        )
    known = {column.name.lower(): column.name for column in columns}
    faults: list[tuple[str | None, str]] = []
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name, code = _name(cell, known)
        if name and name in places:
            faults.append((name, "csv.header_twice"))
        elif name:
            places[name] = place
        if code:
            faults.append((name, code))
    if not places:
        return Header({}, len(cells), ((None, "csv.header_missing", True),))
    faults += _order(cells, places, columns)
    vital = {column.name for column in columns if column.is_vital}
    missing = [column.name for column in columns if column.name not in places]
    told: list[HeaderFault] = [(name, code, is_strict) for name, code in faults]
    told += [
        (name, "csv.column_vital" if name in vital else "csv.column_missing", is_strict or name in vital)
        for name in missing
    ]
    return Header(places, len(cells), tuple(told))


def _name(cell: str, known: dict[str, str]) -> tuple[str | None, str | None]:
    """Return a column's name in the specification, if it has one, and what is odd about how it is written."""
    plain = cell.strip()
    if not plain:
        return None, "csv.header_empty"
    if plain.startswith(METADATA):
        return None, None if len(plain) > len(METADATA) else "csv.metadata_name"
    name = known.get(plain.lower())
    if name is None:
        return None, "csv.column_unknown"
    return name, None if name == cell else "csv.header_case"


def _order(cells: Sequence[str], places: dict[str, int], columns: Sequence[Column]) -> list[tuple[str | None, str]]:
    wanted = [column.name for column in columns if column.name in places]
    faults: list[tuple[str | None, str]] = []
    if list(places) != wanted:
        faults.append((None, "csv.header_order"))
    own = [place for place, cell in enumerate(cells) if cell.strip().startswith(METADATA)]
    if own and own[0] < max(places.values()):
        faults.append((None, "csv.metadata_place"))
    return faults
