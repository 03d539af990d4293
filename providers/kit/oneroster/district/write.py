"""Writes a made-up district as a folder or a zip, row after row, so that its size needs no memory."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Final

from providers.kit.oneroster.csv.columns import files_of
from providers.kit.oneroster.district.plan import District
from providers.kit.oneroster.district.rows import ROWS

Written = Mapping[str, int]  # file -> rows
_LINES_AT_ONCE: Final = 5_000
# A zip holds times; a fixed one keeps two zips of the same district the same, byte for byte.
_THEN: Final = (2026, 8, 1, 0, 0, 0)


def write_district(district: District, out: Path) -> Written:
    """Write the package: a zip when `out` ends in `.zip`, else the files of a folder; return the rows of each file."""
    if out.suffix == ".zip":
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            return _write(district, lambda name: package.open(_entry(name), "w"))
    out.mkdir(parents=True, exist_ok=True)
    return _write(district, lambda name: (out / name).open("wb"))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _THEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _write(district: District, opened: Callable[[str], IO[bytes]]) -> Written:
    columns = files_of("1.2")
    with opened("manifest.csv") as file:
        file.write("".join(_manifest(columns)).encode())
    written = {}
    for name, rows in ROWS.items():
        with opened(f"{name}.csv") as file:
            header = ",".join(column.name for column in columns[name])
            file.write(f"{header}\n".encode())
            written[name] = _copy(rows(district), file)
    return written


def _copy(rows: Iterator[str], file: IO[bytes]) -> int:
    count = 0
    while lines := list(islice(rows, _LINES_AT_ONCE)):
        file.write(("\n".join(lines) + "\n").encode())
        count += len(lines)
    return count


def _manifest(columns: Iterable[str]) -> Iterator[str]:
    yield "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n"
    for name in sorted(columns):
        yield f"file.{name},{'bulk' if name in ROWS else 'absent'}\n"
    yield "source.systemName,Schoolgate demo data\nsource.systemCode,schoolgate-demo\n"
