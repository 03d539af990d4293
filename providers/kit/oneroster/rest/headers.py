"""What a provider's headers say beside the records: how many there are, and which state of the roster this is."""

from __future__ import annotations

from typing import Final

from providers.contract import Reply

# `x-count` counts all records at some vendors, those of the page at others: a room says which it trusts.
TOTALS: Final = ("x-total-count", "x-count")


class Headers:
    """The headers of one reading. `revision` is the state that the last answer was about, where one says so."""

    def __init__(self, revision_header: str = "", totals: tuple[str, ...] = TOTALS) -> None:
        self.revision: str | None = None
        self.has_moved = False
        self._revision_header, self._totals = revision_header, totals

    def total(self, reply: Reply) -> int | None:
        """Return how many records there are in all, where a header says so."""
        for name in self._totals:
            count = reply.headers.get(name, "").strip()
            if count.isdecimal():
                return int(count[:12])
        return None

    def moves(self, reply: Reply) -> bool:
        """Return whether this answer is about another state than the last one that said which."""
        told = reply.headers.get(self._revision_header) if self._revision_header else None
        moves = None not in (told, self.revision) and told != self.revision
        self.revision, self.has_moved = told or self.revision, self.has_moved or moves
        return moves
