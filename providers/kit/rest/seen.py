"""Remembers which ids came already in sixteen bytes each, so that millions of them leave the memory small."""

from __future__ import annotations

from array import array
from typing import Final

_MASK: Final = (1 << 64) - 1


class Seen:
    """A set of ids by their 64-bit hashes. Two of five million ids share one with a chance of one in a million:

    the second would count as a repetition, the counts would not agree, and nothing could be called gone.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, text: str) -> bool:
        """Add an id; False when it was there."""
        if not self._put(self._slots, (hash(text) & _MASK) or 1):
            return False
        self._count += 1
        if self._count * 2 > len(self._slots):
            self._grow()
        return True

    def _grow(self) -> None:
        old, self._slots = self._slots, array("Q", bytes(16 * len(self._slots)))
        for key in old:
            if key:
                self._put(self._slots, key)

    @staticmethod
    def _put(slots: array[int], key: int) -> bool:
        last = len(slots) - 1
        place = key & last
        while slots[place]:
            if slots[place] == key:
                return False
            place = (place + 1) & last
        slots[place] = key
        return True
