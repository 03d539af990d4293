"""Cuts text into records, each numbered as the spreadsheet numbers its rows; one bad record spoils no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from providers.kit.oneroster.csv.options import LONGEST_LINE, MOST_COLUMNS

_MOST_JOINED: Final = 100  # lines: a quotation mark that is open for longer was forgotten, not meant
_MOST_QUOTED: Final = 2 * LONGEST_LINE


class Record(NamedTuple):
    """One row: its number (the headings' row is 1), its cells, and the code of what makes it unreadable."""

    number: int
    cells: list[str]
    code: str | None = None


class Records:
    """The records of a text, one after the other, with never more in memory than the longest may be."""

    def __init__(self, data: bytes, codec: str, delimiter: str, *, skip_lines: int = 0) -> None:
        self._width = 0  # of the first row that can be read
        # Universal line breaks: \r\n, \n and old Macs' \r.
        self._text = io.TextIOWrapper(io.BytesIO(data), codec, errors="replace", newline=None)
        self._delimiter = delimiter
        self._waiting: list[str] = []
        for _ in range(skip_lines):
            self._line()

    def __iter__(self) -> Iterator[Record]:
        number = 0
        while (line := self._line()) is not None:
            number += 1
            yield self._record(number, line)

    def _line(self) -> str | None:
        """Return the next line without its break; one that is too long is cut, so that it is known by its length."""
        if self._waiting:
            return self._waiting.pop()
        line = self._text.readline(LONGEST_LINE + 1)
        if not line:
            return None
        if len(line) > LONGEST_LINE and not line.endswith("\n"):
            while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            return line
        return line.removesuffix("\n")

    def _record(self, number: int, line: str) -> Record:
        if len(line) > LONGEST_LINE:
            return Record(number, [], "row.too_long")
        if line.count('"') & 1 and self._is_torn(line):
            joined = self._join(line)
            if joined is None:
                return Record(number, [], "row.quotes")
            line = joined
        return self._cells(number, line)

    def _is_torn(self, line: str) -> bool:
        """Return whether a cell of this line is opened with a quotation mark: in the middle of one it is a letter."""
        mark = f'{self._delimiter}"'
        return line.lstrip().startswith('"') or mark in line.replace(f"{self._delimiter} ", self._delimiter)

    def _join(self, line: str) -> str | None:
        """Put together what line breaks between quotation marks tore apart, or return None and give the lines back."""
        parts, size = [line], len(line)
        taken: list[str] = []
        while len(taken) < _MOST_JOINED and size <= _MOST_QUOTED and (more := self._line()) is not None:
            taken.append(more)
            parts.append(more)
            size += len(more)
            if more.count('"') & 1:
                if self._is_plausible(parts):
                    return "\n".join(parts)
                break
        self._waiting.extend(reversed(taken))
        return None

    def _is_plausible(self, parts: list[str]) -> bool:
        """Return whether lines look like one torn row: what stands between the first and the last is part of a cell."""
        most = max(self._width - 1, 1)
        if any(part.count(self._delimiter) >= most for part in parts[1:-1]):
            return False
        cells = _split("\n".join(parts), self._delimiter)
        return cells is not None and (not self._width or len(cells) <= self._width)

    def _cells(self, number: int, line: str) -> Record:
        if line.count(self._delimiter) >= MOST_COLUMNS:
            return Record(number, [], "row.too_wide")
        cells = _split(line, self._delimiter)
        if cells is None:
            cells = line.split(self._delimiter)  # quotation marks that a spreadsheet would show as they stand
        self._width = self._width or len(cells)
        return Record(number, cells)


def _split(line: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error:
        return None


def first_records(data: bytes, codec: str, delimiter: str, *, skip_lines: int, most: int) -> list[Record]:
    """Return the first records that are not blank."""
    records = Records(data, codec, delimiter, skip_lines=skip_lines)
    return list(islice((each for each in records if each.code or any(map(str.strip, each.cells))), most))
