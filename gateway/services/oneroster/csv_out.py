"""Whole districts as OneRoster CSV 1.2.1: everything that is there, or what changed since a time."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gateway.services.oneroster.roster import RosterReading
from gateway.store.applications import Application
from gateway.store.oneroster.terms import Comparison, Term
from providers.contract import BadData
from providers.kit.oneroster.csv.columns import files_of
from providers.kit.oneroster.csv.neutral import neutral
from providers.kit.oneroster.csv.writer import manifest_rows

FILES: Final = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments")
_BLANK_IN_BULK: Final = frozenset({"status", "dateLastModified"})
# The columns whose names CSV and REST do not share.
_MEMBER: Final = {
    "preferredGivenName": "preferredFirstName",
    "preferredFamilyName": "preferredLastName",
    "agentSourcedIds": "agents",
    "termSourcedIds": "terms",
}
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CsvOut:
    """Writes what an application may see. Memory holds one batch, and the ids of classes."""

    reading: RosterReading

    def write(
        self, application: Application, out: Path, *, since: datetime | None = None, for_spreadsheets: bool = False
    ) -> dict[str, int]:
        """Write a zip; return the number of rows of each file. A file without rows is absent, as the format wants.

        `for_spreadsheets` puts a mark before what a spreadsheet would calculate (attack E8), so these values change.
        """
        writing = _Writing(self.reading, application, since, neutral if for_spreadsheets else str)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            rows = {name: _add(package, name, writing.rows_of(name)) for name in FILES}
            mode = "bulk" if since is None else "delta"
            modes = {name: mode for name, count in rows.items() if count}
            package.writestr("manifest.csv", _text([("propertyName", "value"), *manifest_rows(modes)]))
        return rows


@dataclass(slots=True)
class _Writing:
    """One package. Classes without a course or term, which the format can't hold, are left out with their members."""

    reading: RosterReading
    application: Application
    since: datetime | None
    shown: Callable[[str], str]
    left_out: set[str] = field(default_factory=set)

    def rows_of(self, name: str) -> Iterator[list[str]]:
        """Yield a file's rows."""
        columns = [column.name for column in files_of("1.2")[name]]
        if name == "classes":
            self.left_out = {each["sourcedId"] for each in self._every("classes", None) if not _is_whole(each)}
        for each in self._every(name, self._term()):
            if not self._is_left_out(name, each):
                yield [self._cell(column, each) for column in columns]

    def _every(self, name: str, term: Term | None) -> Iterator[Document]:
        for batch in self.reading.every(self.application, name, term):
            yield from batch

    def _term(self) -> Term:
        if self.since is None:
            return Comparison("status", "=", "active")
        return Comparison("dateLastModified", ">", self.since.astimezone(UTC).isoformat())

    def _is_left_out(self, name: str, each: Document) -> bool:
        id = each["sourcedId"] if name == "classes" else each["class"]["sourcedId"] if name == "enrollments" else None
        return id in self.left_out

    def _cell(self, column: str, each: Document) -> str:
        if column in _BLANK_IN_BULK and self.since is None:
            return ""
        if column == "dateLastModified":
            return f"{each[column][:23]}Z"  # the format has milliseconds
        if column == "username":  # the format wants one
            return self.shown(each.get(column) or each["sourcedId"])
        value = each.get(_MEMBER.get(column, column.removesuffix("SourcedId")))
        return self.shown(_written(value))


def _is_whole(each: Document) -> bool:
    return "course" in each and "terms" in each


def _written(value: Any) -> str:
    """Return a member as a cell; nothing in a cell may break the line."""
    if value is None:
        return ""
    if isinstance(value, dict):
        is_user_id = "identifier" in value
        return f"{{{value['type']}:{value['identifier']}}}" if is_user_id else str(value["sourcedId"])
    if isinstance(value, list):
        return ",".join(
            f"{{{each['type']}:{each['identifier']}}}" if "identifier" in each else _written(each) for each in value
        )
    return str(value).replace("\r\n", " ").replace("\n", " ").replace("\r", " ")


def _add(package: zipfile.ZipFile, name: str, rows: Iterator[list[str]]) -> int:
    """Write a file if it has rows; return how many."""
    first = next(rows, None)
    if first is None:
        return 0
    count = 1
    with package.open(f"{name}.csv", "w") as file:
        file.write(_text([[column.name for column in files_of("1.2")[name]], first]).encode())
        for row in rows:
            file.write(_text([row]).encode())
            count += 1
    return count


def _text(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def since_of(query: Mapping[str, str]) -> datetime | None:
    """Return the time that a query names. Raises BadData (``oneroster.since_invalid``)."""
    text = query.get("since")
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text.replace(" ", "+"))  # a plus that nobody encoded
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadData(
            "oneroster.since_invalid", "since must be a dateTime, for example 2026-09-01T00:00:00Z."
        ) from None
