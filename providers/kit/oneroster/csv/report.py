"""Judges a whole package and says what came of it: the log that a school, or a certification, wants to see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from providers.contract import Batch, Failure, Fault
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import open_package
from providers.kit.oneroster.csv.reader import Reading

MOST_FAULTS = 10_000


@dataclass(slots=True)
class Report:
    """What came of one package. `records` counts by kind, `codes` all faults by code; `faults` are the first ones.

    `refused` is the code with which the whole was refused, if it was, and `sentence` says why.
    """

    records: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    refused: str | None = None
    sentence: str = ""

    @property
    def is_good(self) -> bool:
        """Return whether nothing was refused and no record was left out."""
        return self.refused is None and not self.lost

    def take(self, faults: tuple[Fault, ...] | list[Fault]) -> None:
        """Count faults, and keep them as long as there is room."""
        self.codes.update(fault.code for fault in faults)
        self.lost.update(fault.file for fault in faults if fault.is_skipped)
        self.faults += faults[: MOST_FAULTS - len(self.faults)]


def report_on(path: Path, options: Options, largest: int) -> Report:
    """Read the package at a path to its end. A package that can't be opened is refused in the report, too."""
    report = Report()
    try:
        with open_package(path, largest) as package:
            for part in Reading(package, options):
                report.take(list(part.faults))
                if isinstance(part, Batch):
                    report.records[part.kind] += len(part.records)
    except Failure as refused:
        report.refused, report.sentence = refused.code, refused.sentence
    return report
