"""Finds out how a file's text is written: what Excel, Numbers, Sheets and school systems save without saying so."""

from __future__ import annotations

import codecs
from typing import Final

from gateway.services.native_import.faults import unreadable_file

# What a person can choose when names look wrong: Python's name, and what it is called on the page.
CHOICES: Final[dict[str, str]] = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "cp1252": "Western European (Windows)",
    "cp1250": "Central European (Windows)",
    "cp1251": "Cyrillic (Windows)",
    "cp1253": "Greek (Windows)",
    "cp1254": "Turkish (Windows)",
    "cp1255": "Hebrew (Windows)",
    "cp1256": "Arabic (Windows)",
    "cp1257": "Baltic (Windows)",
    "mac_roman": "Western European (Mac)",
    "cp850": "Western European (DOS)",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big 5)",
    "cp949": "Korean (Windows)",
}

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHER_FILES: Final = (
    (b"PK\x03\x04", "students.zip"),
    (b"\xd0\xcf\x11\xe0", "students.workbook"),
    (b"%PDF", "students.not_text"),
    (b"{\\rtf", "students.not_text"),
    (b"\x1f\x8b", "students.zip"),
    (b"7z\xbc\xaf", "students.zip"),
    (b"Rar!", "students.zip"),
    (b"\x89PNG", "students.not_text"),
    (b"\xff\xd8\xff", "students.not_text"),
)
_STEP: Final = 256 * 1024
_LOOK: Final = 4_000


def refuse_other_files(data: bytes) -> None:
    """Raise BadData when this is plainly no text: a workbook, an archive, a picture."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise unreadable_file("students.empty")
    if data.startswith(b"PK") and b"[Content_Types].xml" in data[:_LOOK]:
        raise unreadable_file("students.workbook")
    for start, code in _OTHER_FILES:
        if data.startswith(start):
            raise unreadable_file(code)
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise unreadable_file("students.not_text")


def guess_encoding(data: bytes) -> str:
    """Return a codec's name: by the mark at the start, by UTF-16's zeros, by whether it is UTF-8; else Windows-1252."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if (zeros := _utf_16_without_mark(data)) is not None:
        return zeros
    return "utf-8" if _is_utf_8(data) else "cp1252"


def codec_of(data: bytes, chosen: str | None) -> str:
    """Return the codec to read with: what a person chose, where it is one of the choices, else the guess."""
    if chosen not in CHOICES:
        return guess_encoding(data)
    if chosen == "utf-8":
        return "utf-8-sig"
    if chosen == "utf-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf_16_without_mark(data) or "utf-16-le"
    return chosen


def choice_of(codec: str) -> str:
    """Return which of the choices a codec is."""
    plain = codec.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    return plain if plain in CHOICES else "utf-8"


def _utf_16_without_mark(data: bytes) -> str | None:
    """Return UTF-16's order of bytes when headings, which are letters mostly, have a zero in every other byte."""
    look = data[:200]
    if len(look) < 4:
        return None
    even, odd = look[::2], look[1::2]
    if odd.count(0) * 2 > len(odd) and even.count(0) * 10 < len(even):
        return "utf-16-le"
    if even.count(0) * 2 > len(even) and odd.count(0) * 10 < len(odd):
        return "utf-16-be"
    return None


def _is_utf_8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _STEP):
            decoder.decode(data[start : start + _STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
