"""Writes a made-up roster, as JSON tells it, as a package of OneRoster CSV 1.2.1."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from providers.kit.oneroster.csv.columns import files_of
from providers.kit.oneroster.csv.writer import manifest_rows
from providers.kit.simulator.roster_data import Record, Roster

# Columns that are named otherwise than the member of the JSON they come from.
_MEMBERS: Final = {
    "preferredGivenName": "preferredFirstName",
    "preferredFamilyName": "preferredLastName",
    "agentSourcedIds": "agents",
    "termSourcedIds": "terms",
    "parentSourcedId": "parent",
    "schoolYearSourcedId": "schoolYear",
}
_NEVER: Final = {"status", "dateLastModified"}  # blank in a bulk file


def write_roster_csv(roster: Roster, folder: Path) -> None:
    """Write the roster's files and their manifest into a folder."""
    files: Mapping[str, Iterable[Record]] = {**roster, "roles": _roles(roster["users"])}
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, "manifest", [("propertyName", "value"), *manifest_rows(dict.fromkeys(files, "bulk"))])
    for name, records in files.items():
        columns = [column.name for column in files_of("1.2")[name]]
        _write(folder, name, [columns, *([_cell(each, column) for column in columns] for each in records)])


def _write(folder: Path, name: str, rows: Iterable[Sequence[str]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _roles(users: Iterable[Record]) -> Iterator[Record]:
    for user in users:
        for number, role in enumerate(user.get("roles", ())):
            yield {**role, "sourcedId": f"{user['sourcedId']}/{number}", "user": {"sourcedId": user["sourcedId"]}}


def _cell(record: Record, column: str) -> str:
    if column in _NEVER:
        return ""
    member = column.removesuffix("SourcedId") if column != "sourcedId" else column
    return _text(record.get(_MEMBERS.get(column, member if column.endswith("SourcedId") else column), ""))


def _text(value: Any) -> str:
    if isinstance(value, dict):
        own = value.get("sourcedId")
        return str(own) if own is not None else f"{{{value['type']}:{value['identifier']}}}"
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return str(value)
