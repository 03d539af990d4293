"""Writes files of rows: the template, and the rows that could not be taken, which come in again as they were."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from gateway.services.native_import.columns import COLUMNS
from gateway.services.native_import.sheet import Sheet
from providers.kit.oneroster.csv.neutral import neutral_row, plain

REASON: Final = "Reason (this column may stay)"
MARK: Final = "\ufeff"  # without it Excel takes UTF-8 for Windows-1252
_EXAMPLE: Final = ("Ada", "Lovelace", "", "ada.lovelace@school.example", "05", "000123", "", "")


def template() -> bytes:
    """Return the template: the headings, and one row that shows what goes where."""
    return csv_bytes([[column.heading for column in COLUMNS], _EXAMPLE])


def rows_again(sheet: Sheet, reasons: Mapping[int, str]) -> bytes:
    """Return the rows with these numbers as a file: every column as it came, and why each was left out."""
    return csv_bytes(_lines(sheet, reasons))


def csv_bytes(lines: Iterable[Sequence[str | None]]) -> bytes:
    """Return lines as a CSV file that Excel opens as it is meant, with no cell that it would calculate (E8)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows(map(neutral_row, lines))
    return (MARK + text.getvalue()).encode("utf-8", "replace")


def _lines(sheet: Sheet, reasons: Mapping[int, str]) -> Iterator[list[str]]:
    kept = [place for place, heading in enumerate(sheet.headings) if heading != REASON]
    yield [*(sheet.headings[place] for place in kept), REASON]
    for record in sheet.rows():
        if record.number in reasons:
            cells = [_cell(record.cells, place) for place in kept]
            if not record.code:
                cells += map(_plain, record.cells[len(sheet.headings) :])
            yield [*cells[: len(kept)], reasons[record.number], *cells[len(kept) :]]


def _cell(cells: Sequence[str], place: int) -> str:
    return _plain(cells[place]) if place < len(cells) else ""


def _plain(cell: str) -> str:
    return plain(cell.replace("\0", ""))
