"""Makes columns of cells of lines of bytes; a line that is no row of as many cells as the header is told, with why."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Final

from providers.kit.oneroster.csv.lines import OVERLONG, UNCLOSED, split_row

_MARKS: Final = {OVERLONG: "csv.line_too_long", UNCLOSED: "csv.quote_unclosed"}
# RFC 4180: quotes begin and end a cell and are doubled within; a cell without them holds none.
_WELL_FORMED: Final = re.compile(r'(?:"(?:[^"]|"")*+"|[^",]*+)(?:,(?:"(?:[^"]|"")*+"|[^",]*+))*+')

Odd = tuple[int, str, bool]  # row number, code, whether the row is lost


class RowReader:
    """Reads blocks of lines as columns of cells, as many as the header has."""

    def __init__(self, width: int, *, is_strict: bool) -> None:
        self._width = width
        self._is_strict = is_strict

    def read(
        self, lines: Sequence[bytes], numbers: Sequence[int]
    ) -> tuple[list[Sequence[str]], Sequence[int], list[Odd]]:
        """Return the columns with the numbers of their rows, and what was odd; no columns when no row is left."""
        columns = self._at_once(lines)
        if columns is not None:
            return columns, numbers, []
        rows, kept, odd = [], [], []
        for line, number in zip(lines, numbers, strict=True):
            row, code = self._one(line)
            if code is not None:  # an empty line costs nobody a record
                odd.append((number, code, row is None and (self._is_strict or code != "csv.blank_line")))
            if row is not None:
                rows.append(row)
                kept.append(number)
        return list(zip(*rows, strict=True)), kept, odd

    def _at_once(self, lines: Sequence[bytes]) -> list[Sequence[str]] | None:
        """Return the columns of a block in which nothing is odd, or None."""
        try:
            text = b"\n".join(lines).decode()
        except UnicodeDecodeError:
            return None
        if "\0" in text or "\r" in text:
            return None
        if '"' in text:
            rows = self._quoted(text.split("\n"), len(lines))
            return list(zip(*rows, strict=True)) if rows else None
        # Without quotes a block is one long list of cells, of which each column is every so manieth; the line breaks,
        # cells of their own here, must be one of these columns.
        cells, step = text.replace("\n", ",\n,").split(","), self._width + 1
        if len(cells) != step * len(lines) - 1 or cells[self._width :: step].count("\n") != len(lines) - 1:
            return None
        return [cells[at::step] for at in range(self._width)]

    def _quoted(self, texts: list[str], count: int) -> list[list[str]] | None:
        if len(texts) != count:  # a line break between quotes
            return None
        if self._is_strict and not all(_WELL_FORMED.fullmatch(text) for text in texts if '"' in text):
            return None
        try:
            rows = list(csv.reader(texts, strict=True))
        except csv.Error:
            return None
        return rows if len(rows) == count and set(map(len, rows)) == {self._width} else None

    def _one(self, line: bytes) -> tuple[list[str] | None, str | None]:
        """Return a line's cells, or None, and what is odd about it."""
        if line in _MARKS:
            return None, _MARKS[line]
        text, odd = self._decode(line)
        if text is None or "\0" in text:
            return None, odd or "csv.nul"
        if not text:
            return None, "csv.blank_line"
        if "\r" in text or "\n" in text:
            odd = "csv.bare_cr" if "\r" in text else "csv.line_break"
            if self._is_strict:
                return None, odd
        row = split_row(text)
        if row is None or (self._is_strict and not _WELL_FORMED.fullmatch(text)):
            return None, "csv.bare_cr" if odd == "csv.bare_cr" else "csv.quote_misplaced"
        return self._fit(row, odd)

    def _decode(self, line: bytes) -> tuple[str | None, str | None]:
        try:
            return line.decode(), None
        except UnicodeDecodeError:
            if self._is_strict:
                return None, "csv.utf8"
        try:
            return line.decode("cp1252"), "csv.cp1252"
        except UnicodeDecodeError:
            return None, "csv.utf8"

    def _fit(self, row: list[str], odd: str | None) -> tuple[list[str] | None, str | None]:
        if len(row) == self._width:
            return row, odd
        if len(row) < self._width:
            return None, "csv.row_short"
        if self._is_strict or any(row[self._width :]):
            return None, "csv.row_long"
        return row[: self._width], "csv.row_long"
