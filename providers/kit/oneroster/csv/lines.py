"""Cuts a file into lines without ever holding more than a block and one line of it.

A line here is a record's: a line break between quotes belongs to it. Bytes stay bytes, so that a line can be recognised
before anything of it is understood.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from itertools import chain
from typing import IO, Final

from providers.kit.oneroster.csv.options import LONGEST_LINE

BLOCK: Final = 256 * 1024
MOST_LINES: Final = 4_000  # in a block
_MOST_JOINED: Final = 100  # a quote that is open for longer was forgotten, not meant
# Stand for a line that can't be kept or can't be cut; a NUL never is in a good line.
OVERLONG: Final = b"\0overlong"
UNCLOSED: Final = b"\0unclosed"

_UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Lines:
    """The lines of one open file behind its `header`, in blocks.

    `ends_cleanly` is known at the end: whether the last line was a whole one.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._first = file.read(BLOCK)
        self.encoding = _encoding(self._first)
        self.has_bom = self._first.startswith(codecs.BOM_UTF8)
        self.has_mac_breaks = self.encoding == "utf-8" and b"\r" in self._first and b"\n" not in self._first
        self.ends_cleanly = True
        self._chunk = self._chunks()
        self.header, self._behind = self._read_header()
        self._width = len(split_row(self.header.decode("cp1252", "replace")) or ())

    def _read_header(self) -> tuple[bytes, bytes]:
        data = b""
        for chunk in self._chunk:
            data += chunk
            if b"\n" in data or len(data) > LONGEST_LINE:
                break
        header, _, behind = data.partition(b"\n")
        return (header, behind) if len(header) <= LONGEST_LINE else (OVERLONG, b"")

    def __iter__(self) -> Iterator[list[bytes]]:
        rest, is_skipping = b"", False
        for chunk in chain([self._behind], self._chunk):
            data = rest + chunk
            if is_skipping:
                _, newline, data = data.partition(b"\n")
                is_skipping = not newline
            lines, rest = self._cut(data)
            if len(rest) > LONGEST_LINE and b"\n" not in rest:
                lines.append(OVERLONG)
                rest, is_skipping = b"", True
            yield from _slices(lines)
        self.ends_cleanly = not rest and not is_skipping
        while rest:
            lines, rest = self._end(rest)
            yield from _slices(lines)

    def _end(self, rest: bytes) -> tuple[list[bytes], bytes]:
        """Cut what stands behind the last line break that ends a record."""
        if rest.count(b'"') % 2 == 0:
            return [rest], b""
        lines, rest = self._cut(rest.partition(b"\n")[2])
        return [UNCLOSED, *lines], rest

    def _cut(self, data: bytes) -> tuple[list[bytes], bytes]:
        """Return the whole lines and what stands behind them."""
        whole, newline, tail = data.rpartition(b"\n")
        if not newline:
            return [], data
        lines = whole.split(b"\n")
        if b'"' not in whole or not any(line.count(b'"') & 1 for line in lines):
            return lines, tail
        return self._join(lines, tail)

    def _join(self, lines: list[bytes], tail: bytes) -> tuple[list[bytes], bytes]:
        """Put lines together that a quoted line break tore apart; a quote that nobody closed spoils its line alone."""
        joined: list[bytes] = []
        at = 0
        while at < len(lines):
            end = at + 1
            if lines[at].count(b'"') & 1:
                end = _closing(lines, at)
                line = b"\n".join(lines[at:end] if end else [*lines[at:], tail])
                looks_torn = all(each.count(b",") < self._width - 1 for each in lines[at + 1 : end])
                if not end and len(lines) - at < _MOST_JOINED and len(line) <= LONGEST_LINE:
                    return joined, line
                is_row = (
                    end > 0 and looks_torn and len(split_row(line.decode("cp1252", "replace")) or ()) == self._width
                )
                joined.append(line if is_row else UNCLOSED)
                at = end if is_row else at + 1
            else:
                joined.append(lines[at])
                at = end
        return joined, tail

    def _chunks(self) -> Iterator[bytes]:
        """Yield the file as UTF-8 (or what claims to be) with plain line breaks."""
        held = b""
        for chunk in self._decoded():
            plain = held + chunk
            held = b"\r" if plain.endswith(b"\r") else b""  # its line feed may come with the next chunk
            plain = plain.removesuffix(b"\r").replace(b"\r\n", b"\n")
            yield plain.replace(b"\r", b"\n") if self.has_mac_breaks else plain
        if held:
            yield b"\n" if self.has_mac_breaks else held

    def _decoded(self) -> Iterator[bytes]:
        first, self._first = self._first.removeprefix(codecs.BOM_UTF8), b""
        if self.encoding == "utf-8":
            yield first
            while chunk := self._file.read(BLOCK):
                yield chunk
            return
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        yield decoder.decode(first).encode()
        while chunk := self._file.read(BLOCK):
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()


def split_row(line: str) -> list[str] | None:
    """Return the cells of one record's line, or None when its quotes make no sense."""
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None


def _closing(lines: list[bytes], at: int) -> int:
    """Return the end of the record that begins at `at` with an open quote, or 0 when it isn't there."""
    for end in range(at + 1, min(len(lines), at + _MOST_JOINED)):
        if lines[end].count(b'"') & 1:
            return end + 1
    return 0


def _slices(lines: list[bytes]) -> Iterator[list[bytes]]:
    if lines and max(map(len, lines)) > LONGEST_LINE:
        lines = [line if len(line) <= LONGEST_LINE else OVERLONG for line in lines]
    for at in range(0, len(lines), MOST_LINES):
        yield lines[at : at + MOST_LINES]


def _encoding(first: bytes) -> str:
    if first[:2] in _UTF_16:
        return "utf-16"
    if first[1:2] == first[3:4] == b"\0":  # UTF-16 without its mark: headers are letters
        return "utf-16-le"
    return "utf-16-be" if first[:1] == first[2:3] == b"\0" else "utf-8"
