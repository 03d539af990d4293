"""Keeps millions of ids in little memory: as 64-bit numbers, sorted once all are there.

Two different ids are taken for one in about one package of a million; strict mode makes a report with them, and nothing
is stored by these numbers.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

_PARTS: Final = 16


class Ids:
    """Ids with the rows that they stand in."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._rows = array("i")
        self._sorted: array[int] | None = None

    def add(self, ids: Sequence[str], rows: Iterable[int]) -> None:
        """Take the ids of a block."""
        self._hashes.extend(map(hash, ids))
        self._rows.extend(rows)
        self._sorted = None

    def __contains__(self, source_id: str) -> bool:
        return self._has(hash(source_id))

    def _has(self, hashed: int) -> bool:
        found = self._in_order()
        at = bisect_left(found, hashed)
        return at < len(found) and found[at] == hashed

    def _in_order(self) -> array[int]:
        if self._sorted is None:
            self._sorted = array("q")
            span = 2**64 // _PARTS
            for low in range(-(2**63), 2**63, span):  # so that only a part of them is ever a list of Python numbers
                self._sorted.extend(sorted(each for each in self._hashes if low <= each < low + span))
        return self._sorted

    def rows_twice(self) -> Iterator[int]:
        """Yield the row of each id that an earlier row has too."""
        found = self._in_order()
        again = {one for one, other in pairwise(found) if one == other}
        met: set[int] = set()
        for hashed, row in zip(self._hashes, self._rows, strict=True) if again else ():
            if hashed in met:
                yield row
            elif hashed in again:
                met.add(hashed)

    def rows_outside(self, others: Ids) -> Iterator[int]:
        """Yield the row of each id that the others don't hold."""
        for hashed, row in zip(self._hashes, self._rows, strict=True):
            if not others._has(hashed):
                yield row
