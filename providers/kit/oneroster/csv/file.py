"""Reads one file of a package block by block, and says whether all of it was read."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import Any, Final

from providers.contract import Fault
from providers.contract.roster import Batch, Recall, RoleRecord, role_id
from providers.kit.oneroster.csv.faults import SENTENCES
from providers.kit.oneroster.csv.fingerprints import Filter
from providers.kit.oneroster.csv.lines import Lines
from providers.kit.oneroster.csv.look import Look
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import Package
from providers.kit.oneroster.csv.plan import Planned
from providers.kit.oneroster.csv.records import RolesOf11, records_of
from providers.kit.oneroster.csv.references import References
from providers.kit.oneroster.csv.table import Block, Table
from providers.kit.oneroster.vocabulary import ADMINISTRATOR, role_of_1_1

_MOST_ORGS: Final = 200_000


@dataclass(slots=True)
class OrgTypes:
    """The types of a package's orgs, for 1.1 users; a package with more orgs than any country has is cut off."""

    types: dict[str, str] = field(default_factory=dict)

    def learn(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Take the orgs of a block."""
        if len(self.types) < _MOST_ORGS:
            self.types.update(zip(columns["sourcedId"], columns["type"], strict=True))

    def digest(self) -> str:
        """Return what changes when a type does."""
        return sha256(repr(sorted(self.types.items())).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Others:
    """What the files read before tell of the one that is read; `references` only when every rule is judged."""

    org_types: OrgTypes
    references: References | None


class FileReading:
    """The rows of one file that can be read. `is_complete` is known at the end."""

    def __init__(self, package: Package, file: Planned, look: Look, options: Options, others: Others) -> None:
        self._package, self._file, self._look, self._options = package, file, look, options
        self._org_types, self._references = others.org_types, others.references
        self._roles = RolesOf11(others.org_types.types) if look.has_roles else None
        self._rows = 0
        self.has_unread = False
        self._is_lost = False  # a row of which not even the id is known
        self._was_last_lost = False
        self._ended_cleanly = False

    @property
    def is_complete(self) -> bool:
        """Return whether a record that did not come is gone: the file holds all there is, and was read to its end."""
        return not self._file.is_delta and self._ended_cleanly and not self._is_lost and self._rows > 0

    def batches(self, recall: Recall | None, shape: str) -> Iterator[tuple[int, Batch]]:
        """Yield batches, each with the last row that it tells of. `shape`: what else decides what a line means."""
        look = self._look
        table = Table(
            self._file.name, look.columns, look.header, is_strict=self._options.is_strict, is_delta=self._file.is_delta
        )
        # Lines of a delta say nothing of those that it lacks, and strict mode compares each with all others.
        is_known_again = look.kinds and not self._options.is_strict and not self._file.is_delta
        known = self._known(recall, shape) if recall and is_known_again else None
        try:
            for block, prints in self._blocks(table, known):
                for batch in self._batches_of(block, prints):
                    yield self._rows + 1, batch
        finally:
            if known:
                known.close()
        if last := [*table.rest(), *self._end()]:
            yield self._rows + 2, Batch(self._file.kind or "orgs", (), last)

    def _known(self, recall: Recall, shape: str) -> Filter:
        parts = (shape, self._file.mode, self._look.line, self._org_types.digest() if self._roles else "")
        return Filter(recall, self._look.kinds, sha256(repr(parts).encode()).hexdigest(), self._lines())

    def _lines(self) -> Iterator[list[bytes]]:
        with self._package.opened(self._file.place) as stream:
            lines = Lines(stream)
            yield from lines
            self._ended_cleanly = lines.ends_cleanly

    def _blocks(self, table: Table, known: Filter | None) -> Iterator[tuple[Block, Sequence[int] | None]]:
        for lines in self._lines():
            numbers: Sequence[int]
            given, numbers = lines, range(self._rows + 2, self._rows + 2 + len(lines))
            self._rows += len(lines)
            wanted, prints = known.wanted(len(lines)) if known else (None, None)
            if wanted is not None and prints is not None:
                given, numbers = [lines[at] for at in wanted], [numbers[at] for at in wanted]
                prints = array("q", [prints[at] for at in wanted])
            if given:
                block = table.read(given, numbers)
                if self._references and block.columns:
                    block.faults.extend(
                        self._references.block(self._file.name, self._look.columns, block.columns, block.numbers)
                    )
                self._is_lost |= block.is_lost
                self.has_unread |= bool(block.unread)
                self._was_last_lost = block.is_lost
                yield block, _beside(block.numbers, numbers, prints)

    def _batches_of(self, block: Block, prints: Sequence[int] | None) -> Iterator[Batch]:
        kind = self._file.kind
        if kind is None or not block.columns:
            if block.faults:
                yield Batch(kind or "orgs", (), block.faults)
            return
        if kind == "orgs":
            self._org_types.learn(block.columns)
        records = records_of(kind, block.columns)
        yield Batch(kind, records, block.faults, fingerprints=prints or (), unread=block.unread)
        if self._roles:
            roles = self._roles.of_block(block.columns)
            # A user's roles stand in the user's line: they are recognised, and changed, with it.
            own = [one for one, found in zip(prints, roles, strict=True) for _ in found] if prints else ()
            told = list(chain.from_iterable(roles))
            yield Batch("roles", told, fingerprints=own, unread=self._unsure(told) if self._file.is_delta else ())

    def _unsure(self, roles: Sequence[RoleRecord]) -> list[str]:
        """Return the other role that an administrator may have, where changes don't tell what kind of org it is."""
        types = self._org_types.types
        lesser, greater = (role_of_1_1(ADMINISTRATOR, each) for each in (None, "district"))
        return [
            role_id(role.user_id, role.org_id, greater)
            for role in roles
            if role.role == lesser and types.get(role.org_id) is None
        ]

    def _end(self) -> Iterator[Fault]:
        name = f"{self._file.name}.csv"
        if not self._rows:
            yield Fault(name, None, None, "csv.no_rows", SENTENCES["csv.no_rows"], self._options.is_strict)
        elif self._was_last_lost and not self._ended_cleanly:
            yield Fault(name, self._rows + 1, None, "csv.cut_short", SENTENCES["csv.cut_short"], False)
            self._is_lost = True
        if self._references:
            yield from self._references.end(self._file.name)
        self._ended_cleanly |= not self._was_last_lost  # no line break at the very end is no harm


def _beside(numbers: Sequence[int], given: Sequence[int], prints: array[int] | None) -> Sequence[int] | None:
    """Return the fingerprints of the rows that are left."""
    if prints is None or len(numbers) == len(given):
        return prints
    by_number = dict(zip(given, prints, strict=True))
    return [by_number[number] for number in numbers]
