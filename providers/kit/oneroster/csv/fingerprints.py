"""Tells lines apart without understanding them, so that those of the last reading need not be read again."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence, Set
from hashlib import blake2b
from typing import IO

from providers.contract.roster import Kind, Recall


def fingerprints_of(lines: Sequence[bytes]) -> array[int]:
    """Return 64 bits of a good hash of each line, as signed numbers."""
    found = array("q")
    found.frombytes(b"".join([blake2b(line, digest_size=8).digest() for line in lines]))
    return found


class Filter:
    """Says of each block which of its lines must be read. Asks twice for a file's lines: once to know, once to read.

    What the first round found out is kept on disk, so that a file of any length takes no memory.
    """

    def __init__(self, recall: Recall, kinds: Sequence[Kind], shape: str, blocks: Iterable[Sequence[bytes]]) -> None:
        self._spool: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._unknown: Set[int] | None = recall.unknown(kinds, shape, self._take(blocks))
        self._spool.seek(0)

    def _take(self, blocks: Iterable[Sequence[bytes]]) -> Iterator[array[int]]:
        for lines in blocks:
            found = fingerprints_of(lines)
            self._spool.write(found.tobytes())
            yield found

    def wanted(self, count: int) -> tuple[Sequence[int] | None, array[int]]:
        """Return, of the next `count` lines, the places of those to read (None: all) and all fingerprints."""
        found = array("q")
        found.frombytes(self._spool.read(count * found.itemsize))
        if self._unknown is None:
            return None, found
        if self._unknown.isdisjoint(found):
            return (), found
        return [at for at, each in enumerate(found) if each in self._unknown], found

    def close(self) -> None:
        """Forget what was kept on disk."""
        self._spool.close()
