"""Reads one file's lines as columns of values, checked, with the faults of the rows that had to be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final

from providers.contract import Fault
from providers.kit.oneroster.csv.cells import CellReader
from providers.kit.oneroster.csv.columns import Column
from providers.kit.oneroster.csv.faults import SENTENCES
from providers.kit.oneroster.csv.header import Header
from providers.kit.oneroster.csv.rows import RowReader

_MOST_WARNINGS: Final = 20  # of one kind in one column are told one by one, the rest by number


@dataclass(frozen=True, slots=True)
class Block:
    """Good rows of a block, by column; `faults` tell of the others and of oddities.

    `unread` are the ids of rows that had to be left out; `is_lost` when even the id of one could not be read.
    """

    numbers: Sequence[int]
    columns: Mapping[str, Sequence[Any]]
    faults: list[Fault]
    unread: tuple[str, ...] = ()
    is_lost: bool = False


class Table:
    """One file: give it its lines block by block."""

    def __init__(
        self, file: str, columns: Sequence[Column], header: Header, *, is_strict: bool, is_delta: bool
    ) -> None:
        self._file = file
        self._rows = RowReader(header.width, is_strict=is_strict)
        self._is_strict = is_strict
        self._cells = [
            (header.places[column.name], CellReader(column, is_strict=is_strict, is_delta=is_delta))
            for column in columns
            if column.name in header.places
        ]
        self._warned: dict[tuple[str | None, str], int] = {}
        self._pairs = {"subjects", "subjectCodes"} <= header.places.keys()

    def read(self, lines: Sequence[bytes], numbers: Sequence[int]) -> Block:
        """Read lines; `numbers` are their rows in the file, the header being row 1."""
        texts, numbers, odd = self._rows.read(lines, numbers)
        faults: list[Fault] = []
        for number, code, is_lost in odd:
            self._tell(faults, number, None, code, is_lost)
        is_lost = any(lost for _, _, lost in odd)
        if not texts:
            return Block((), {}, faults, is_lost=is_lost)
        columns = {cells.name: cells.read(texts[place]) for place, cells in self._cells}
        bad: set[int] = set()
        for place, cells in self._cells:
            if cells.bad:
                bad |= self._find(faults, numbers, texts[place], cells, cells.bad, is_bad=True)
            if cells.odd:
                self._find(faults, numbers, texts[place], cells, cells.odd, is_bad=False)
        if self._pairs:
            bad |= self._match_subjects(faults, numbers, columns)
        if not bad:
            return Block(numbers, columns, faults, is_lost=is_lost)
        return self._without(bad, numbers, columns, faults, is_lost)

    def _find(
        self,
        faults: list[Fault],
        numbers: Sequence[int],
        texts: Sequence[str],
        cells: CellReader,
        codes: Mapping[str, str],
        *,
        is_bad: bool,
    ) -> set[int]:
        if codes.keys().isdisjoint(texts):
            return set()
        found = [at for at, text in enumerate(texts) if text in codes]
        for at in found:
            self._tell(faults, numbers[at], cells.name, codes[texts[at]], is_bad)
        return set(found) if is_bad else set()

    def _match_subjects(
        self, faults: list[Fault], numbers: Sequence[int], columns: Mapping[str, Sequence[Any]]
    ) -> set[int]:
        """Find rows whose subjects and codes are not pairs (official test set; a pair may be left out whole)."""
        found = set()
        for at, (subjects, codes) in enumerate(zip(columns["subjects"], columns["subjectCodes"], strict=True)):
            if subjects and codes and len(subjects) != len(codes):
                self._tell(faults, numbers[at], "subjectCodes", "csv.subject_codes", self._is_strict)
                found.add(at)
        return found if self._is_strict else set()

    def _without(
        self,
        bad: set[int],
        numbers: Sequence[int],
        columns: Mapping[str, Sequence[Any]],
        faults: list[Fault],
        is_lost: bool,
    ) -> Block:
        kept = [at not in bad for at in range(len(numbers))]
        ids = columns["sourcedId"]
        unread = tuple(ids[at] for at in sorted(bad) if ids[at])
        return Block(
            list(compress(numbers, kept)),
            {name: list(compress(values, kept)) for name, values in columns.items()},
            faults,
            unread,
            is_lost or len(unread) < len(bad),
        )

    def _tell(self, faults: list[Fault], number: int, column: str | None, code: str, is_bad: bool) -> None:
        if not is_bad:
            told = self._warned[column, code] = self._warned.get((column, code), 0) + 1
            if told > _MOST_WARNINGS:
                return
        faults.append(Fault(f"{self._file}.csv", number, column, code, SENTENCES[code], is_bad))

    def rest(self) -> list[Fault]:
        """Return, at the file's end, one fault for each kind of warning that was too frequent to be told each time."""
        return [
            Fault(
                f"{self._file}.csv", None, column, code, f"{count - _MOST_WARNINGS} more rows: {SENTENCES[code]}", False
            )
            for (column, code), count in self._warned.items()
            if count > _MOST_WARNINGS
        ]
