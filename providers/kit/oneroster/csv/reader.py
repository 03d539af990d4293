"""Reads a package as the contract wants a roster: batches in order, in constant memory, and a proof of the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from providers.contract import BadData, Fault, Unavailable
from providers.contract.roster import KINDS, Batch, Finished, Kind, Recall
from providers.kit.oneroster.csv.file import FileReading, OrgTypes, Others
from providers.kit.oneroster.csv.look import look_at
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import Package
from providers.kit.oneroster.csv.plan import Plan, plan_of
from providers.kit.oneroster.csv.references import References

# Raise it when the same line would be read as another record: what the hall remembers of lines is then forgotten.
READER: Final = 1
_Position = tuple[int, int, int]  # number of the file, row, number of the kind


@dataclass(slots=True)
class Reading:
    """One reading of one package. Iterate it once; `bad` and `plan` tell more than the contract asks."""

    package: Package
    options: Options
    recall: Recall | None = None
    resume: str | None = None
    plan: Plan = field(init=False)
    bad: int = 0
    is_unreadable: bool = False
    tells_roles: bool = False
    complete: set[Kind] = field(default_factory=set)

    def __iter__(self) -> Iterator[Batch | Finished]:
        signature = self.package.signature()
        after = _position(self.resume, signature)
        self.plan = plan_of(self.package, self.options)
        if self.plan.is_fatal:
            yield self._told(Batch("orgs", (), self.plan.faults))
            self._refuse()
        digest = self.package.digest(f"{READER} {self.options}")
        if self.recall is not None and self.recall.digest == digest:
            yield self._finished(digest, is_unchanged=True)
            return
        for position, batch in self._batches():
            if after is None or position > after:
                yield self._told(replace(batch, cursor=f"{signature}/{'/'.join(map(str, position))}"))
        if self.package.signature() != signature:
            raise _changed()
        if self.is_unreadable or (self.bad and self.options.on_bad_rows == "refuse"):
            self._refuse()
        yield self._finished(digest, is_unchanged=False)

    def _batches(self) -> Iterator[tuple[_Position, Batch]]:
        deltas = frozenset(file.name for file in self.plan.files if file.is_delta)
        with References(deltas) as references:
            yield from self._files(Others(OrgTypes(), references if self.options.is_strict else None))

    def _files(self, others: Others) -> Iterator[tuple[_Position, Batch]]:
        for number, file in enumerate(self.plan.files):
            look = look_at(self.package, file, self.plan.version, self.options)
            if look.faults:
                kind = file.kind or KINDS[0]
                yield (number, 1, KINDS.index(kind)), Batch(kind, (), look.faults)
            if not look.is_readable:
                self.is_unreadable = True
                continue
            self.tells_roles |= file.is_delta and look.has_roles
            reading = FileReading(self.package, file, look, self.options, others)
            for row, batch in reading.batches(self.recall, f"{READER} {self.options}"):
                yield (number, row, KINDS.index(batch.kind)), batch
            if reading.is_complete:
                # The roles of a 1.1 user who had to be left out have no ids of their own to be spared by.
                self.complete.update(look.kinds[:1] if reading.has_unread else look.kinds)

    def _told(self, batch: Batch) -> Batch:
        self.bad += sum(fault.is_skipped for fault in batch.faults)
        return batch

    def _finished(self, digest: str, *, is_unchanged: bool) -> Finished:
        # A package with files of both kinds is a full one of which the bulk files alone are complete.
        is_delta = all(file.is_delta for file in self.plan.files if file.kind)
        faults: tuple[Fault, ...] = tuple(self.plan.faults)
        return Finished(
            "delta" if is_delta else "full",
            frozenset(self.complete),
            faults=faults,
            digest=digest,
            is_unchanged=is_unchanged,
            roles_with_users=self.tells_roles,
        )

    def _refuse(self) -> None:
        raise BadData(
            "csv.refused",
            f"The package was refused as a whole: {self.bad} faults are listed with their file and row.",
        )


def _changed() -> Unavailable:
    return Unavailable("csv.changed", "The files were written to while they were read: it will be tried again.")


def _position(resume: str | None, signature: str) -> _Position | None:
    """Read a cursor. Raises Unavailable (``csv.changed``) when it is not of this package as it is now."""
    if resume is None:
        return None
    found, *numbers = resume.split("/")
    if found != signature or len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        raise _changed()
    file, row, kind = map(int, numbers)
    return file, row, kind
