"""Everything that can be wrong with a package: a stable code each, and one sentence that quotes nothing of the data."""

from __future__ import annotations

from typing import Final

from providers.contract import Fault

# The sentences stand in reports for the school's administrator and in docs/oneroster-csv-codes.md.
SENTENCES: Final[dict[str, str]] = {
    # The package
    "csv.name_unknown": "This is no file of OneRoster; it was left out.",
    "csv.name_case": "The file's name must be written exactly as in the specification.",
    "csv.in_folder": "The files must lie at the root of the package, not in a folder.",
    "csv.manifest_missing": "The package has no manifest.csv.",
    "csv.manifest_header": "The columns of manifest.csv must be propertyName,value.",
    "csv.manifest_row": "Each row of manifest.csv has two cells: a property and its value.",
    "csv.manifest_property_missing": "manifest.csv lacks a property that it must have.",
    "csv.manifest_property_twice": "manifest.csv gives this property twice.",
    "csv.manifest_property_unknown": "manifest.csv holds a property that this version doesn't know.",
    "csv.manifest_property_starred": "A footnote mark * stands behind this property's name; leave it out.",
    "csv.manifest_mode": "A file's property must be absent, bulk or delta.",
    "csv.manifest_version": "manifest.version must be 1.0.",
    "csv.oneroster_version": "oneroster.version must be 1.1 or 1.2.",
    "csv.file_missing": "manifest.csv announces this file, but it isn't there.",
    "csv.file_undeclared": "The file is there, but manifest.csv says that it is absent.",
    # The file
    "csv.utf16": "The file is UTF-16; it must be UTF-8.",
    "csv.cp1252": "Letters of this row are in an old Windows encoding; the file must be UTF-8.",
    "csv.utf8": "The row is not UTF-8, and no other encoding that we know.",
    "csv.header_missing": "The first row must name the columns, and it doesn't.",
    "csv.header_too_wide": "The first row is far too long to be that of a roster.",
    "csv.header_order": "The columns are not in the specification's order.",
    "csv.header_case": "The column's name must be written exactly as in the specification.",
    "csv.header_twice": "A column's name comes twice.",
    "csv.header_empty": "A column has no name.",
    "csv.column_missing": "A column of the specification is missing.",
    "csv.column_vital": "The file can't be read without this column.",
    "csv.column_unknown": "A column is neither of the specification nor named metadata.something.",
    "csv.metadata_name": "A metadata column must have a name behind the dot.",
    "csv.metadata_place": "metadata columns must stand behind all others.",
    "csv.no_rows": "The file has a first row, but no record.",
    "csv.cut_short": "The file ends in the middle of its last row: it may have been cut off.",
    # The row
    "csv.line_too_long": "The row is longer than 128 KiB.",
    "csv.nul": "The row holds a NUL character.",
    "csv.quote_unclosed": "A quotation mark in this row is opened and never closed.",
    "csv.quote_misplaced": "Something stands between a quotation mark and the comma beside it.",
    "csv.line_break": "A cell holds a line break.",
    "csv.bare_cr": "A carriage return without line feed stands in the row.",
    "csv.blank_line": "The row is empty.",
    "csv.row_short": "The row has fewer cells than the first row has columns.",
    "csv.row_long": "The row has more cells than the first row has columns.",
    # The cell
    "csv.required": "The value is required, and it is blank.",
    "csv.guid": "An id is 1 to 255 letters, digits and . - _ / @ without anything else.",
    "csv.id_unusable": "The id can't be used: it is too long, or it holds invisible characters or spaces at an end.",
    "csv.date": "The date must be of the form 2026-08-31, and one that the calendar has.",
    "csv.date_form": "The date has a time behind it; it must be of the form 2026-08-31.",
    "csv.date_time": "The moment must be of the form 2026-08-31T07:15:00.000Z.",
    "csv.year": "The year must have four digits.",
    "csv.boolean": "The value must be true or false.",
    "csv.boolean_form": "The value must be written true or false, in small letters.",
    "csv.integer": "The value must be a whole number.",
    "csv.float": "The value must be a number.",
    "csv.word": "The value is none of those that the specification lists, and no ext: word.",
    "csv.word_case": "The value must be written exactly as the specification lists it.",
    "csv.word_other": "The value is no word of this version; the nearest one was taken.",
    "csv.list": "A list holds an empty item.",
    "csv.user_ids": "Each item must be of the form {type:id}.",
    "csv.pairs": "Each item must be of the form {left:right}.",
    "csv.subject_codes": "subjects and subjectCodes must have the same number of items.",
    "csv.status": "The status must be active or tobedeleted.",
    "csv.status_inactive": "The status inactive is from OneRoster 1.0; it was read as tobedeleted.",
    "csv.bulk_status": "In a bulk file status and dateLastModified must stay blank.",
    "csv.delta_status": "In a delta file status and dateLastModified are required.",
    # Records among each other
    "csv.id_twice": "Another row of this file has the same sourcedId.",
    "csv.reference": "The value refers to a record that isn't there.",
    "csv.reference_school": "The value must refer to an org of type school.",
    "csv.reference_year": "The value must refer to an academic session of type schoolYear.",
    "csv.primary_role_twice": "The user has another primary role at this org.",
    "csv.primary_org_role": "The user has no role at the primary org.",
    "csv.profile_of_other": "The profile belongs to another user.",
    "csv.demographics_user": "The sourcedId must be that of a user.",
    "csv.values_swapped": "resultValueMin is larger than resultValueMax.",
    "csv.score_range": "The score lies outside resultValueMin and resultValueMax of its line item.",
    "csv.result_class": "The result names another class than its line item.",
    "csv.result_student": "The student is not enrolled in the class of the line item.",
    "csv.case_id": "A learning objective of CASE has an id of the form urn:uuid:… .",
}


def fault(file: str, row: int, column: str, code: str) -> Fault:
    """Return the fault of one cell of a file, given without .csv."""
    return Fault(f"{file}.csv", row, column, code, SENTENCES[code])
