"""Reads manifest.csv: which version the package is of, and which file is all there is or changes only."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Final, Literal

from providers.contract import Fault
from providers.kit.oneroster.csv.columns import MANIFEST, Version, files_of
from providers.kit.oneroster.csv.faults import SENTENCES

FileMode = Literal["absent", "bulk", "delta"]
_LARGEST: Final = 64 * 1024
_VERSIONS: Final[dict[str, Version]] = {"1.1": "1.1", "1.2": "1.2", "1.2.1": "1.2", "1.1.1": "1.1"}
_MODES: Final[dict[str, FileMode]] = {"absent": "absent", "bulk": "bulk", "delta": "delta"}
_SOURCE: Final = ("source.systemName", "source.systemCode")
_FILE: Final = "manifest.csv"


@dataclass(slots=True)
class Manifest:
    """What manifest.csv says. Without one `version` is None and `modes` is empty."""

    version: Version | None = None
    modes: dict[str, FileMode] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def note(self, code: str, row: int | None = None, column: str | None = None, *, is_fatal: bool) -> None:
        """Write a fault down."""
        self.faults.append(Fault(_FILE, row, column, code, SENTENCES[code], is_fatal))


def read_manifest(file: IO[bytes] | None, *, is_strict: bool) -> Manifest:
    """Read the manifest, if there is one; strictly, whatever is wrong with it is fatal."""
    manifest = Manifest()
    if file is None:
        manifest.note("csv.manifest_missing", is_fatal=is_strict)
        return manifest
    properties = _properties(file, manifest, is_strict=is_strict)
    _read_versions(properties, manifest, is_strict=is_strict)
    if manifest.version is not None:
        _read_modes(properties, manifest, manifest.version, is_strict=is_strict)
    return manifest


def _properties(file: IO[bytes], manifest: Manifest, *, is_strict: bool) -> Mapping[str, tuple[int, str]]:
    """Return property -> (row, value)."""
    try:
        rows = list(csv.reader(io.StringIO(_text(file.read(_LARGEST)), newline=""), strict=True))
    except csv.Error:
        rows = []
    if not rows or rows[0] != ["propertyName", "value"]:
        usable = bool(rows) and [cell.strip().lower() for cell in rows[0][:2]] == ["propertyname", "value"]
        manifest.note("csv.manifest_header", 1, is_fatal=is_strict or not usable)
        if not usable:
            return {}
    found: dict[str, tuple[int, str]] = {}
    for number, row in enumerate(rows[1:], 2):
        if is_strict and len(row) != 2:
            manifest.note("csv.manifest_row", number, is_fatal=True)
        if len(row) < 2 or not row[0].strip():
            continue
        name, value = (row[0], row[1]) if is_strict else (row[0].strip(), row[1].strip())
        if name.endswith("*") and name.startswith("file."):
            # The specification's own table has a footnote mark there, which some producers copied.
            manifest.note("csv.manifest_property_starred", number, is_fatal=is_strict)
            name = name.rstrip("*")
        if name in found:
            manifest.note("csv.manifest_property_twice", number, is_fatal=is_strict)
        found.setdefault(name, (number, value))
    return found


def _text(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _read_versions(properties: Mapping[str, tuple[int, str]], manifest: Manifest, *, is_strict: bool) -> None:
    number, value = properties.get("manifest.version", (None, ""))
    if number is None:
        manifest.note("csv.manifest_property_missing", None, "manifest.version", is_fatal=is_strict)
    elif value != "1.0":
        manifest.note("csv.manifest_version", number, is_fatal=is_strict)
    number, value = properties.get("oneroster.version", (None, ""))
    manifest.version = _VERSIONS.get(value if is_strict else value.lower().removeprefix("v"))
    if number is None:
        manifest.note("csv.manifest_property_missing", None, "oneroster.version", is_fatal=is_strict)
    elif manifest.version is None or manifest.version != value:
        manifest.note("csv.oneroster_version", number, is_fatal=is_strict)


def _read_modes(
    properties: Mapping[str, tuple[int, str]], manifest: Manifest, version: Version, *, is_strict: bool
) -> None:
    wanted = [f"file.{name}" for name in files_of(version)]
    for name in wanted:
        number, value = properties.get(name, (None, ""))
        mode = _MODES.get(value if is_strict else value.lower())
        if number is None:
            manifest.note("csv.manifest_property_missing", None, name, is_fatal=is_strict)
        elif mode is None:
            manifest.note("csv.manifest_mode", number, is_fatal=True)
        else:
            manifest.modes[name.removeprefix("file.")] = mode
    known: Sequence[str] = (*wanted, *_SOURCE, "manifest.version", "oneroster.version")
    for name, (number, _) in properties.items():
        if name not in known:
            manifest.note("csv.manifest_property_unknown", number, is_fatal=is_strict)


__all__ = ["MANIFEST", "FileMode", "Manifest", "read_manifest"]
