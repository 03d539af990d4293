"""Reads one row as a student: cleans each cell, and says column by column what can't be taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from gateway.services.native_import.columns import COLUMNS, StudentColumn
from gateway.services.native_import.faults import RowFault
from gateway.services.native_import.records import Record
from providers.kit.oneroster.csv.neutral import plain


class Student(NamedTuple):
    """One row that can be read. `row` is its number in the file; a cell that is blank is None."""

    row: int
    given_name: str
    family_name: str
    middle_name: str | None
    username: str
    grade: str | None
    number: str | None
    password: str | None
    class_names: str | None


class Reading(NamedTuple):
    """What became of a row: the student, or the faults; and the cells as they were understood, for the page."""

    row: int
    student: Student | None
    faults: tuple[RowFault, ...]
    values: dict[str, str]


JudgePassword = Callable[[str, str], str | None]  # password, username -> the fault's code, or None

_UNSEEN: Final = re.compile("[\ufeff\u200b\u200e\u200f\u2060\u202a-\u202e\u2066-\u2069\u00ad]")
_SPACES: Final = re.compile(r"\s+")
_SHORTENED: Final = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_GRADE: Final = re.compile(r"(?:grade\s*)?0*(1[0-3]|[1-9])(?:st|nd|rd|th|\.)?(?:\s*grade)?", re.IGNORECASE)
_LONGEST_SHOWN: Final = 60
_KINDERGARTEN: Final = frozenset({"k", "kg", "kindergarten"})


def read_student(
    record: Record, mapping: Mapping[str, int], width: int, judge_password: JudgePassword | None = None
) -> Reading:
    """Return what a row says. `width`: how many headings there are; `mapping`: where each column stands."""
    if record.code:
        return Reading(record.number, None, (RowFault(None, record.code),), {})
    faults: list[RowFault] = []
    if any(cell.strip() for cell in record.cells[width:]):
        faults.append(RowFault(None, "row.too_wide"))
    values = {column.name: _value(column, record.cells, mapping, faults) for column in COLUMNS}
    if not faults and judge_password and values["password"]:
        code = judge_password(values["password"], values["username"])
        faults += [RowFault("password", code)] if code else []
    shown = {name: value for name, value in values.items() if value and name != "password"}
    if faults:
        return Reading(record.number, None, tuple(faults), {name: _short(value) for name, value in shown.items()})
    return Reading(record.number, _student(record.number, values), (), shown)


def _short(value: str) -> str:
    """Return a text of a refused row as it is shown: it may be of any length."""
    return value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"


def clean(cell: str) -> str:
    """Return a cell's text: one line, single spaces, composed letters, no characters that nobody sees."""
    return _SPACES.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", plain(cell.strip())))).strip()


def is_readable(cell: str) -> bool:
    """Return whether every character is one that a text may have."""
    return not any(
        each == "\ufffd" or unicodedata.category(each) in ("Cc", "Cs") for each in cell if each not in "\r\n\t"
    )


def grade_of(text: str) -> str:
    """Return a grade as OneRoster writes it (`05`, `KG`), or the text itself where it says something else."""
    found = _GRADE.fullmatch(text)
    if found:
        return found[1].zfill(2)
    return "KG" if text.casefold() in _KINDERGARTEN else text


def _value(column: StudentColumn, cells: list[str], mapping: Mapping[str, int], faults: list[RowFault]) -> str:
    place = mapping.get(column.name, -1)
    cell = cells[place] if 0 <= place < len(cells) else ""
    readable = is_readable(cell)
    value = "" if not readable else cell.strip() if column.name == "password" else clean(cell)
    if code := _fault(column, value, is_readable=readable):
        faults.append(RowFault(column.name, code))
    return value


def _fault(column: StudentColumn, value: str, *, is_readable: bool) -> str | None:
    if not is_readable:
        return "row.unreadable"
    if not value:
        return "row.needed" if column.is_needed else None
    if len(value) > column.longest:
        return "row.text_too_long"
    if column.name == "studentNumber" and _SHORTENED.fullmatch(value):
        return "row.number_shortened"
    return _username_fault(value) if column.name == "username" else None


def _username_fault(value: str) -> str | None:
    if not value.isprintable() or any(map(str.isspace, value)):
        return "row.username_spaces"
    return "row.username_short" if len(value) < 2 else None


def _student(row: int, values: Mapping[str, str]) -> Student:
    return Student(
        row=row,
        given_name=values["givenName"],
        family_name=values["familyName"],
        middle_name=values["middleName"] or None,
        username=values["username"],
        grade=grade_of(values["grade"]) if values["grade"] else None,
        number=values["studentNumber"] or None,
        password=values["password"] or None,
        class_names=values["className"] or None,
    )
