"""A roster read in steps, where no collection holds a kind: doubts, cursors and the proof at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import msgspec

from providers.contract import KINDS, Batch, Fault, Finished, Kind


class Mark(NamedTuple):
    """How far a step came: it can go on behind this."""

    at: int


@dataclass(frozen=True, slots=True)
class Step:
    """`read` yields batches, and marks between them; it gets the mark behind which to go on, -1 at the beginning."""

    kind: Kind
    read: Callable[[int], Iterator[Batch | Mark]]


class Progress(msgspec.Struct):
    """How far a reading came: what a cursor holds, and no credentials."""

    step: int = 0
    at: int = -1
    doubts: dict[str, list[str]] = {}
    came: list[str] = []


_FULL: Final[Literal["full"]] = "full"


class Steps:
    """One reading. Whatever is doubted of a kind, that kind proves nobody gone.

    `goes_on`: it leaves cursors; False where a later step needs what the earlier ones kept in memory.
    """

    def __init__(self, resume: str | None, *, goes_on: bool = True) -> None:
        self.progress, self._goes_on = _resumed(resume), goes_on

    def doubt(self, kind: Kind, why: str) -> None:
        """Note why absence proves nothing."""
        doubts = self.progress.doubts.setdefault(kind, [])
        if why not in doubts:
            doubts.append(why)

    def run(self, steps: Sequence[Step]) -> Iterator[Batch | Finished]:
        """Take the steps that are left, and say in the end what they prove."""
        progress = self.progress
        for number in range(progress.step, len(steps)):
            kind = steps[number].kind
            for part in steps[number].read(progress.at):
                if isinstance(part, Batch):
                    if part.records and part.kind not in progress.came:
                        progress.came.append(part.kind)
                    yield part
                else:
                    progress.at = part.at
                    yield Batch(kind, (), (), self._cursor())
            progress.step, progress.at = number + 1, -1
            if self._goes_on:
                yield Batch(kind, (), (), self._cursor())
        yield self._finished()

    def _cursor(self) -> str:
        return msgspec.json.encode(self.progress).decode()

    def _finished(self) -> Finished:
        for kind in KINDS:
            if kind not in self.progress.came:
                self.doubt(kind, "nothing came at all")
        faults = [
            Fault(f"/{kind}", None, None, "rest.not_proven_complete", doubt, is_skipped=False)
            for kind, doubts in self.progress.doubts.items()
            for doubt in doubts
        ]
        return Finished(_FULL, frozenset(kind for kind in KINDS if not self.progress.doubts.get(kind)), faults=faults)


def _resumed(cursor: str | None) -> Progress:
    """Return where to go on; a cursor of another version means from the start."""
    try:
        return msgspec.json.decode(cursor, type=Progress) if cursor else Progress(doubts={}, came=[])
    except msgspec.MsgspecError:
        return Progress(doubts={}, came=[])
