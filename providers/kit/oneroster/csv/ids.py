"""Keeps millions of ids on disk, as 64-bit numbers, and in memory only a part of them at a time.

Two different ids are taken for one in about one package of a million; strict mode makes a report with them, and nothing
is stored by these numbers.
"""

from __future__ import annotations

import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import islice, pairwise
from typing import IO, Final

_PARTS: Final = 64
_SPAN: Final = 2**64 // _PARTS
_BOUNDS: Final = [-(2**63) + _SPAN * each for each in range(1, _PARTS)]
_CHUNK: Final = 65_536
_MOST_TOLD: Final = 100_000  # rows of one fault in one file; more would say nothing more


class _Numbers:
    """Numbers on disk, one behind the other."""

    def __init__(self, size: str) -> None:
        self._size, self.number = size, 0
        self._opened: IO[bytes] | None = None

    @property
    def _file(self) -> IO[bytes]:
        if self._opened is None:
            self._opened = tempfile.TemporaryFile()  # noqa: SIM115 - see close()
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    def add(self, numbers: array[int]) -> None:
        self._file.seek(0, 2)
        self._file.write(numbers.tobytes())
        self.number += len(numbers)

    def between(self, start: int, end: int) -> array[int]:
        found = array(self._size)
        self._file.seek(start * found.itemsize)
        found.frombytes(self._file.read((end - start) * found.itemsize))
        return found

    def __iter__(self) -> Iterator[int]:
        for start in range(0, self.number, _CHUNK):
            yield from self.between(start, min(start + _CHUNK, self.number))


class Ids:
    """Ids with the rows that they stand in."""

    def __init__(self) -> None:
        self._hashes, self._rows, self._sorted = _Numbers("q"), _Numbers("i"), _Numbers("q")
        self._unsorted = array("q")
        self._cuts: list[list[int]] = []  # of each sorted chunk: where its parts begin and end
        self._ready: array[int] | None = None

    def add(self, ids: Sequence[str], rows: Iterable[int]) -> None:
        """Take the ids of a block."""
        hashes = array("q", map(hash, ids))
        self._hashes.add(hashes)
        self._rows.add(array("i", rows))
        self._unsorted.extend(hashes)
        self._ready = None
        if len(self._unsorted) >= _CHUNK:
            self._sort()

    def _sort(self) -> None:
        chunk, start = array("q", sorted(self._unsorted)), self._sorted.number
        self._cuts.append([start + at for at in (0, *(bisect_left(chunk, each) for each in _BOUNDS), len(chunk))])
        self._sorted.add(chunk)
        self._unsorted = array("q")

    def _part(self, number: int) -> list[int]:
        """Return the ids of one range, in order."""
        if self._unsorted:
            self._sort()
        found: list[int] = []
        for cuts in self._cuts:
            found += self._sorted.between(cuts[number], cuts[number + 1])
        found.sort()
        return found

    def __contains__(self, source_id: str) -> bool:
        """Whether it is there; asking keeps eight bytes of each id in memory until the next one is added."""
        if self._ready is None:
            self._ready = array("q")
            for number in range(_PARTS):
                self._ready.extend(self._part(number))
        hashed = hash(source_id)
        at = bisect_left(self._ready, hashed)
        return at < len(self._ready) and self._ready[at] == hashed

    def close(self) -> None:
        """Let go of the disk."""
        for numbers in (self._hashes, self._rows, self._sorted):
            numbers.close()

    def rows_twice(self) -> Iterator[int]:
        """Yield the row of each id that an earlier row has too."""
        again: set[int] = set()
        for number in range(_PARTS):
            again |= {one for one, other in pairwise(self._part(number)) if one == other}
            if len(again) > _MOST_TOLD:
                break
        met: set[int] = set()
        for hashed, row in zip(self._hashes, self._rows, strict=True) if again else ():
            if hashed in met:
                yield row
            elif hashed in again:
                met.add(hashed)

    def rows_outside(self, others: Ids) -> Iterator[int]:
        """Yield the row of each id that the others don't hold."""
        outside: set[int] = set()
        for number in range(_PARTS):
            if len(outside) <= _MOST_TOLD:
                outside |= set(self._part(number)).difference(others._part(number))
        yield from islice(self._rows_of(outside), _MOST_TOLD)

    def _rows_of(self, hashes: Set[int]) -> Iterator[int]:
        for hashed, row in zip(self._hashes, self._rows, strict=True) if hashes else ():
            if hashed in hashes:
                yield row
