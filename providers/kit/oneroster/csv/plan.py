"""What a package holds and what of it will be read: versions, modes and files put side by side, with their faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from providers.contract import Fault
from providers.contract.roster import KINDS, Kind
from providers.kit.oneroster.csv.columns import MANIFEST, ORDER, Version, files_of
from providers.kit.oneroster.csv.faults import SENTENCES
from providers.kit.oneroster.csv.manifest import FileMode, Manifest, read_manifest
from providers.kit.oneroster.csv.options import Options
from providers.kit.oneroster.csv.package import Package

_KINDS: Final[dict[str, Kind]] = {kind: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Planned:
    """One file that will be read. `kind` is None for what is judged, but not a part of a roster."""

    name: str
    place: str
    mode: FileMode
    kind: Kind | None

    @property
    def is_delta(self) -> bool:
        """Return whether the file holds changes only."""
        return self.mode == "delta"


@dataclass(slots=True)
class Plan:
    """The files in reading order, and what is wrong with the package as a whole."""

    version: Version
    files: list[Planned] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    absent: frozenset[str] = frozenset()  # the files that the manifest says the package doesn't have

    def note(self, file: str, code: str, *, is_fatal: bool) -> None:
        """Write a fault down."""
        self.faults.append(Fault(file, None, None, code, SENTENCES[code], is_fatal))

    @property
    def is_fatal(self) -> bool:
        """Return whether the package can't be read."""
        return any(fault.is_skipped for fault in self.faults)


def plan_of(package: Package, options: Options) -> Plan:
    """Compare what is there with what the manifest announces."""
    manifest = _manifest(package, options)
    absent = frozenset(name for name, mode in manifest.modes.items() if mode == "absent")
    plan = Plan(manifest.version or _guess(package), faults=list(manifest.faults), absent=absent)
    if package.has_folder:
        plan.note("package", "csv.in_folder", is_fatal=options.is_strict)
    for place in package.others:
        plan.note(_safe(place), "csv.name_unknown", is_fatal=options.is_strict)
    names = dict(_named(package, plan, options))
    for name in ORDER:
        if name in files_of(plan.version):
            _plan_file(name, names.get(name), manifest, plan, options)
    return plan


def _safe(place: str) -> str:
    """Return a name for a report; a file's name could hold anything."""
    return "".join(sign if sign.isalnum() or sign in "._-/ " else "?" for sign in place[:100])


def _manifest(package: Package, options: Options) -> Manifest:
    name = (
        MANIFEST if options.is_strict else next((each for each in package.files if each.lower() == MANIFEST), MANIFEST)
    )
    if name not in package.files:
        return read_manifest(None, is_strict=options.is_strict)
    with package.opened(name) as file:
        return read_manifest(file, is_strict=options.is_strict)


def _guess(package: Package) -> Version:
    return "1.2" if "roles" in package.files else "1.1"


def _named(package: Package, plan: Plan, options: Options) -> Iterator[tuple[str, str]]:
    """Yield each known file's proper name with the name it has here."""
    known = {name.lower(): name for name in (*files_of(plan.version), MANIFEST)}
    for found in package.files:
        name = known.get(found.lower())
        if name is None:
            plan.note(f"{_safe(found)}.csv", "csv.name_unknown", is_fatal=options.is_strict)
        elif name == found or (name not in package.files and not options.is_strict):
            if name != found:
                plan.note(f"{name}.csv", "csv.name_case", is_fatal=False)
            yield name, found
        else:
            plan.note(f"{name}.csv", "csv.name_case", is_fatal=options.is_strict)


def _plan_file(name: str, place: str | None, manifest: Manifest, plan: Plan, options: Options) -> None:
    mode = manifest.modes.get(name)
    if place is None:
        if mode in {"bulk", "delta"}:
            plan.note(f"{name}.csv", "csv.file_missing", is_fatal=options.is_strict)
        return
    if mode == "absent":
        plan.note(f"{name}.csv", "csv.file_undeclared", is_fatal=options.is_strict)
        if not options.is_strict:
            return  # what the school said is not there is not used behind its back
    kind = _KINDS.get(name)
    if kind is not None or options.is_strict:
        plan.files.append(Planned(name, place, mode or options.without_manifest, kind))
