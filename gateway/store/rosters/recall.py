"""Recognises lines of the last applied reading by their fingerprints, in memory that does not grow with the roster.

The known fingerprints come from the mapping itself: one stands for a line only while every record that the line told of
is active and as it was told. What is recognised is not read again; what is known and no longer there is kept aside, and
the plan looks only at those.
"""

from __future__ import annotations

import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import IO

import msgspec
from sqlalchemy import ColumnElement, func, select

from gateway.store.rosters.loading import Loader
from gateway.store.rosters.staging import Area
from gateway.store.tables import roster_records
from providers.contract import Kind

_IN_MEMORY = 600_000  # fingerprints compared at a time
_MOST_UNKNOWN = 200_000  # more is not worth recognising: every line is read
_FETCH = 50_000
_r = roster_records.c


@dataclass(slots=True)
class LineRecall:
    """A `providers.contract.Recall`: `shapes` are this reading's, `recalled` the kinds whose lines were compared."""

    loader: Loader
    digest: str | None
    known_shapes: dict[str, str]
    shapes: dict[str, str] = field(default_factory=dict)
    recalled: set[Kind] = field(default_factory=set)

    def unknown(self, kinds: Sequence[Kind], shape: str, fingerprints: Iterable[Sequence[int]]) -> Set[int] | None:
        """Return the fingerprints of the lines to read, or None when all must be."""
        area = self.loader.area
        is_known = all(self.known_shapes.get(kind) == shape for kind in kinds)
        self.shapes |= dict.fromkeys(kinds, shape)
        known = _count(area, kinds) if is_known else 0
        self.loader.remember(shapes=self.shapes)
        if not known:
            for _ in fingerprints:  # the reader notes them on their way
                pass
            return None
        with _Comparison(known) as comparison:
            comparison.remember(known_fingerprints(area, kinds, is_gone=False))
            comparison.forget(known_fingerprints(area, kinds, is_gone=True))
            told = comparison.compare(fingerprints)
        if told is None:
            return None
        unknown, unseen = told
        rows = [(kind, each) for kind in kinds for each in unseen]
        self.loader.put(area.tables.unseen, ("kind", "fingerprint"), rows)
        self.recalled |= set(kinds)
        self.loader.remember(recalled=sorted(self.recalled))
        return unknown


def _mine(area: Area, kinds: Sequence[Kind], *, is_gone: bool) -> list[ColumnElement[bool]]:
    source = _r.roster_source_id == area.source.id
    return [source, _r.kind.in_(kinds), _r.is_gone.is_(is_gone), _r.fingerprint.isnot(None)]


def _count(area: Area, kinds: Sequence[Kind]) -> int:
    question = select(func.count()).select_from(roster_records).where(*_mine(area, kinds, is_gone=False))
    return area.connection.execute(question).scalar_one()


def known_fingerprints(area: Area, kinds: Sequence[Kind], *, is_gone: bool) -> Iterator[array[int]]:
    """Yield the mapping's fingerprints in blocks, never the whole answer at once."""
    mine = _mine(area, kinds, is_gone=is_gone)
    if area.dialect == "sqlite":
        for kind in kinds:
            yield from _packed_as_json(area, kind, mine)
        return
    # The server packs them: a thousand values of eight bytes in one, in place of as many rows.
    bucket = _r.fingerprint.op("&")(1023)
    packed = select(func.string_agg(func.int8send(_r.fingerprint), b"")).where(*mine).group_by(bucket)
    streamed = {"stream_results": True, "yield_per": 32}
    for (value,) in area.connection.execute(packed, execution_options=streamed):
        block = array("q", bytes(value))
        block.byteswap()
        yield block


def _packed_as_json(area: Area, kind: Kind, mine: Sequence[ColumnElement[bool]]) -> Iterator[array[int]]:
    """Yield them as SQLite packs them: a list in one text costs a third of as many rows."""
    last = ""
    while True:
        page = (
            select(_r.source_id, _r.fingerprint)
            .where(*mine, _r.kind == kind, _r.source_id > last)
            .order_by(_r.source_id)
            .limit(_FETCH)
            .subquery("page")
        )
        packed = select(func.max(page.c.source_id), func.json_group_array(page.c.fingerprint))
        newest, text = area.connection.execute(packed).one()
        if newest is None:
            return
        last = newest
        yield array("q", msgspec.json.decode(text, type=list[int]))


class _Comparison:
    """Known fingerprints on one side, those of the lines on the other; where they are many, a range at a time."""

    def __init__(self, known: int) -> None:
        self.known = known
        self.parts = 1 + known // _IN_MEMORY
        self._old, self._gone, self._new = (_Parts(self.parts) for _ in range(3))

    def __enter__(self) -> _Comparison:
        return self

    def __exit__(self, *_: object) -> None:
        for parts in (self._old, self._gone, self._new):
            parts.close()

    def remember(self, blocks: Iterable[array[int]]) -> None:
        """Take the known ones."""
        for block in blocks:
            self._old.add(block)

    def forget(self, blocks: Iterable[array[int]]) -> None:
        """Take those that only seem known: a record of their line is gone."""
        for block in blocks:
            self._gone.add(block)

    def compare(self, blocks: Iterable[Sequence[int]]) -> tuple[set[int], set[int]] | None:
        """Return which lines are unknown and which known ones were not seen; None when too few are known."""
        for block in blocks:
            self._new.add(block)
        unknown: set[int] = set()
        unseen: set[int] = set()
        most = min(_MOST_UNKNOWN, 1000 + self.known // 4)
        for part in range(self.parts):
            old = set().union(*self._old.read(part))
            old.difference_update(*self._gone.read(part))
            for block in self._new.read(part):
                lines = set(block)
                unknown |= lines - old
                if len(lines) < len(block):  # the same line twice: both are read, so that it is told
                    unknown |= {each for each in lines if block.count(each) > 1}
                old -= lines
            unseen |= old
            if len(unknown) > most or len(unseen) > most:
                return None
        return unknown, unseen


class _Parts:
    """Numbers by their range, on disk."""

    def __init__(self, parts: int) -> None:
        span = (1 << 64) // parts
        self._bounds = [-(1 << 63) + span * each for each in range(1, parts)]
        self._files: list[IO[bytes]] = [tempfile.TemporaryFile() for _ in range(parts)]  # noqa: SIM115 - see close()

    def add(self, block: Sequence[int]) -> None:
        if not self._bounds:
            self._files[0].write(_packed(block))
            return
        ordered = sorted(block)
        cuts = [0, *(bisect_left(ordered, bound) for bound in self._bounds), len(ordered)]
        for file, start, end in zip(self._files, cuts, cuts[1:], strict=False):
            file.write(array("q", ordered[start:end]).tobytes())

    def read(self, part: int) -> Iterator[array[int]]:
        file = self._files[part]
        file.seek(0)
        while data := file.read(8 * _FETCH):
            yield array("q", data)

    def close(self) -> None:
        for file in self._files:
            file.close()


def _packed(block: Sequence[int]) -> bytes:
    return block.tobytes() if isinstance(block, array) else array("q", block).tobytes()
