"""Looks at a zip before anything of it is unpacked, and refuses what could harm or is not what it says."""

from __future__ import annotations

import stat
import struct
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from providers.contract import BadData

MOST_ENTRIES: Final = 200
LARGEST_DIRECTORY: Final = 256 * 1024
# Deflate reaches 1032:1, rosters 5:1 to 40:1. Small files may be as dense as they like.
HIGHEST_RATIO: Final = 200
RATIO_COUNTS_FROM: Final = 8 * 1024 * 1024
_END: Final = struct.Struct("<4s4H2LH")  # end of central directory, APPNOTE.TXT 4.3.16
_ENCRYPTED: Final = 0x1
_DEFLATED_OR_STORED: Final = {0, 8}


def inspected(path: Path, largest: int) -> tuple[ZipFile, Sequence[ZipInfo]]:
    """Open a zip whose files are together at most `largest` bytes, and return it with its files.

    Raises:
        BadData: ``zip.*``.
    """
    _look_at_the_end(path)
    try:
        package = ZipFile(path)
    except (BadZipFile, ValueError, UnicodeDecodeError, NotImplementedError, struct.error, EOFError) as fault:
        raise BadData("zip.broken", "The zip is damaged: make it anew.", type(fault).__name__) from fault
    try:
        entries = package.infolist()
        _check_names(entries)
        _check_sizes(entries, largest, path.stat().st_size)
    except BaseException:
        package.close()
        raise
    return package, [entry for entry in entries if not entry.is_dir()]


def _look_at_the_end(path: Path) -> None:
    """Bound what reading the zip's directory costs, before the library reads it whole."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise BadData("zip.none", "The file is no zip.")
        file.seek(max(0, size - _END.size - 0xFFFF))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise BadData("zip.broken", "The zip is damaged: make it anew.", "no end of central directory")
    _, _, _, _, entries, directory, _, _ = _END.unpack_from(tail, at)
    if entries > MOST_ENTRIES or directory > LARGEST_DIRECTORY:
        raise BadData("zip.entries", "The zip holds far more files than a roster has.", f"{entries} entries")


def _check_names(entries: Sequence[ZipInfo]) -> None:
    for entry in entries:
        # orig_filename is the name as it stands in the zip; the library has cut it at a NUL and turned backslashes.
        name = entry.orig_filename
        if name.startswith(("/", "\\")) or ":" in name or "\\" in name or "\0" in name or ".." in name.split("/"):
            raise BadData("zip.name", "The zip holds a file whose name leads out of it.")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BadData("zip.link", "The zip holds a link; it may hold plain files only.")
        if entry.flag_bits & _ENCRYPTED:
            raise BadData("zip.encrypted", "The zip is locked with a password.")
        if entry.compress_type not in _DEFLATED_OR_STORED:
            raise BadData("zip.method", "The zip is packed in a way that isn't supported: use the usual one (deflate).")
        if name.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")):
            raise BadData("zip.nested", "The zip holds another archive; it may hold CSV files only.")
    if any(count > 1 for count in Counter(entry.filename.lower() for entry in entries).values()):
        raise BadData("zip.twice", "The zip holds two files of the same name.")


def _check_sizes(entries: Sequence[ZipInfo], largest: int, packed: int) -> None:
    if sum(entry.file_size for entry in entries) > largest:
        raise BadData("zip.size", "Unpacked, the zip is larger than is allowed: see the setting max_megabytes.")
    for entry in entries:
        if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1):
            raise BadData("zip.bomb", "The zip unpacks to far more than rosters do: it looks like an attack.")
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise BadData("zip.overlap", "The zip's files lie over each other: it looks like an attack.")
        end = entry.header_offset + entry.compress_size
    if end > packed:
        raise BadData("zip.broken", "The zip is damaged: make it anew.", "sizes beyond the end")
