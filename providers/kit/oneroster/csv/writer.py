"""Writes records as a package of CSV files, 1.2.1, in the specification's columns and order."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from providers.contract.roster import Kind
from providers.kit.oneroster.csv.columns import files_of
from providers.kit.oneroster.csv.records import sources

_STATUS_COLUMNS: Final = {"status", "dateLastModified"}


def write_package(
    records: Mapping[Kind, Iterable[Any]],
    out: Path,
    *,
    mode: Literal["bulk", "delta"] = "bulk",
    modified: str = "2026-08-31T00:00:00.000Z",
) -> None:
    """Write a zip when `out` ends in `.zip`, else the files of a folder. Kinds that aren't given are absent.

    `modified` is every record's dateLastModified in a delta package; in a bulk one it stays blank, as the status does.
    """
    files = dict(_files(records, mode, modified))
    if out.suffix == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in files.items():
                package.writestr(name, text)
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_bytes(text.encode())


def manifest_rows(modes: Mapping[str, str], version: Literal["1.1", "1.2"] = "1.2") -> Iterator[tuple[str, str]]:
    """Yield the rows of a manifest behind its header; files that aren't named are absent."""
    yield from (("manifest.version", "1.0"), ("oneroster.version", version))
    yield from ((f"file.{name}", modes.get(name, "absent")) for name in sorted(files_of(version)))
    yield from (("source.systemName", "Schoolgate"), ("source.systemCode", "schoolgate"))


def _files(records: Mapping[Kind, Iterable[Any]], mode: str, modified: str) -> Iterator[tuple[str, str]]:
    modes: dict[str, str] = dict.fromkeys(records, mode)
    yield "manifest.csv", _text([("propertyName", "value"), *manifest_rows(modes)])
    for kind, found in records.items():
        columns = [column.name for column in files_of("1.2")[kind]]
        place = {column: at for at, (_, column) in enumerate(sources(kind)) if column}
        rows = ([_cell(each, name, place, mode, modified) for name in columns] for each in found)
        yield f"{kind}.csv", _text([columns, *rows])


def _cell(record: Sequence[Any], column: str, place: Mapping[str, int], mode: str, modified: str) -> str:
    if column in _STATUS_COLUMNS and mode == "bulk":
        return ""
    if column == "dateLastModified":
        return modified
    value = record[place[column]] if column in place else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(f"{{{item[0]}:{item[1]}}}" if isinstance(item, tuple) else item for item in value)
    return value or ""


def _text(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
