"""Everything that can be wrong with a list of students: a stable code each, and a sentence that quotes no data."""

from __future__ import annotations

from typing import Final, NamedTuple

from providers.contract import BadData


class RowFault(NamedTuple):
    """What is wrong in one row: the column's name (None: the row as a whole) and the fault's code."""

    column: str | None
    code: str


# What a person reads beside the row. `{row}` is the number of another row.
ROW_SENTENCES: Final[dict[str, str]] = {
    "row.too_long": "This row is far too long. A quotation mark may be missing in it or above it.",
    "row.quotes": "A quotation mark in this row is opened and never closed.",
    "row.too_wide": "This row has more cells than there are headings. Text with a comma in it needs quotation marks.",
    "row.unreadable": "This holds characters that can't be read. Choose another text encoding, or save as “CSV UTF-8”.",
    "row.needed": "This is empty, and it is needed.",
    "row.text_too_long": "This text is too long.",
    "row.username_spaces": "A username has no spaces in it.",
    "row.username_short": "A username has at least two characters.",
    "row.username_taken": "This username is taken. Please choose another one.",
    "row.number_shortened": "Excel has shortened this number. Format the column as text, and type it again.",
    "row.password_short": "This password is too short.",
    "row.password_weak": "This password is too easy to guess.",
    "row.class_unknown": "You have no class with this name. Make it first, or mend the spelling.",
    "row.class_ambiguous": "There are several classes with this name. Rename one of them first.",
    "row.twice_different": "Row {row} has the same username with other data.",
    "row.twice_case": "Row {row} has the same username, written with other capital letters.",
    "row.number_twice": "Row {row} has the same student number.",
}  # fmt: skip

_WORKBOOK = "This is an Excel workbook. In Excel, choose File, Save As, “CSV UTF-8”, and upload that file."
_FILE_SENTENCES: Final[dict[str, str]] = {
    "students.empty": "This file is empty.",
    "students.workbook": _WORKBOOK,
    "students.zip": "This is a ZIP archive. Open it, and upload the CSV file that is in it.",
    "students.not_text": "This is not a CSV file. Save or download your list as CSV, and upload that.",
    "students.too_large": "This file is larger than 10 MB. Split the list into several files.",
    "students.too_many_rows": "This file has more than 100,000 rows. Split the list into several files.",
    "students.headings_too_wide": "The first row is too long to be headings. Is this a list of students?",
    "students.headings_missing": "The first row holds no headings. Each column needs a heading, such as “Given name”.",
    "students.no_rows": "There are headings, but no students below them.",
}  # fmt: skip


def unreadable_file(code: str) -> BadData:
    """Return the failure of a whole file, to be raised."""
    return BadData(code, _FILE_SENTENCES[code])


def sentence(code: str, row: int | None = None) -> str:
    """Return what a person reads about a row's fault; `row` is the other row that it speaks of."""
    return ROW_SENTENCES[code].format(row=row)
