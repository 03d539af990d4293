"""Opens a file as a table: its encoding, its delimiter and its headings found, its rows one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.services.native_import.encodings import codec_of, refuse_other_files
from gateway.services.native_import.faults import unreadable_file
from gateway.services.native_import.headings import knows_any
from gateway.services.native_import.records import Record, Records, first_records
from providers.kit.oneroster.csv.neutral import plain

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 100_000
DELIMITERS: Final = (",", ";", "\t", "|")
_DECLARED: Final = re.compile(r"sep=(.)")  # Excel's own first line
_LOOK: Final = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that can be read. `headings` are as they stand; `first_row` is the number of the row behind them."""

    data: bytes
    codec: str
    delimiter: str
    skip_lines: int
    headings: tuple[str, ...]
    headings_row: int

    def rows(self) -> Iterator[Record]:
        """Yield the rows behind the headings that are not blank. Raises BadData behind the hundred-thousandth."""
        for count, record in enumerate(self._filled(), 1):
            if count > MOST_ROWS:
                raise unreadable_file("students.too_many_rows")
            yield record

    def _filled(self) -> Iterator[Record]:
        for record in Records(self.data, self.codec, self.delimiter, skip_lines=self.skip_lines):
            if record.number > self.headings_row and (record.code or any(map(str.strip, record.cells))):
                yield record


def open_sheet(data: bytes, *, encoding: str | None = None) -> Sheet:
    """Return the table in a file. `encoding` is what a person chose, None to guess. Raises BadData for no table."""
    if len(data) > MOST_BYTES:
        raise unreadable_file("students.too_large")
    refuse_other_files(data)
    codec = codec_of(data, encoding)
    delimiter, skip_lines = _delimiter(data, codec)
    found = first_records(data, codec, delimiter, skip_lines=skip_lines, most=1)
    if not found:
        raise unreadable_file("students.empty")
    if found[0].code:
        raise unreadable_file("students.headings_too_wide")
    headings = tuple(heading(cell) for cell in found[0].cells)
    if not any(map(str.isalnum, "".join(headings))):
        raise unreadable_file("students.headings_missing")
    return Sheet(data, codec, delimiter, skip_lines, headings, found[0].number)


def heading(cell: str) -> str:
    """Return a heading as it is shown: one line, cut to a length that a page bears."""
    return " ".join(plain(cell.replace("\ufeff", "").replace("\0", "").strip()).split())[:80]


def _delimiter(data: bytes, codec: str) -> tuple[str, int]:
    """Return what stands between cells, and how many lines come before the table."""
    first = first_records(data, codec, "\0", skip_lines=0, most=1)
    declared = _DECLARED.fullmatch(first[0].cells[0].strip().strip('"')) if first and first[0].cells else None
    if declared:
        return declared[1], first[0].number
    return max(DELIMITERS, key=lambda each: _likelihood(data, codec, each)), 0


def _likelihood(data: bytes, codec: str, delimiter: str) -> tuple[int, int, int]:
    """Return how likely a delimiter is: headings that are known, rows as wide as these, and width."""
    rows = first_records(data, codec, delimiter, skip_lines=0, most=_LOOK)
    if not rows or rows[0].code:
        return (0, 0, 0)
    width = len(rows[0].cells)
    alike = sum(1 for row in rows if len(row.cells) == width) if width > 1 else 0
    return (knows_any(rows[0].cells[:200]), alike, width)
