"""Looks at the beginning of a file: its encoding and its header, before any row is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from providers.contract import Fault
from providers.contract.roster import Kind
from providers.kit.oneroster.csv.columns import Column, Version, files_of
from providers.kit.oneroster.csv.faults import SENTENCES
from providers.kit.oneroster.csv.header import Header, read_header
from providers.kit.oneroster.csv.lines import Lines
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import Package
from providers.kit.oneroster.csv.plan import Planned


@dataclass(frozen=True, slots=True)
class Look:
    """What a file's beginning says. `kinds` are those that its lines tell of, `line` is the header as it stands."""

    columns: Sequence[Column]
    header: Header
    line: bytes
    faults: tuple[Fault, ...]
    kinds: tuple[Kind, ...]

    @property
    def is_readable(self) -> bool:
        """Return whether rows can be read."""
        return not any(fault.is_skipped for fault in self.faults)

    @property
    def has_roles(self) -> bool:
        """Return whether users bring their role, as in 1.1."""
        return "roles" in self.kinds and "users" in self.kinds


def look_at(package: Package, file: Planned, version: Version, options: Options) -> Look:
    """Read the beginning of a file."""
    with package.opened(file.place) as stream:
        lines = Lines(stream)
    columns = _columns(file.name, version, lines.header, options)
    header = read_header(lines.header, columns, is_strict=options.is_strict)
    faults = [
        Fault(f"{file.name}.csv", 1, column, code, SENTENCES[code], is_fatal)
        for column, code, is_fatal in (*_encoding(lines, options), *header.faults)
    ]
    kinds: tuple[Kind, ...] = (file.kind,) if file.kind else ()
    if file.name == "users" and {"role", "orgSourcedIds"} <= header.places.keys():
        kinds = ("users", "roles")
    return Look(columns, header, lines.header, tuple(faults), kinds)


def _encoding(lines: Lines, options: Options) -> Iterator[tuple[None, str, bool]]:
    if lines.encoding != "utf-8":
        yield None, "csv.utf16", options.is_strict
    if lines.has_mac_breaks:
        yield None, "csv.bare_cr", options.is_strict


def _columns(name: str, version: Version, header: bytes, options: Options) -> Sequence[Column]:
    """Return the version's columns; liberally those of 1.1 for users with roles, whatever the manifest says."""
    is_of_1_1 = name == "users" and not options.is_strict and b"orgsourcedids" in header.lower()
    return files_of("1.1" if is_of_1_1 else version)[name]
